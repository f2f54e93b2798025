"""Writes files until told to stop, and notes outside what was acknowledged.

acknowledged.py DIR: each file is written and fsynced, some are renamed; after that its name and
SHA-256 go to /share/acknowledged. Ends when /share/stop exists.
"""

import hashlib
import os
import random
import sys


def rename(old, new):
    """A server that is killed after a rename and before its answer is asked again after its
    restart: the client cannot know, and no server
    remembers replies across that. The file has its new name then."""
    try:
        os.rename(old, new)
    except FileNotFoundError:
        if not os.path.exists(new):
            raise


directory = sys.argv[1]
os.makedirs(directory, exist_ok=True)
rng = random.Random(4711)
with open("/share/acknowledged", "w", buffering=1) as notes:
    number = 0
    while not os.path.exists("/share/stop"):
        content = rng.randbytes(rng.choice((0, 10, 4000, 70_000, 1_500_000)))
        name = "f%06d" % number
        file = os.open(os.path.join(directory, name), os.O_CREAT | os.O_WRONLY, 0o644)
        at = 0
        while at < len(content):
            at += os.write(file, content[at : at + 200_000])
        os.fsync(file)
        os.close(file)
        if number % 3 == 0:
            rename(os.path.join(directory, name), os.path.join(directory, name + "r"))
            name += "r"
        notes.write("%s %s\n" % (name, hashlib.sha256(content).hexdigest()))
        number += 1
print("acknowledged: %d files" % number)
