"""Lists a tree with what it contains, a line for each entry.

manifest.py DIR OUT: TYPE SIZE MTIME_NS SHA256 HEX_OF_RELATIVE_PATH. Reads past the kernel's cache.
"""

import hashlib
import os
import stat
import sys
import time

root = os.fsencode(sys.argv[1])
with open("/proc/sys/vm/drop_caches", "w") as control:
    os.sync()
    control.write("3")
started = time.monotonic()
count = size = 0


def digest(file):
    sha = hashlib.sha256()
    with open(file, "rb", buffering=0) as content:
        while True:
            piece = content.read(1 << 20)
            if not piece:
                return sha.hexdigest()
            sha.update(piece)


with open(sys.argv[2] + ".new", "w") as out:
    stack = [b""]
    while stack:
        directory = stack.pop()
        for entry in sorted(os.scandir(os.path.join(root, directory)), key=lambda e: e.name):
            name = os.path.join(directory, entry.name)
            info = os.lstat(entry.path)
            kind, sha = "o", "-"
            if stat.S_ISDIR(info.st_mode):
                kind = "d"
                stack.append(name)
            elif stat.S_ISLNK(info.st_mode):
                kind, sha = "l", hashlib.sha256(os.readlink(entry.path)).hexdigest()
            elif stat.S_ISREG(info.st_mode):
                kind, sha = "f", digest(entry.path)
                count += 1
                size += info.st_size
            out.write(
                "%s %d %d %s %s\n" % (kind, info.st_size, info.st_mtime_ns, sha, name.hex())
            )
os.rename(sys.argv[2] + ".new", sys.argv[2])
print(
    "manifest: %6d ms  %d files, %d bytes read"
    % ((time.monotonic() - started) * 1000, count, size),
    flush=True,
)
