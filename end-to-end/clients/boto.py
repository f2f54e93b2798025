"""What boto3 puts and reads.

boto.py BUCKET DIR LIST: uploads from DIR, appends lines of KEY SHA256 to LIST. The environment has
the credentials and ENDPOINT.
"""

import hashlib
import io
import os
import sys
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

bucket, directory, listing = sys.argv[1:]
s3 = boto3.client(
    "s3",
    endpoint_url=os.environ["ENDPOINT"],
    region_name="us-east-1",
    config=Config(s3={"addressing_style": "path"}, signature_version="s3v4"),
)
put = {}


def content(seed, length):
    return hashlib.shake_128(b"%d" % seed).digest(length)


# Small.
for number, length in enumerate((0, 1, 1000, 65_537)):
    body = content(number, length)
    answer = s3.put_object(
        Bucket=bucket, Key="boto/small-%d" % length, Body=body, ContentType="text/x-odd"
    )
    assert answer["ETag"].strip('"') == hashlib.md5(body).hexdigest()
    put["boto/small-%d" % length] = body

# In parts.
body = content(10, 23_456_789)
s3.upload_fileobj(
    io.BytesIO(body),
    bucket,
    "boto/in parts",
    Config=TransferConfig(multipart_threshold=1 << 20, multipart_chunksize=5 << 20),
)
put["boto/in parts"] = body
assert s3.head_object(Bucket=bucket, Key="boto/in parts")["ETag"].strip('"').endswith("-5")

# Presigned: whoever has the address may, until it expires; what was changed in it may not.
address = s3.generate_presigned_url(
    "put_object", Params={"Bucket": bucket, "Key": "boto/presigned ü"}, ExpiresIn=300
)
body = content(11, 100_000)
with urllib.request.urlopen(
    urllib.request.Request(address, data=body, method="PUT", headers={"Content-Type": ""})
) as answer:
    assert answer.status == 200
put["boto/presigned ü"] = body
address = s3.generate_presigned_url(
    "get_object", Params={"Bucket": bucket, "Key": "boto/presigned ü"}, ExpiresIn=300
)
with urllib.request.urlopen(address) as answer:
    assert answer.read() == body
try:
    urllib.request.urlopen(address.replace("presigned", "another"))
    raise AssertionError("a changed address was taken")
except urllib.error.HTTPError as refusal:
    assert refusal.code == 403, refusal.code

# Read back, whole and in ranges, with metadata and conditions.
for key, body in put.items():
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == body, key
big = put["boto/in parts"]
for first, last in ((0, 0), (5, 5 << 20), (20_000_000, 23_456_788)):
    part = s3.get_object(Bucket=bucket, Key="boto/in parts", Range="bytes=%d-%d" % (first, last))
    assert part["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert part["Body"].read() == big[first : last + 1]
head = s3.head_object(Bucket=bucket, Key="boto/small-1000")
assert head["ContentType"] == "text/x-odd", head["ContentType"]
try:
    s3.get_object(Bucket=bucket, Key="boto/small-1000", IfNoneMatch=head["ETag"])
    raise AssertionError("If-None-Match")
except ClientError as refusal:
    assert refusal.response["ResponseMetadata"]["HTTPStatusCode"] == 304

# A copy.
source = {"Bucket": bucket, "Key": "boto/in parts"}
s3.copy_object(Bucket=bucket, Key="boto/copy", CopySource=source)
put["boto/copy"] = big

# Listing, pages of 2.
keys = []
for page in s3.get_paginator("list_objects_v2").paginate(
    Bucket=bucket, Prefix="boto/", PaginationConfig={"PageSize": 2}
):
    keys += [each["Key"] for each in page.get("Contents", [])]
assert keys == sorted(put, key=lambda k: k.encode()), keys

# Removal.
s3.put_object(Bucket=bucket, Key="boto/gone/1", Body=b"x")
s3.put_object(Bucket=bucket, Key="boto/gone/2", Body=b"x")
answer = s3.delete_objects(
    Bucket=bucket,
    Delete={"Objects": [{"Key": "boto/gone/1"}, {"Key": "boto/gone/2"}, {"Key": "boto/none"}]},
)
assert len(answer["Deleted"]) == 3 and not answer.get("Errors"), answer

with open(listing, "a") as out:
    for key, body in put.items():
        out.write("%s %s\n" % (key, hashlib.sha256(body).hexdigest()))
print("boto3: %d objects put and read back" % len(put))
