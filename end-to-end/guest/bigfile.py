"""A big file: written in sequence, overwritten at random, read back at random and whole.

bigfile.py FILE BYTES OVERWRITES SEED: prints the SHA-256 that the file has to have. The model is
the seed: every 1 MiB of the file is remembered as the list of what was written into it.
"""

import hashlib
import os
import random
import sys
import time

name, size, overwrites, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
MIB = 1 << 20
base = random.Random(seed).randbytes(2 * MIB)
started = time.monotonic()


def done(what, amount=0):
    global started
    seconds = time.monotonic() - started
    rate = "  (%.0f MiB/s)" % (amount / MIB / seconds) if amount else ""
    print("bigfile: %6d ms  %s%s" % (seconds * 1000, what, rate), flush=True)
    started = time.monotonic()


def original(index):
    """The first content of MiB number index: each one differs from all others."""
    shift = (index * 7919) % MIB
    return index.to_bytes(8, "big") + base[shift : shift + MIB - 8]


patches = {}
chunks = size // MIB
with open(name, "wb", buffering=0) as file:
    for index in range(chunks):
        file.write(original(index))
    os.fsync(file.fileno())
done("wrote %d MiB in sequence" % chunks, size)

rng = random.Random(seed + 1)
written = 0
with open(name, "r+b", buffering=0) as file:
    for number in range(overwrites):
        index = rng.randrange(chunks)
        at = rng.randrange(MIB)
        length = min(rng.choice((1, 100, 4096, 8192, 65536, 300_000)), MIB - at)
        start = rng.randrange(MIB)
        os.pwrite(file.fileno(), base[start : start + length], index * MIB + at)
        patches.setdefault(index, []).append((at, start, length))
        written += length
        if number % 500 == 499:
            os.fsync(file.fileno())
    os.fsync(file.fileno())
done("%d random overwrites, %d MiB" % (overwrites, written // MIB))


def expected(index):
    content = bytearray(original(index))
    for at, start, length in patches.get(index, ()):
        content[at : at + length] = base[start : start + length]
    return bytes(content)


with open("/proc/sys/vm/drop_caches", "w") as control:
    control.write("3")
with open(name, "rb", buffering=0) as file:
    for number in range(300):
        index = rng.randrange(chunks)
        at = rng.randrange(MIB)
        length = rng.randrange(1, MIB - at + 1)
        got = os.pread(file.fileno(), length, index * MIB + at)
        assert got == expected(index)[at : at + length], "MiB %d from %d on" % (index, at)
done("300 random reads")
with open("/proc/sys/vm/drop_caches", "w") as control:
    control.write("3")
sha = hashlib.sha256()
with open(name, "rb", buffering=0) as file:
    for index in range(chunks):
        got = b""
        while len(got) < MIB:
            piece = file.read(MIB - len(got))
            assert piece, "the file ends early"
            got += piece
        assert got == expected(index), "MiB number %d" % index
        sha.update(got)
    assert not file.read(1)
done("read it all in sequence", size)
print("sha256 " + sha.hexdigest())
