package io.forebay.s3.xml;

import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectListing;
import io.forebay.engine.ObjectListing.CommonPrefix;
import io.forebay.engine.ObjectListing.Item;
import io.forebay.engine.ObjectListing.Listed;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ChecksumType;
import io.forebay.s3.op.ContinuationToken;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.S3Request.ListObjects;
import io.forebay.s3.op.S3Request.ListObjectsV2;
import io.forebay.s3.op.S3Request.Listing;
import io.forebay.s3.op.Timestamps;

/** Answers to ListObjects and ListObjectsV2. */
public final class ListingDocuments {
  private final Listing request;
  private final KeyEncoding encoding;
  private final XmlWriter xml = XmlWriter.answer("ListBucketResult");

  private ListingDocuments(Listing request) {
    this.request = request;
    this.encoding = KeyEncoding.of(request.urlEncoding());
  }

  /** ListObjects, the first version. */
  public static byte[] first(ListObjects request, ObjectListing page) {
    return new ListingDocuments(request.listing()).writeFirst(request, page);
  }

  /** ListObjectsV2. */
  public static byte[] second(ListObjectsV2 request, ObjectListing page) {
    return new ListingDocuments(request.listing()).writeSecond(request, page);
  }

  private byte[] writeFirst(ListObjects listing, ObjectListing page) {
    writeStart();
    xml.element("Marker", encoding.encode(listing.marker()));
    writeBounds(page);
    // S3 leaves it out without a delimiter; clients then go on after the last key.
    if (page.truncated() && !page.items().isEmpty() && !request.delimiter().isEmpty()) {
      xml.element("NextMarker", encoding.encode(page.items().getLast().key()));
    }
    writeItems(page, true);
    return xml.finish();
  }

  private byte[] writeSecond(ListObjectsV2 listing, ObjectListing page) {
    writeStart();
    listing.token().ifPresent(token -> xml.element("ContinuationToken", token));
    if (!listing.startAfter().isEmpty()) {
      xml.element("StartAfter", encoding.encode(listing.startAfter()));
    }
    writeBounds(page);
    xml.element("KeyCount", page.items().size());
    if (page.truncated() && !page.items().isEmpty()) {
      xml.element("NextContinuationToken", ContinuationToken.after(page.items().getLast().key()));
    }
    writeItems(page, listing.fetchOwner());
    return xml.finish();
  }

  private void writeStart() {
    xml.element("Name", request.bucket().value());
    xml.element("Prefix", encoding.encode(request.prefix()));
  }

  private void writeBounds(ObjectListing page) {
    xml.element("MaxKeys", request.maxKeys());
    if (!request.delimiter().isEmpty()) {
      xml.element("Delimiter", encoding.encode(request.delimiter()));
    }
    if (request.urlEncoding()) {
      xml.element("EncodingType", "url");
    }
    xml.element("IsTruncated", page.truncated());
  }

  private void writeItems(ObjectListing page, boolean owner) {
    for (Item item : page.items()) {
      switch (item) {
        case Listed(ObjectInfo info) -> writeObject(info, owner);
        case CommonPrefix(String prefix) ->
            xml.open("CommonPrefixes").element("Prefix", encoding.encode(prefix)).close();
      }
    }
  }

  private void writeObject(ObjectInfo info, boolean owner) {
    xml.open("Contents")
        .element("Key", encoding.encode(info.key().value()))
        .element("LastModified", Timestamps.iso(info.lastModifiedNanos()))
        .element("ETag", EntityTags.quoted(info.etag()));
    ChecksumAlgorithm.among(info.properties().checksums())
        .forEach((algorithm, value) ->
            xml.element("ChecksumAlgorithm", algorithm.name())
                .element("ChecksumType", ChecksumType.of(value).name()));
    xml.element("Size", info.size());
    if (owner) {
      Owner.of(info.owner()).write(xml, "Owner");
    }
    xml.element("StorageClass", "STANDARD").close();
  }
}
