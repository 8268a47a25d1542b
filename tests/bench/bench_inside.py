"""Runs inside the measured installation: times its parts and prints them as JSON, seconds by name.

`bench_inside.py PART VAULT TIMES`. It imports nothing of the bench, so that the imports it times are cold.
"""

import json
import os
import resource
import shutil
import sys
from time import perf_counter


def words(vault, query):
    """What a search by words spends its time on, each for the first time in this process."""
    marks = [perf_counter()]
    import atocore.cli.finding  # noqa: F401
    from atocore.app import Vault

    marks.append(perf_counter())
    opened = Vault.open(vault)
    marks.append(perf_counter())
    opened.catch_up()
    marks.append(perf_counter())
    opened.catch_up(drafts=True)
    marks.append(perf_counter())
    opened.search(query, words=True)
    marks.append(perf_counter())
    opened.search(query, words=True)
    marks.append(perf_counter())
    names = ("imports", "open", "committed", "saved", "search with a second catch-up", "again")
    return {name: [after - before] for name, before, after in zip(names, marks, marks[1:], strict=False)}


def parse(vault, times):
    """Reading and understanding every page, beside reading it."""
    from atocore.records.codec import read

    places, found = pages(vault), {}

    def understand():
        for place, data in zip(places, read_all(places), strict=True):
            read(place[len(vault) + 1 :], data, max_bytes=len(data))

    for _ in range(times):
        spend(found, "floor", lambda: read_all(places))
        spend(found, "ours", understand)
    return found


def unchanged(vault, times):
    """Catching up where nothing changed, drafts and captures too, beside a stat of every file."""
    from atocore.app import Vault

    found = {}
    for _ in range(times + 1):
        spend(found, "floor", lambda: stat_all(vault))
        with Vault.open(vault) as opened:
            spend(found, "ours", lambda: opened.catch_up(drafts=True))
        with Vault.open(vault) as opened:
            spend(found, "committed", lambda: opened.catch_up())
    return {name: taken[1:] for name, taken in found.items()}


def build(vault, times):
    """Catalog and text index from nothing, beside reading every page."""
    from atocore.app import Vault

    found = {}
    for _ in range(times):
        spend(found, "floor", lambda: read_all(pages(vault)))
        shutil.rmtree(os.path.join(vault, ".atocore"), ignore_errors=True)  # noqa: PTH118
        with Vault.open(vault) as opened:

            def both():
                spend(found, "catalog", opened.catch_up)
                opened.engine.sync_text()

            spend(found, "ours", both)
    return found


def vectors(vault, _times):
    """Put a random unit vector in the place of each passage's embedding."""
    import numpy as np

    from atocore.app import Vault

    with Vault.open(vault) as opened:
        engine = opened.engine
        opened.catch_up(drafts=True)
        model = engine.embedder()
        chance = np.random.default_rng(1)

        class Random:
            fingerprint, dimensions = model.fingerprint, model.dimensions

            def embed(self, texts):
                rows = chance.standard_normal((len(texts), self.dimensions), dtype=np.float32)
                return rows / np.linalg.norm(rows, axis=1, keepdims=True)

        engine._embedder = Random()
        start = perf_counter()
        engine.sync_text()
        middle = perf_counter()
        engine.sync_vectors()
        return {"text": [middle - start], "vectors": [perf_counter() - middle]}


def spend(found, name, work):
    """Do the work, and note what it took by the clock and of the processor."""
    before, start = processor(), perf_counter()
    work()
    found.setdefault(name, []).append(perf_counter() - start)
    found.setdefault(f"{name} processor", []).append(processor() - before)


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


def stat_all(vault):
    """A stat of every file."""
    return sum(1 for _ in entries(vault))


def read_all(places):
    """The bytes of every file."""
    data = []
    for place in places:
        with open(place, "rb") as file:  # noqa: PTH123
            data.append(file.read())
    return data


def main(part, vault, given):
    """Measure one part and print it."""
    parts = {"words": words, "parse": parse, "unchanged": unchanged, "build": build, "vectors": vectors}
    print(json.dumps(parts[part](vault, given if part == "words" else int(given))))


if __name__ == "__main__":
    main(*sys.argv[1:])
