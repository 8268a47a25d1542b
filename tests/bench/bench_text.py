"""Real prose for the bench vault: docstrings of the standard library and of AtoCore's dependencies, and the
texts that were given beside the checkout, where they are."""

from __future__ import annotations

import ast
import gzip
import hashlib
import importlib.util
import json
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

PACKAGES = ("click", "filelock", "git", "markdown_it", "numpy", "platformdirs", "watchdog", "yaml")
GIVEN = Path(__file__).resolve().parents[3] / "shared" / "data"
_SKIPPED = frozenset({"site-packages", "test", "tests", "idlelib", "lib2to3", "ensurepip", "_core"})
_SHORTEST, _LONGEST = 12, 60  # words of a piece
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")


def pieces(cache: Path, most: int | None = None) -> list[str]:
    """Pieces of real text, each some sentences that belong together and no two the same; kept in `cache`.

    The same on every run with the same packages and the same given texts. Up to `most`: all there are takes
    some ten seconds the first time.
    """
    kept = cache / f"text-{most or 'all'}-{identity()}.json"
    if not kept.exists():
        chosen = dict.fromkeys(islice(_pieces(), most))
        found = sorted(chosen, key=lambda text: hashlib.sha256(text.encode()).digest())
        draft = kept.with_suffix(".draft")
        draft.write_text(json.dumps(found), "utf-8")
        draft.replace(kept)
    known: list[str] = json.loads(kept.read_text("utf-8"))
    return known


def sentences(cache: Path, most: int) -> list[str]:
    """Single sentences of the same text."""
    found = dict.fromkeys(one for text in pieces(cache) for one in _SENTENCE.split(text) if len(one) > 30)
    return list(found)[:most]


def identity() -> str:
    """What the pieces depend on: another interpreter, or other given texts, give other ones."""
    told = [sys.version, *(f"{path.name} {path.stat().st_size}" for path in _given())]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def _pieces() -> Iterator[str]:
    folders = [Path(sysconfig.get_path("stdlib")), *_packages()]
    for text in chain(_told(_given()), (text for folder in folders for text in _in_folder(folder))):
        yield from _cut(text)


def _cut(text: str) -> Iterator[str]:
    """Whole sentences, together until they are long enough for a piece."""
    held: list[str] = []
    words = 0
    for sentence in _SENTENCE.split(" ".join(text.split())):
        size = len(sentence.split())
        if size > _LONGEST:
            continue
        held.append(sentence)
        words += size
        if words >= _SHORTEST * 2:
            yield " ".join(held)
            held, words = [], 0
    if words >= _SHORTEST:
        yield " ".join(held)


def _given() -> list[Path]:
    return sorted(GIVEN.rglob("corpus.jsonl.gz"))


def _told(files: Iterable[Path]) -> Iterator[str]:
    """The paragraphs of the given collections' texts that are prose."""
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts = [json.loads(line).get("text", "") for line in lines]
        yield from (part for text in texts for part in text.split("\n\n") if _is_prose(part))


def _packages() -> Iterator[Path]:
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            yield Path(spec.origin).parent


def _in_folder(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        if _SKIPPED.isdisjoint(path.relative_to(folder).parts):
            yield from _in_file(path)


def _in_file(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            for text in (ast.get_docstring(node) or "").split("\n\n"):
                if _is_prose(text):
                    yield text


def _is_prose(text: str) -> bool:
    words = text.split()
    marks = (">>>", "```", "http", "<!--", "|", "]]", "====", "----")
    return (
        len(words) >= _SHORTEST
        and not any(mark in text for mark in marks)
        and sum(map(str.isalpha, words)) * 2 > len(words)
    )
