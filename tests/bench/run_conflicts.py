"""How many labelled pairs of claims are flagged as conflicts: found of those that are, and false alarms.

    python tests/bench/run_conflicts.py                # both labelled sets
    python tests/bench/run_conflicts.py FILE --show    # pairs of another file; each that came out wrong
    python tests/bench/run_conflicts.py --split dev    # one part of them

A pair whose slot and values are given becomes two active memories of a vault in memory, which is swept; an
unrelated pair too, in its two slots. A pair labelled "same" whose numbers differ by less than a fifth is one
that only tolerance would reconcile: it is told, and not counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from atocore.knowledge.conflicts.clash import sweep
from atocore.records.snapshot import MemorySnapshot
from atocore.records.values.reading import read

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SETS = (DATA / "conflict_pairs" / "pairs.jsonl", DATA / "fact_updates_eol" / "pairs.jsonl")
Pair = dict[str, Any]


def main() -> int:
    """Measure each set."""
    parser = argparse.ArgumentParser(description="Contradictions found between claims of one slot.")
    parser.add_argument("files", nargs="*", type=Path, default=SETS)
    parser.add_argument("--split", help="only pairs of this part")
    parser.add_argument("--show", action="store_true", help="list the pairs that came out wrong")
    options = parser.parse_args()
    for file in options.files:
        pairs = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        judged = [pair for pair in pairs if options.split in (None, pair.get("split")) and has_claims(pair)]
        started = perf_counter()
        found = [(pair, flagged(pair)) for pair in judged]
        seconds = perf_counter() - started
        print(f"\n{file.parent.name}: {len(judged)} of {len(pairs)} pairs claim, {seconds:.2f} s\n")
        _tell(found)
        for pair in (
            pair for pair, hit in found if options.show and hit is not (pair["label"] == "conflict")
        ):
            print(
                f"  {pair['id']} {pair['label']} {pair['class']}: {pair['a_value']!r} | {pair['b_value']!r}"
            )
    return 0


def has_claims(pair: Pair) -> bool:
    """Whether claims can be made of a pair: it says its slots and values."""
    slots = pair.get("slot") or (pair.get("a_slot") and pair.get("b_slot"))
    return bool(slots) and (pair["label"] == "unrelated" or {"a_value", "b_value"} <= pair.keys())


def flagged(pair: Pair) -> bool:
    """Whether the two claims of a pair are a conflict."""
    files = {f"memories/{side}.md": _memory(pair, side).encode() for side in ("a", "b")}
    return bool(sweep(MemorySnapshot(files)))


def _memory(pair: Pair, side: str) -> str:
    project, subject, attribute = (
        (pair.get("slot") or pair[f"{side}_slot"]).split("/", 1)[0],
        *_parts(pair, side),
    )
    value = pair.get(f"{side}_value") or pair[side].rpartition(" is ")[2].removesuffix(".")
    keys = {"id": f"mem-{side}00000000000", "kind": "memory", "type": "knowledge", "status": "active"}
    keys |= {"project": project, "subject": subject, "attribute": attribute, "value": value}
    return "---\n" + "".join(f"{key}: {json.dumps(text)}\n" for key, text in keys.items()) + "---\n"


def _parts(pair: Pair, side: str) -> tuple[str, str]:
    """Subject and attribute; a subject may hold slashes of its own."""
    rest = (pair.get("slot") or pair[f"{side}_slot"]).partition("/")[2]
    subject, _, attribute = rest.rpartition("/")
    return subject, attribute


def only_tolerance(pair: Pair) -> bool:
    """Whether two values are numbers of one dimension that differ by less than a fifth."""
    a, b = read(pair["a_value"]).quantities, read(pair["b_value"]).quantities
    return any(
        x.dimension == y.dimension
        and x.low is not None
        and y.low is not None
        and x.low != y.low
        and max(x.low, y.low) <= min(x.low, y.low) * 6 / 5
        for x in a
        for y in b
    )


def _tell(found: list[tuple[Pair, bool]]) -> None:
    rows: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for label, class_, hit in _classed(found):
        rows[label, class_].append(hit)
    for (label, class_), hits in sorted(rows.items()):
        print(f"{label:<12}{class_:<30}{f'{sum(hits)}/{len(hits)} flagged':>20}{sum(hits) / len(hits):>9.3f}")
    true = [hit for (label, _), hits in rows.items() if label == "conflict" for hit in hits]
    alarms = [hit for (label, _), hits in rows.items() if label in ("same", "unrelated") for hit in hits]
    for name, hits in (("recall", true), ("false alarms", alarms)):
        if hits:
            print(f"{name:<42}{f'{sum(hits)}/{len(hits)}':>20}{sum(hits) / len(hits):>9.3f}")


def _classed(found: list[tuple[Pair, bool]]) -> Iterator[tuple[str, str, bool]]:
    for pair, hit in found:
        tolerant = pair["label"] == "same" and hit and only_tolerance(pair)
        yield ("not counted" if tolerant else pair["label"]), pair["class"], hit


if __name__ == "__main__":
    sys.exit(main())
