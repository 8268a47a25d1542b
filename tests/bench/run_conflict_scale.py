"""What it costs to find conflicts: a sweep of a whole vault, and one write, at several sizes.

    python tests/bench/run_conflict_scale.py                       # 1,000, 10,000 and 100,000 records
    python tests/bench/run_conflict_scale.py --records 10000 --boilerplate

Of the records half claim a value. One in fifty of those claims what another one claims, half of them with
another value; one in 250 of the others says in nearly the same words what another says. With
`--boilerplate` every text is the same but for two numbers. The floor of a sweep is reading every record
from the catalog once.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from time import process_time

from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.index.entries import File, entry_of
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.halfsteps import conflict_files
from atocore.knowledge.review import steps
from atocore.knowledge.review.deed import Deed
from atocore.records.kinds import Kind
from atocore.records.plan import Plan
from atocore.records.record import Record

_MAX_BYTES = 1_000_000
_DEED = Deed(by="Bench <bench@example.org>", at="2026-11-29T09:12:00Z")
_WORDS = """
    actuator bearing bracket budget cable calibration channel clamp controller coolant coupling
    current detector driver encoder fairing filter flange focus frame gasket gateway harness heater
    housing inlet latch launch load margin mirror module motor mount nozzle orbit outlet panel
    payload pressure pump radiator relay schedule sensor shaft shroud signal software spring
    structure supply switch telemetry thermal torque tube valve vibration voltage welding window
    wiring
    """


def main() -> int:
    """Measure each size, and print a row for it."""
    parser = argparse.ArgumentParser(description="What it costs to find conflicts.")
    parser.add_argument("--records", type=int, action="append", help="of the vault; may be repeated")
    parser.add_argument(
        "--boilerplate", action="store_true", help="texts that share all words but two numbers"
    )
    parser.add_argument("--words", type=int, default=150, help="of a text")
    options = parser.parse_args()
    print(
        f"{'records':>9}{'load':>9}{'reading':>9}{'sweep':>9}{'ratio':>7}{'swept':>9}{'one write':>11}  files"
    )
    for number in options.records or (1_000, 10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), list(_texts(number, options.words, boilerplate=options.boilerplate)))
    print("seconds of processor time, one write in milliseconds (median of 20)")
    return 0


def _measure(folder: Path, files: list[tuple[str, bytes]]) -> None:
    catalog = Catalog(folder / "catalog.db", max_bytes=_MAX_BYTES)
    load = _spent(lambda: _load(catalog, files))
    floor = _spent(lambda: sum(1 for _ in catalog.select()))
    found: list[Plan] = []
    first = _spent(lambda: found.append(_swept(catalog)))
    with catalog.change():
        for change in found[0].changes:
            catalog.put(Realm.COMMITTED, File(change.path, "", change.new))
    catalog.forget_recent()
    again = _spent(lambda: found.append(_swept(catalog)))
    assert not found[1].changes, "a second sweep has nothing left to write"
    one = _one_write(catalog)
    print(
        f"{len(files):>9,}{load:>9.2f}{floor:>9.2f}{first:>9.2f}{first / floor:>7.2f}{again:>9.2f}"
        f"{1000 * one:>11.2f}  {len(found[0].changes):,}"
    )
    catalog.close()


def _swept(catalog: Catalog) -> Plan:
    """As the verb does it, without git."""
    stored = catalog.briefs((Kind.CONFLICT,), ("open",))
    listed = (one.id for one in stored if one.type != "value")
    return conflict_files(catalog, catalog.slots(), [*listed, *catalog.alike()])


def _load(catalog: Catalog, files: list[tuple[str, bytes]]) -> None:
    with catalog.loading(), catalog.change():
        read = (File(path, "", raw) for path, raw in files)
        catalog.load((file, entry_of(file, _MAX_BYTES)[0]) for file in read)


def _one_write(catalog: Catalog) -> float:
    """Promoting a candidate, from the committed vault to the plan with its conflict files."""
    candidates = list(catalog.select((), ("candidate",)))[:20]

    def promote(record: Record) -> None:
        with_conflicts(catalog, steps.promote(catalog, [record], _DEED))

    taken = sorted(_spent(lambda record=record: promote(record)) for record in candidates)  # type: ignore[misc]
    return taken[len(taken) // 2]


def _spent(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def _texts(number: int, words: int, *, boilerplate: bool) -> Iterator[tuple[str, bytes]]:
    random = Random(number)
    known = _WORDS.split()
    form = previous = " ".join(random.choices(known, k=words))
    for one in range(number):
        told = f"Part {one} has {one * 7 % 9973} turns. "
        body = told + (form if boilerplate else " ".join(random.choices(known, k=words)))
        claim = ""
        if one % 2:
            # of each hundred records with a claim one repeats the one before it, and one contradicts it
            thing = one - 2 if one % 200 in (55, 155) else one
            value = thing * 37 % 9000 + (one % 200 == 155)
            claim = f"subject: part {thing}\nattribute: mass\nvalue: {value / 10} kg\n"
            body = body if thing == one else f"As weighed: {value / 10} kg.\n"
        elif one % 500 == 50 and not boilerplate:
            body = f"the {previous}"
        else:
            previous = body
        status = "candidate" if one % 25 == 24 else "active"
        head = f"id: mem-{one:012d}\nkind: memory\ntype: knowledge\nstatus: {status}\nproject: p\n{claim}"
        yield f"memories/p{one % 200}/{one}.md", f"---\n{head}---\n{body}\n".encode()


if __name__ == "__main__":
    sys.exit(main())
