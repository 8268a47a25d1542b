"""What the scripts that run inside the measured installation share: each times its parts, and prints them.

`bench_inside_<script>.py PART VAULT` takes JSON from its input, and prints JSON: lists of numbers by name.
None imports the bench's own modules but this one, so that the imports they time are cold.
"""

import json
import os
import resource
import sys
from time import perf_counter


def spend(found, name, work):
    """Do the work, and note what it took by the clock and of the processor."""
    before, start = processor(), perf_counter()
    result = work()
    found.setdefault(name, []).append(perf_counter() - start)
    found.setdefault(f"{name} processor", []).append(processor() - before)
    return result


def processor():
    """The processor time of this process and of those it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def pages(vault):
    """Every Markdown file, hidden folders left out."""
    return [place for place, _ in entries(vault) if place.endswith(".md")]


def entries(folder):
    """Path and stat of every file below."""
    with os.scandir(folder) as found:
        for entry in found:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from entries(entry.path)
            else:
                yield entry.path, entry.stat(follow_symlinks=False)


def read_one(place):
    """The bytes of a file."""
    with open(place, "rb") as file:  # noqa: PTH123
        return file.read()


def read_all(places):
    """The bytes of every file."""
    return [read_one(place) for place in places]


def main(*parts):
    """Measure the part that the command line names, and print it."""
    part, vault = sys.argv[1:]
    known = {one.__name__: one for one in parts}
    print(json.dumps(known[part](vault, **json.load(sys.stdin))))
