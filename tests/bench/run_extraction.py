"""Precision and recall of the extraction rules on labelled documents, by type and by rule.

    python tests/bench/run_extraction.py                 # the figures
    python tests/bench/run_extraction.py --misses        # and every miss and every unlabelled proposal
    python tests/bench/run_extraction.py --all           # and every proposal, to be read

A label is found if a proposal of its type covers it. A proposal is right if it covers a label of its type,
wrong if it covers one of another type only, and else unlabelled: that is no error by itself, since labels
hold only what headings make sure of, and has to be read. The documents lie beside the checkout, in
`shared/data`; without them there is nothing to measure, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable

from bench_labelled import DATA, TYPES, Corpus, Label, corpora, covers

from atocore.knowledge.extraction.extract import Proposal


def main() -> int:
    """Measure every collection that is here, and tell."""
    options = _options()
    seen = False
    for corpus in corpora():
        seen = True
        _tell(corpus, misses=options.misses, everything=options.all)
    if not seen:
        print(f"nothing to measure: there are no labelled documents in {DATA}", file=sys.stderr)
    return 0 if seen else 1


def _tell(corpus: Corpus, *, misses: bool, everything: bool) -> None:
    proposals = [(read.document, proposal) for read in corpus.read for proposal in read.proposals]
    passages = sum(read.passages for read in corpus.read)
    size, seconds = (sum(part) for part in zip(*((r.size, r.seconds) for r in corpus.read), strict=True))
    print(
        f"\n{corpus.name}: {len(corpus.read)} documents, {passages} passages, {len(proposals)} proposals, "
        f"{seconds / (size / 1e6):.2f} s a MB\n"
    )
    labels: dict[str, list[Label]] = defaultdict(list)
    for label in corpus.labels:
        labels[label.document].append(label)
    verdicts = [(document, one, _verdict(one, labels[document])) for document, one in proposals]
    missed = list(_missed(corpus, proposals))
    _table("type", _by_type(corpus.labels, missed, verdicts))
    _table("rule", _by_rule(verdicts))
    for label in missed if misses else ():
        print(f"missed      {label.document}:{label.line} {label.type}: {label.text[:120]!r}")
    for document, one, verdict in verdicts:
        if everything or (misses and verdict != "right" and one.type in TYPES):
            print(
                f"{verdict:<11} {document}:{one.first_line} {one.rule} {one.confidence}: "
                f"{one.statement[:120]!r}"
            )


def _verdict(proposal: Proposal, labels: Iterable[Label]) -> str:
    covered = {label.type for label in labels if covers(proposal.statement, label.text)}
    if proposal.type in covered:
        return "right"
    return "wrong" if covered and proposal.type in TYPES else "unlabelled"


def _missed(corpus: Corpus, proposals: Iterable[tuple[str, Proposal]]) -> Iterable[Label]:
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for document, proposal in proposals:
        said[document, proposal.type].append(proposal.statement)
    for label in corpus.labels:
        if not any(covers(text, label.text) for text in said[label.document, label.type]):
            yield label


Verdicts = list[tuple[str, Proposal, str]]


def _by_type(
    labels: Iterable[Label], missed: Iterable[Label], verdicts: Verdicts
) -> Iterable[tuple[str, ...]]:
    known, lost = Counter(label.type for label in labels), Counter(label.type for label in missed)
    for type_ in (*TYPES, *sorted({one.type for _, one, _ in verdicts} - set(TYPES))):
        found = known[type_] - lost[type_]
        recall = f"{found / known[type_]:.3f}" if known[type_] else "-"
        counted = Counter(verdict for _, one, verdict in verdicts if one.type == type_)
        yield type_, f"{found}/{known[type_]}", recall, *_counts(counted)


def _by_rule(verdicts: Verdicts) -> Iterable[tuple[str, ...]]:
    for rule in sorted({one.rule for _, one, _ in verdicts}):
        counted = Counter(verdict for _, one, verdict in verdicts if one.rule == rule)
        yield rule, "", "", *_counts(counted)


def _counts(counted: Counter[str]) -> tuple[str, ...]:
    judged = counted["right"] + counted["wrong"]
    precision = f"{counted['right'] / judged:.3f}" if judged else "-"
    return precision, str(counted["right"]), str(counted["wrong"]), str(counted["unlabelled"])


def _table(first: str, rows: Iterable[tuple[str, ...]]) -> None:
    head = (first, "found", "recall", "precision", "right", "wrong", "unlabelled")
    for row in (head, *rows):
        print("".join(f"{cell:<24}" if n == 0 else f"{cell:>11}" for n, cell in enumerate(row)))
    print()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Precision and recall of the extraction rules.")
    parser.add_argument("--misses", action="store_true", help="list misses and what is not right")
    parser.add_argument("--all", action="store_true", help="list every proposal")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
