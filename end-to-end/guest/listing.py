"""Lists a big directory twice while it changes: what was there all the time is seen exactly once.

listing.py DIR COUNT: DIR holds e00000 ... already, COUNT of them.
"""

import os
import sys
import threading
import time

directory, count = sys.argv[1], int(sys.argv[2])
stable = {"e%06d" % i for i in range(count)}
stop = threading.Event()
changes = 0


def disturb():
    """Makes, renames and removes entries of its own until told to stop."""
    global changes
    number = 0
    while not stop.is_set():
        first = os.path.join(directory, "x%06d" % number)
        second = os.path.join(directory, "y%06d" % number)
        os.symlink("anywhere", first)
        os.rename(first, second)
        if number >= 20:
            os.unlink(os.path.join(directory, "y%06d" % (number - 20)))
        number += 1
        changes += 3


thread = threading.Thread(target=disturb)
thread.start()
try:
    for turn in (1, 2):
        with open("/proc/sys/vm/drop_caches", "w") as control:
            control.write("3")
        started = time.monotonic()
        before = changes
        names = []
        with os.scandir(directory) as entries:
            for entry in entries:
                names.append(entry.name)
        seconds = time.monotonic() - started
        seen = [name for name in names if name[0] == "e"]
        assert len(seen) == len(set(seen)), "entries were listed twice"
        missing = stable - set(seen)
        assert not missing, "%d entries were not listed, such as %s" % (
            len(missing),
            sorted(missing)[:3],
        )
        assert len(seen) == count, "entries that never were"
        print(
            "listing: turn %d: %d entries in %.1f s while %d changes were made"
            % (turn, len(names), seconds, changes - before),
            flush=True,
        )
finally:
    stop.set()
    thread.join()
