"""Precision and recall of the rules for plain speech on labelled utterances, and what transcripts give.

    python tests/bench/run_speech.py                     # the utterances of the tests
    python tests/bench/run_speech.py FILE                # others: a type or `-`, a tab, the utterance
    python tests/bench/run_speech.py --transcripts DIR   # every candidate in a folder of transcripts

An utterance is right if it gives one proposal of its type, or none where its label is `-`.
"""

from __future__ import annotations

import argparse
import gzip
import runpy
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from atocore.knowledge.extraction.extract import extract
from atocore.knowledge.ingestion.voices import Voice

_HERE = Path(__file__).resolve().parent
_OWN = _HERE.parent / "knowledge" / "extraction" / "speech" / "utterances.tsv"
_HOOK = _HERE.parents[1] / "hooks" / "capture_stop.py"


def main() -> int:
    """Measure, and list what went wrong."""
    parser = argparse.ArgumentParser(description="Precision and recall of the rules for plain speech.")
    parser.add_argument("file", nargs="?", type=Path, default=_OWN)
    parser.add_argument("--transcripts", type=Path, help="list the candidates in these transcripts")
    options = parser.parse_args()
    if options.transcripts:
        _tell_transcripts(options.transcripts)
    else:
        _tell_utterances(options.file)
    return 0


def _tell_utterances(file: Path) -> None:
    found: Counter[str] = Counter()
    known: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for line in file.read_text("utf-8").splitlines():
        type_, text = line.split("\t", 1)
        types = [p.type for p in extract(text.replace("\\n", "\n"), voice=Voice.PERSON).proposals]
        known[type_] += 1
        made.update(types)
        found[type_] += types == ([] if type_ == "-" else [type_])
        if types != ([] if type_ == "-" else [type_]):
            print(f"{type_:<12}{'+'.join(types) or 'nothing':<24}{text}")
    print(f"{'type':<14}{'found':>9}{'recall':>9}{'precision':>11}")
    for type_ in sorted(known):
        share = found[type_] / made[type_] if made[type_] else 0.0
        precision = "" if type_ == "-" else f"{share:.3f}"
        recall = found[type_] / known[type_]
        print(f"{type_:<14}{f'{found[type_]}/{known[type_]}':>9}{recall:>9.3f}{precision:>11}")


def _tell_transcripts(folder: Path) -> None:
    turns, candidates = 0, 0
    for voice, text in _turns(folder):
        turns += 1
        for proposal in extract(text, voice=voice).proposals:
            candidates += 1
            print(
                f"{voice.value:<10} {proposal.rule:<20} {proposal.confidence:.2f} {proposal.statement[:99]!r}"
            )
    print(f"{turns} turns, {candidates} candidates, {100 * candidates / max(1, turns):.2f} in 100 turns")


def _turns(folder: Path) -> Iterator[tuple[Voice, str]]:
    """What a person or the assistant said, each once, read as the hook reads transcripts."""
    hook = runpy.run_path(str(_HOOK))
    voices = {"user": Voice.PERSON, "assistant": Voice.ASSISTANT}
    seen = set()
    for path in sorted(folder.rglob("*.jsonl*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in data.split(b"\n"):
            role, text, _ = hook["read_record"](hook["parse"](line))
            text = hook["presentable"](text, hook["MAX_CHARS"])[0]
            if role in voices and text and (role, text) not in seen:
                seen.add((role, text))
                yield voices[role], text


if __name__ == "__main__":
    sys.exit(main())
