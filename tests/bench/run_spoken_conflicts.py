"""How many contradictions are flagged that nobody typed a slot for: pairs of plain sentences are captured as
prompts, extracted, promoted, and looked at for conflicts.

    python tests/bench/run_spoken_conflicts.py                  # both labelled sets
    python tests/bench/run_spoken_conflicts.py FILE --show      # pairs of another file; each that claims
    python tests/bench/run_spoken_conflicts.py --split dev      # one part of them

A pair is two prompts in a project of its own, in a session each; where both name the project they belong to
(`[project: X] …`), in two. The vault is a scratch one, the verbs are those of a user.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atocore.app import Vault
from atocore.records.plan import Actor

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SETS = (DATA / "conflict_pairs" / "pairs.jsonl", DATA / "fact_updates_eol" / "pairs.jsonl")
_AT = ("2026-01-01T10:00:00Z", "2026-06-01T10:00:00Z")
_IN_PROJECT = re.compile(r"\[project: [^\]]+\] ")
_SETTINGS = "extraction:\n  max_per_pass: 100000\n  max_open: 100000\n"


def main() -> int:
    """Measure each set."""
    parser = argparse.ArgumentParser(description="Contradictions found in plain sentences.")
    parser.add_argument("files", nargs="*", type=Path, default=SETS)
    parser.add_argument("--split", help="only pairs of this part")
    parser.add_argument("--show", action="store_true", help="list the pairs of which both sentences claim")
    options = parser.parse_args()
    for file in options.files:
        pairs = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        pairs = [pair for pair in pairs if options.split in (None, pair.get("split"))]
        with tempfile.TemporaryDirectory() as folder:
            _tell(file.parent.name, pairs, _flagged(Path(folder) / "vault", pairs), options.show)
    return 0


def _flagged(folder: Path, pairs: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """By project: its promoted records, then its open conflicts."""
    os.environ.update(
        {f"GIT_{who}_{what}": "bench" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    )
    subprocess.run([sys.executable, "-m", "atocore", "init", folder], check=True, stdout=subprocess.DEVNULL)
    settings = folder / "atocore.yaml"
    settings.write_text(settings.read_text("utf-8") + _SETTINGS, "utf-8")
    names = {_said(number, pair, side)[0] for number, pair in enumerate(pairs) for side in "ab"}
    for number, name in enumerate(sorted(names)):
        page = folder / "projects" / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(
            f"---\nid: prj-{number:012d}\nkind: project\nstatus: active\nproject: {name}\n---\n", "utf-8"
        )
    for command in (("add", "-A"), ("commit", "-qm", "Found the projects")):
        subprocess.run(["git", "-C", folder, *command], check=True)
    with Vault.open(folder, actor=Actor.PERSON) as vault:
        for number, pair in enumerate(pairs):
            for side, at in zip("ab", _AT, strict=True):
                project, text = _said(number, pair, side)
                vault.capture(text, session=f"{number}{side}", cwd=f"/work/{project}", at=at)
        born = [record.id for record in vault.extract().records]
        made = vault.promote(*born).records if born else ()
        found: dict[str, list[Any]] = defaultdict(lambda: [[], []])
        for record in made:
            found[_pair_of(record.project)][0].append(record)
        for conflict in vault.conflicts_list().conflicts:
            if conflict.type != "duplicate":
                project = next(r.project for r in made if r.id == conflict.members[0].id)
                found[_pair_of(project)][1].append(conflict)
        return found


def _said(number: int, pair: dict[str, Any], side: str) -> tuple[str, str]:
    """The project of a sentence, and the sentence."""
    named = _IN_PROJECT.match(pair[side])
    if named is None:
        return f"pair{number}", pair[side]
    return f"pair{number}-{side}", pair[side][named.end() :]


def _pair_of(project: str) -> str:
    return project.split("-")[0]


def _tell(name: str, pairs: Sequence[dict[str, Any]], found: dict[str, list[Any]], show: bool) -> None:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for number, pair in enumerate(pairs):
        records, conflicts = found.get(f"pair{number}", ([], []))
        sides = {record.provenance.get("interaction") for record in records}
        claims = {
            record.provenance.get("interaction")
            for record in records
            if record.value and (record.subject or record.question)
        }
        row = counts[pair["label"], pair["class"]]
        for index, seen in enumerate((True, len(sides) == 2, len(claims) == 2, conflicts)):
            row[index] += bool(seen)
        if show and (conflicts or len(claims) == 2):
            print(f"{pair['label']:<10} {'FLAGGED' if conflicts else ''}\n  {pair['a']}\n  {pair['b']}")
            for record in records:
                print(f"    {record.subject!r} / {record.attribute!r} = {record.value!r}")
    print(f"{name}: pairs, of which both sentences were remembered, both claim something, and are flagged")
    for (label, class_), row in sorted(counts.items()):
        print(f"  {label:<10} {class_:<22} {row[0]:>5} {row[1]:>5} {row[2]:>5} {row[3]:>5}")
    for label in sorted({label for label, _ in counts}):
        total = [sum(row[i] for key, row in counts.items() if key[0] == label) for i in range(4)]
        print(f"  {label:<10} {'all':<22} {total[0]:>5} {total[1]:>5} {total[2]:>5} {total[3]:>5}")


if __name__ == "__main__":
    sys.exit(main())
