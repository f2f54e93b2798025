"""One of two clients that lock the same files; they take turns by files in /share/turns.

locks.py DIR a|b
"""

import errno
import fcntl
import os
import struct
import sys
import time

directory, me = sys.argv[1], sys.argv[2]
other = "b" if me == "a" else "a"


def tell(step):
    with open("/share/turns/%s-%s" % (me, step), "w") as file:
        file.write("now")


def wait(step):
    deadline = time.monotonic() + 120
    while not os.path.exists("/share/turns/%s-%s" % (other, step)):
        assert time.monotonic() < deadline, "the other client never came to " + step
        time.sleep(0.02)


def posix(file, kind, start, length, wait_for_it=False):
    """Takes, or tests whether it would get, a byte-range lock."""
    at_once = 0 if wait_for_it or kind == fcntl.LOCK_UN else fcntl.LOCK_NB
    fcntl.lockf(file, kind | at_once, length, start)


def refused(action):
    try:
        action()
    except OSError as refusal:
        assert refusal.errno in (errno.EAGAIN, errno.EACCES), refusal
        return True
    return False


def who_blocks(file, kind, start, length):
    """F_GETLK: the type and range of a lock in the way, or None."""
    asked = struct.pack("hhqqi4x", kind, os.SEEK_SET, start, length, 0)
    got = struct.unpack("hhqqi4x", fcntl.fcntl(file, fcntl.F_GETLK, asked))
    return None if got[0] == fcntl.F_UNLCK else (got[0], got[2], got[3])


name = os.path.join(directory, "locked")
if me == "a":
    os.makedirs(directory, exist_ok=True)
    with open(name, "wb") as fresh:
        fresh.write(bytes(1000))
    tell("created")
else:
    wait("created")
file = open(name, "r+b", buffering=0)

if me == "a":
    posix(file, fcntl.LOCK_EX, 100, 100)
    posix(file, fcntl.LOCK_SH, 300, 100)
    tell("locked")
    wait("tried")
    # Give up the middle of the first: the other gets just that.
    posix(file, fcntl.LOCK_UN, 140, 20)
    tell("split")
    wait("got-middle")
    assert refused(lambda: posix(file, fcntl.LOCK_EX, 100, 100)), "took the other's range"
    posix(file, fcntl.LOCK_UN, 0, 0)
    tell("unlocked")
    wait("whole")
    # A lock that waits is granted when the other lets go.
    tell("waiting")
    started = time.monotonic()
    posix(file, fcntl.LOCK_EX, 0, 0, wait_for_it=True)
    print("locks: a waited %d ms for b" % ((time.monotonic() - started) * 1000))
    assert os.pread(file.fileno(), 5, 0) == b"b was", "a lock brings what was written under it"
    os.pwrite(file.fileno(), b"a too", 10)
    posix(file, fcntl.LOCK_UN, 0, 0)
    tell("passed")
    # The server sees flock as a lock of the whole file: not before the other is done with its own.
    wait("seen")
else:
    wait("locked")
    assert refused(lambda: posix(file, fcntl.LOCK_EX, 150, 10)), "locked what is locked"
    assert refused(lambda: posix(file, fcntl.LOCK_SH, 199, 1)), "read-locked what is locked"
    assert refused(lambda: posix(file, fcntl.LOCK_EX, 350, 10)), "locked what is read-locked"
    posix(file, fcntl.LOCK_SH, 350, 10)
    posix(file, fcntl.LOCK_EX, 200, 100)
    assert who_blocks(file, fcntl.F_WRLCK, 0, 150) == (fcntl.F_WRLCK, 100, 100)
    assert who_blocks(file, fcntl.F_WRLCK, 0, 100) is None
    tell("tried")
    wait("split")
    posix(file, fcntl.LOCK_EX, 140, 20)
    assert refused(lambda: posix(file, fcntl.LOCK_EX, 139, 1)), "locked the left end"
    assert refused(lambda: posix(file, fcntl.LOCK_EX, 160, 1)), "locked the right end"
    tell("got-middle")
    wait("unlocked")
    posix(file, fcntl.LOCK_EX, 0, 0)
    tell("whole")
    wait("waiting")
    time.sleep(1)
    os.pwrite(file.fileno(), b"b was", 0)
    posix(file, fcntl.LOCK_UN, 0, 0)
    wait("passed")
    posix(file, fcntl.LOCK_SH, 0, 0)
    assert os.pread(file.fileno(), 5, 10) == b"a too", "a lock brings what was written under it"
    posix(file, fcntl.LOCK_UN, 0, 0)
    tell("seen")

# flock, between the machines.
if me == "a":
    fcntl.flock(file, fcntl.LOCK_EX)
    tell("flocked")
    wait("flock-tried")
    fcntl.flock(file, fcntl.LOCK_SH)
    tell("flock-shared")
    wait("flock-both")
    assert refused(lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)), "upgrade"
    tell("done")
    wait("done")
else:
    wait("flocked")
    assert refused(lambda: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)), "flock twice"
    tell("flock-tried")
    wait("flock-shared")
    fcntl.flock(file, fcntl.LOCK_SH)
    tell("flock-both")
    wait("done")
    tell("done")
file.close()

# Both add to one number under a lock: no addition is lost.
counter = os.path.join(directory, "counter")
rounds = 50
for i in range(rounds):
    with open(counter, "a+b", buffering=0) as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        value = int(os.pread(file.fileno(), 20, 0) or b"0")
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), b"%d" % (value + 1))
        fcntl.lockf(file, fcntl.LOCK_UN)
tell("counted")
wait("counted")
with open(counter, "rb") as file:
    total = int(file.read())
assert total == 2 * rounds, total
print("locks: %s: fcntl and flock as they should be; %d additions by two" % (me, total))
