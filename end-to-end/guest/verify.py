"""Checks files against a list of what they have to be.

verify.py DIR LIST: LIST has lines of NAME SHA256.
"""

import hashlib
import os
import sys
import time

directory, listing = sys.argv[1], sys.argv[2]
started = time.monotonic()
count = 0
for line in open(listing):
    name, wanted = line.rstrip("\n").rsplit(" ", 1)
    sha = hashlib.sha256()
    with open(os.path.join(directory, name), "rb", buffering=0) as file:
        while piece := file.read(1 << 20):
            sha.update(piece)
    assert sha.hexdigest() == wanted, "%s has other content" % name
    count += 1
print("verify: %6d ms  %d files as they have to be" % ((time.monotonic() - started) * 1000, count))
