"""Writes that are not copies: append, truncate, sparse, mmap, odd names, unlinked but open files.

oddities.py DIR: DIR is a new directory on the mount. Every result is compared with what the same
operations gave in memory, after the kernel's cache has been dropped.
"""

import mmap
import os
import sys
import time

root = os.path.join(os.fsencode(sys.argv[1]))
os.makedirs(root)
started = time.monotonic()


def done(what):
    global started
    now = time.monotonic()
    print("oddities: %6d ms  %s" % ((now - started) * 1000, what), flush=True)
    started = now


def path(name):
    return os.path.join(root, name if isinstance(name, bytes) else name.encode())


def forget_cache():
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w") as control:
        control.write("3")


def check(name, expected):
    forget_cache()
    with open(path(name), "rb") as file:
        real = file.read()
    assert len(real) == len(expected), (name, len(real), len(expected))
    if real != expected:
        first = next(i for i in range(len(real)) if real[i] != expected[i])
        raise AssertionError("%r differs from byte %d on" % (name, first))
    assert os.stat(path(name)).st_size == len(expected), name


def pattern(seed, length):
    return bytes((seed * 131 + i * 7 + (i >> 8)) & 255 for i in range(length))


# Append: one descriptor that stays open, and many that do not.
expected = b""
with open(path("append"), "ab") as file:
    for i in range(50):
        piece = pattern(i, 1 + i * 37 % 5000)
        file.write(piece)
        file.flush()
        expected += piece
for i in range(20):
    piece = pattern(i, 100)
    with open(path("append"), "ab") as file:
        file.write(piece)
    expected += piece
check("append", expected)
done("append, %d bytes in 70 pieces" % len(expected))

# Truncate: shorter, longer, to nothing, and what lay beyond does not come back.
content = pattern(1, 100_000)
with open(path("truncate"), "wb") as file:
    file.write(content)
os.truncate(path("truncate"), 50_001)
check("truncate", content[:50_001])
os.truncate(path("truncate"), 80_000)
check("truncate", content[:50_001] + bytes(29_999))
with open(path("truncate"), "r+b") as file:
    file.seek(70_000)
    file.write(b"there")
    file.truncate(70_003)
check("truncate", content[:50_001] + bytes(19_999) + b"the")
os.truncate(path("truncate"), 0)
check("truncate", b"")
os.truncate(path("truncate"), 10)
check("truncate", bytes(10))
done("truncate, both ways")

# Sparse: far apart, read back across holes.
with open(path("sparse"), "wb") as file:
    for at in (0, 5_000_000, 16_000_123):
        file.seek(at)
        file.write(pattern(at, 1000))
    file.truncate(20_000_000)
expected = bytearray(20_000_000)
for at in (0, 5_000_000, 16_000_123):
    expected[at : at + 1000] = pattern(at, 1000)
check("sparse", bytes(expected))
blocks = os.stat(path("sparse")).st_blocks * 512
assert blocks < 8_000_000, "a sparse file takes %d bytes" % blocks
done("sparse file: 20,000,000 bytes that take %d" % blocks)

# mmap: shared writing through two mappings, and reading through one.
content = bytearray(pattern(5, 300_000))
with open(path("mapped"), "wb") as file:
    file.write(content)
with open(path("mapped"), "r+b") as file:
    with mmap.mmap(file.fileno(), 0) as one, mmap.mmap(file.fileno(), 0) as two:
        for at in (0, 4095, 4096, 123_456, 299_990):
            one[at : at + 10] = b"0123456789"
            content[at : at + 10] = b"0123456789"
        two[200_000:200_100] = bytes(100)
        content[200_000:200_100] = bytes(100)
        one.flush()
check("mapped", bytes(content))
with open(path("mapped"), "rb") as file:
    with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as view:
        assert view[:] == bytes(content)
done("mmap writes and reads")

# Names.
names = [
    b"n" * 255,
    ("ä" * 127).encode() + b"x",
    "日本語のファイル名".encode(),
    "Grüße, Ελλάδα, Привет, 🌊".encode(),
    b" leading and trailing ",
    b"new\nline",
    b"percent%20plus+amp&equals=question?hash#",
    b"back\\slash'quote\"double",
    b"-rf",
    b"~tilde",
    b"e\xcc\x81 and \xc3\xa9 are two names",
    "é and e\u0301 are two names".encode(),
]
os.mkdir(path("names"))
for name in names:
    with open(path(b"names/" + name), "wb") as file:
        file.write(b"content of " + name)
forget_cache()
assert sorted(os.listdir(path("names"))) == sorted(set(names)), "names came back otherwise"
for name in names:
    check(b"names/" + name, b"content of " + name)
for bad, wanted in ((b"n" * 256, "ENAMETOOLONG"),):
    try:
        open(path(b"names/" + bad), "wb").close()
        raise AssertionError("a name of %d bytes was taken" % len(bad))
    except OSError as refusal:
        assert refusal.errno == getattr(__import__("errno"), wanted), refusal
deep = b"names/" + b"/".join([b"d%02d" % i for i in range(30)])
os.makedirs(path(deep))
with open(path(deep + b"/leaf"), "wb") as file:
    file.write(b"deep down")
check(deep + b"/leaf", b"deep down")
done("%d odd names, the longest of 255 bytes" % len(names))

# Unlinked but open: readable and writable until closed.
file = open(path("unlinked"), "w+b")
file.write(pattern(9, 10_000))
file.flush()
os.unlink(path("unlinked"))
file.write(b"more")
file.flush()
file.seek(0)
assert file.read() == pattern(9, 10_000) + b"more"
file.close()
assert not [n for n in os.listdir(root) if b"nfs" in n], "silly names are left"
done("unlinked but open")

# Replaced by rename while open: who has the old one open keeps reading it.
with open(path("old"), "wb") as file:
    file.write(b"old content")
with open(path("new"), "wb") as file:
    file.write(b"new content")
reader = open(path("old"), "rb", buffering=0)
assert reader.read(3) == b"old"
os.rename(path("new"), path("old"))
assert reader.read() == b" content"
reader.close()
check("old", b"new content")
done("replaced by rename while open")

# Exclusive creation: once.
descriptor = os.open(path("exclusive"), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640)
os.write(descriptor, b"mine")
os.close(descriptor)
try:
    os.open(path("exclusive"), os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    raise AssertionError("created twice")
except FileExistsError:
    pass
check("exclusive", b"mine")
assert os.stat(path("exclusive")).st_mode & 0o7777 == 0o640
done("exclusive creation")
