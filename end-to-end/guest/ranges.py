"""NFSv4.2 from a kernel client: holes, preallocation, copies by reference, extended attributes."""

import ctypes
import fcntl
import os
import sys

FICLONE = 0x40049409
KEEP_SIZE, PUNCH_HOLE = 1, 2
MIB = 1 << 20

libc = ctypes.CDLL(None, use_errno=True)


def fallocate(fd, mode, offset, length):
    result = libc.fallocate(fd, mode, ctypes.c_long(offset), ctypes.c_long(length))
    if result != 0:
        raise OSError(ctypes.get_errno(), "fallocate")


def check(what, condition):
    if not condition:
        sys.exit("ranges: " + what)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def main(directory):
    os.makedirs(directory, exist_ok=True)
    one = os.path.join(directory, "one")
    data = os.urandom(4 * MIB)
    fd = os.open(one, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
    os.write(fd, data)
    os.fsync(fd)
    fallocate(fd, KEEP_SIZE | PUNCH_HOLE, MIB + 100, MIB)
    expected = data[: MIB + 100] + bytes(MIB) + data[2 * MIB + 100 :]
    check("a punched hole reads as zeroes", content(one) == expected)
    check("SEEK_HOLE", os.lseek(fd, 0, os.SEEK_HOLE) == MIB + 100)
    check("SEEK_DATA", os.lseek(fd, MIB + 100, os.SEEK_DATA) == 2 * MIB + 100)
    check("SEEK_HOLE at the end", os.lseek(fd, 3 * MIB, os.SEEK_HOLE) == 4 * MIB)
    fallocate(fd, 0, 5 * MIB, MIB)
    check("fallocate extends", os.fstat(fd).st_size == 6 * MIB)
    expected += bytes(2 * MIB)

    two = os.path.join(directory, "two")
    clone = os.open(two, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
    fcntl.ioctl(clone, FICLONE, fd)
    os.close(clone)
    check("a clone has the bytes", content(two) == expected)

    three = os.path.join(directory, "three")
    copy = os.open(three, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
    done = 0
    while done < 3 * MIB:
        done += os.copy_file_range(fd, copy, 3 * MIB - done, done + 7, done)
    os.close(copy)
    os.close(fd)
    check("a copied range has the bytes", content(three) == expected[7 : 3 * MIB + 7])
    with open(one, "r+b") as file:
        file.write(b"x")
    check("a change of the source leaves the clone", content(two) == expected)

    os.setxattr(one, "user.small", b"value")
    os.setxattr(one, "user.large", data[:65536])
    check("a value is read", os.getxattr(one, "user.small") == b"value")
    check("64 KiB are read", os.getxattr(one, "user.large") == data[:65536])
    names = [name for name in os.listxattr(one) if name.startswith("user.")]
    check("names are listed", sorted(names) == ["user.large", "user.small"])
    try:
        os.setxattr(one, "user.small", b"other", os.XATTR_CREATE)
        check("XATTR_CREATE finds the attribute", False)
    except FileExistsError:
        pass
    os.removexattr(one, "user.large")
    try:
        os.getxattr(one, "user.large")
        check("a removed attribute is gone", False)
    except OSError:
        pass
    os.setxattr(directory, "user.of", b"directory")
    check("directories too", os.getxattr(directory, "user.of") == b"directory")
    print("ranges: holes, clones, copies and extended attributes work")


main(sys.argv[1])
