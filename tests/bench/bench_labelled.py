"""The labelled documents: what they are, what is known to be in them, and when a proposal covers that.

Knows the shared data beside the checkout. Must not know how figures are told.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

from atocore.knowledge.extraction.extract import Proposal, extract
from atocore.knowledge.ingestion.chunks import chunks
from atocore.knowledge.ingestion.opened import opened

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TYPES = ("decision", "requirement", "constraint", "assumption")
"""The types that the labels are about."""

_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`#>|]")
_LISTED = ("requirement", "constraint", "assumption")
_LEAST = 3  # words of a label that counts


@dataclass(frozen=True, slots=True)
class Label:
    """One thing that is known to be in a document."""

    document: str
    line: int
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """What the rules made of one document."""

    document: str
    proposals: tuple[Proposal, ...]
    passages: int
    size: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents, and what is known to be in them."""

    name: str
    read: tuple[Read, ...]
    labels: tuple[Label, ...]


def corpora() -> Iterator[Corpus]:
    """Every labelled collection that is here."""
    for name, gold in (("adr_corpus", "gold.jsonl.gz"), ("sdd_fprime", "gold_requirements.jsonl")):
        if (DATA / name).is_dir():
            documents = tuple(_read(path, text) for path, text in _documents(DATA / name / "docs.tar.gz"))
            yield Corpus(name, documents, tuple(_labels(DATA / name / gold)))
    if (DATA / "arch_decisions_labelled").is_dir():
        yield _sentences()


def covers(said: str, label: str) -> bool:
    """Whether a statement holds most of a label's words, or is a longer quotation from it."""
    ours, theirs = words(said), words(label)
    both = len(ours & theirs)
    return (both >= 0.6 * len(theirs) and both >= 0.3 * len(ours)) or (
        len(ours) > 4 and both >= 0.9 * len(ours)
    )


def words(text: str) -> frozenset[str]:
    """The words of a text without its marks."""
    return frozenset(_WORD.findall(_MARKS.sub(lambda match: match[1] or " ", text).casefold()))


def _read(path: str, text: str) -> Read:
    header, body, line = opened(text)
    passages = len(chunks(body, line))
    began = process_time()
    found = extract(body, path=path, title=header.get("title", ""), frontmatter=header, first_line=line)
    return Read(path, found.proposals, passages, len(text.encode()), process_time() - began)


def _documents(archive: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda member: member.name):
            handle = tar.extractfile(member) if member.name.endswith(".md") else None
            if handle:
                yield member.name.removeprefix("./"), handle.read().decode("utf-8", "replace")


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open() as lines:
        yield from map(json.loads, lines)


def _labels(gold: Path) -> Iterator[Label]:
    for row in _rows(gold):
        parts = row.get("items") if row["kind"] in _LISTED and not row.get("req_id") else None
        for text in parts or [row["text"]]:
            if row["kind"] in TYPES and len(words(text)) >= _LEAST:
                yield Label(row["doc"], row["line"], row["kind"], text)


def _sentences() -> Corpus:
    """Sentences of design documents; each labelled one counts as a decision."""
    lines: dict[str, dict[int, str]] = {}
    labels = []
    for row in _rows(DATA / "arch_decisions_labelled" / "sentences.jsonl"):
        page = lines.setdefault(row["project"], {})
        page[row["line"]] = f"{page.get(row['line'], '')} {row['text']}".strip()
        if row["decision"]:
            labels.append(Label(row["project"], row["line"], "decision", row["text"]))
    read = tuple(
        _read(name, "\n".join(page.get(n, "") for n in range(1, max(page) + 1)))
        for name, page in lines.items()
    )
    return Corpus("arch_decisions_labelled", read, tuple(labels))
