"""Parts that need no vectors: see `bench_inside.py`."""

from time import perf_counter

from bench_inside import entries, main, pages, read_all, spend


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

    places, found = pages(vault)[:20_000], {}

    def understand():
        for place, data in zip(places, read_all(places), strict=True):
            read(place[len(vault) + 1 :], data, max_bytes=len(data))

    for _ in range(times):
        spend(found, "floor", lambda: read_all(places))
        spend(found, "ours", understand)
    return found | {"files": [len(places)]}


def unchanged(vault, times):
    """Catching up where nothing changed, drafts and captures too, beside a stat of every file."""
    from atocore.app import Vault

    found = {}
    for _ in range(times + 1):
        spend(found, "floor", lambda: sum(1 for _ in entries(vault)))
        with Vault.open(vault) as opened:
            spend(found, "ours", lambda: opened.catch_up(drafts=True))
        with Vault.open(vault) as opened:
            spend(found, "committed", lambda: opened.catch_up())
    return {name: taken[1:] for name, taken in found.items()}


if __name__ == "__main__":
    main(words, parse, unchanged)
