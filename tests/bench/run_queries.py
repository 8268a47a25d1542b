"""The named queries over an engineering model of N entities with three relations each.

    python tests/bench/run_queries.py                    # 10,000 entities, 5 runs
    python tests/bench/run_queries.py --entities 1000 --runs 3 --shell

Each query, the first after a change and once more (`again`), beside reading the briefs once, measured in
the same run: processor time of this process, best of the runs, so that what else the machine does counts
little. With `--shell`, the whole command beside `atocore --version`, by the clock.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import bench_vault

from atocore.app import Vault
from atocore.records.birth import written
from atocore.records.header import Value
from atocore.records.ids import random_id
from atocore.records.kinds import Kind
from atocore.records.relation_table import RELATIONS
from atocore.views.queries.asked import Takes
from atocore.views.queries.graph import ASKED
from atocore.views.queries.table import QUERIES

_SHARES = {
    "component": 30,
    "requirement": 20,
    "parameter": 12,
    "result": 8,
    "validation_claim": 8,
    "decision": 6,
    "constraint": 4,
    "assumption": 4,
    "material": 3,
    "subsystem": 2,
    "interface": 2,
    "vendor": 1,
}
_MOST_RELATIONS = 3


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entities", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--shell", action="store_true", help="measure the whole command, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="queries-") as scratch:
        folder = model(Path(scratch) / "vault", options.entities)
        with Vault.open(folder) as vault:
            vault.catch_up()
            _measure(vault, options.entities, options.runs)
        if options.shell:
            _measure_shell(folder, options.runs)
    return 0


def model(folder: Path, entities: int) -> Path:
    """A vault with a made-up system, the same for the same number."""
    bench_vault.found(folder)
    bench_vault.commit(folder, (("atocore.yaml", b"format: 1\n"), (".gitignore", b".atocore/\n")), "Begin")
    bench_vault.commit(folder, _pages(entities), "Model", after="refs/heads/main^0")
    bench_vault.git(folder, "reset", "-q", "--hard")
    return folder


def _pages(entities: int) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(20261122)
    types = [type_ for type_, share in _SHARES.items() for _ in range(share)]
    made: dict[str, list[str]] = {"project": [random_id("ent", chance.randbytes(8))]}
    yield _page(made["project"][0], "project", 0, ())
    for number in range(1, entities):
        type_ = "subsystem" if number < 20 else chance.choice(types)
        identity = random_id("ent", chance.randbytes(8))
        yield _page(identity, type_, number, _relations(chance, type_, made))
        made.setdefault(type_, []).append(identity)


def _relations(chance: random.Random, type_: str, made: dict[str, list[str]]) -> tuple[dict[str, Value], ...]:
    """Some relations that the table lets through, to what is there already: no circles, and great depths."""
    fitting = [
        (name, target)
        for name, rule in RELATIONS.items()
        for pairing in rule.pairings
        if type_ in pairing.holders
        for target in pairing.targets
        if target in made
    ]
    whole = [one for one in fitting if one[0] == "part_of"]
    chosen = [chance.choice(whole)] if whole else []
    chosen += chance.choices(fitting, k=_MOST_RELATIONS - len(chosen))
    return tuple(
        {"type": name, "target": chance.choice(made[target])} for name, target in dict.fromkeys(chosen)
    )


def _page(
    identity: str, type_: str, number: int, relations: tuple[dict[str, Value], ...]
) -> tuple[str, bytes]:
    keys: dict[str, Value] = {
        "type": type_,
        "status": "active",
        "project": f"p{number % 4}",
        "title": f"{type_.replace('_', ' ')} {number} of the drive train",
        "subject": f"component {number % 500}",
        "attribute": f"measure {number}",
        "value": f"{number % 97} mm",
        "relations": relations,
        "ruling": {"step": "add", "by": bench_vault.AUTHOR, "at": "2026-11-22T09:12:00Z", "why": "so it is"},
        "created": "2026-11-22T09:12:00Z",
    }
    made = written(Kind.ENTITY, identity, {k: v for k, v in keys.items() if v}, "It is so.\n")
    assert made.new is not None
    return made.path, made.new


def _best(runs: int, ask: Callable[[], object]) -> float:
    """The least processor time of some runs, in milliseconds."""
    found = []
    for _ in range(runs):
        start = time.process_time()
        ask()
        found.append((time.process_time() - start) * 1000)
    return min(found)


def _measure(vault: Vault, entities: int, runs: int) -> None:
    snapshot = vault.catalog
    relations = sum(len(brief.relations) for brief in snapshot.briefs(ASKED))
    floor = _best(runs, lambda: list(snapshot.briefs(ASKED)))
    print(f"{entities} entities, {relations} relations, best of {runs}, processor time of this process\n")
    print(f"{'query':<26}{'ms':>8}{'briefs':>8}{'ratio':>7}{'again':>8}{'found':>8}")
    for name, argument in _questions(vault):
        took = _best(runs, partial(_anew, vault, name, argument))
        again = _best(runs, partial(vault.query, name, argument))
        answer = vault.query(name, argument)
        found = len(answer.rows) if answer.rows is not None else _size(answer.tree)
        print(f"{name:<26}{took:>8.0f}{floor:>8.0f}{took / floor:>7.1f}{again:>8.0f}{found:>8}")


def _anew(vault: Vault, name: str, argument: str) -> object:
    """The first question after a change: nothing is kept from one before."""
    vault._graph = None
    return vault.query(name, argument)


def _questions(vault: Vault) -> Iterator[tuple[str, str]]:
    about = next(b.id for b in vault.catalog.briefs((Kind.ENTITY,), type_="subsystem") if b.relations)
    for query in QUERIES.values():
        if query.argument is None or not query.argument.needed:
            yield query.name, ""
        elif query.argument.takes is not Takes.TEXT:
            yield query.name, about


def _size(branches: object) -> int:
    due, size = [branches], 0
    while due:
        for branch in due.pop():  # type: ignore[attr-defined]
            size += 1
            due.append(branch.branches)
    return size


def _measure_shell(folder: Path, runs: int) -> None:
    with Vault.open(folder) as vault:
        questions = list(_questions(vault))
    command = [sys.executable, "-m", "atocore", "--vault", str(folder)]
    floor = _clock(runs, [*command, "--version"])
    print(f"\n{'from the shell':<26}{'ms':>8}{'version':>8}{'ratio':>7}")
    for name, argument in questions:
        took = _clock(runs, [*command, "query", name, *([argument] if argument else [])])
        print(f"{name:<26}{took:>8.0f}{floor:>8.0f}{took / floor:>7.1f}")


def _clock(runs: int, command: list[str]) -> float:
    """The least time of some runs of a command, in milliseconds."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        found.append((time.perf_counter() - start) * 1000)
    return min(found)


if __name__ == "__main__":
    sys.exit(main())
