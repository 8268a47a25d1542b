"""How well near-duplicates are told from what looks like them: labelled pairs, and sentences of documents.

    python tests/bench/run_duplicates.py                    # the pairs of the tests
    python tests/bench/run_duplicates.py --pairs FILE       # JSON lines: a, b, label, class, split
    python tests/bench/run_duplicates.py --documents FILE   # a .tar.gz: each two sentences of one wording

Of labelled pairs the texts alone are looked at; `same` is what should be flagged, and what else is flagged is
listed. Of documents every two sentences are listed that are no copies but of one wording: read them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from atocore.records.statement import normal_statement
from atocore.records.wording import plain_wording

_OWN = Path(__file__).resolve().parents[1] / "knowledge" / "conflicts" / "near_duplicates.tsv"
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z*`\[])|\n\s*\n|\n(?=\s*[-*#|\d])")


def main() -> int:
    """Measure, and list what went wrong."""
    parser = argparse.ArgumentParser(description="Precision and recall of near-duplicates.")
    parser.add_argument("--pairs", type=Path, help="labelled pairs as JSON lines")
    parser.add_argument("--split", default="", help="only pairs of this split")
    parser.add_argument("--documents", type=Path, help="a .tar.gz of Markdown documents")
    options = parser.parse_args()
    if options.documents:
        _tell_sentences(options.documents)
    else:
        _tell_pairs(_read(options.pairs, options.split) if options.pairs else _own())
    return 0


def _own() -> Iterator[tuple[str, str, str, str]]:
    for line in _OWN.read_text("utf-8").splitlines():
        label, one, other = line.split("\t")
        yield label, "", one, other


def _read(file: Path, split: str) -> Iterator[tuple[str, str, str, str]]:
    for line in file.read_text("utf-8").splitlines():
        pair = json.loads(line)
        if not split or pair.get("split") == split:
            yield pair["label"], pair.get("class", ""), pair["a"], pair["b"]


def _tell_pairs(pairs: Iterable[tuple[str, str, str, str]]) -> None:
    found: Counter[tuple[str, str]] = Counter()
    every: Counter[tuple[str, str]] = Counter()
    for label, group, one, other in pairs:
        flagged = plain_wording(one) == plain_wording(other)
        every[label, group] += 1
        found[label, group] += flagged
        if flagged and label != "same":
            print(f"flagged, and {label}:\n    {one}\n    {other}")
    for label, group in sorted(every):
        print(f"{label:<11} {group:<18} flagged {found[label, group]:>4} of {every[label, group]}")
    right = sum(number for (label, _), number in found.items() if label == "same")
    same = sum(number for (label, _), number in every.items() if label == "same")
    print(f"precision {right / (sum(found.values()) or 1):.3f}, recall {right / (same or 1):.3f}")


def _tell_sentences(archive: Path) -> None:
    known: dict[str, dict[str, str]] = {}
    number = 0
    with tarfile.open(archive) as files:
        for member in files:
            file = files.extractfile(member) if member.isfile() and member.name.endswith(".md") else None
            for sentence in _END.split(file.read().decode("utf-8", "replace")) if file else ():
                said = " ".join(sentence.split())
                if 4 <= len(said.split()) <= 60:
                    number += 1
                    known.setdefault(plain_wording(said), {}).setdefault(normal_statement(said), said)
    several = [list(texts.values()) for texts in known.values() if len(texts) > 1]
    for texts in several:
        print("\n    ".join(("one wording:", *texts)))
    print(f"{number:,} sentences, {len(several)} wordings with texts that differ in words")


if __name__ == "__main__":
    sys.exit(main())
