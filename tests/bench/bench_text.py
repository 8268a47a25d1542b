"""Real prose for the bench vault: the docstrings of the standard library and of AtoCore's dependencies."""

from __future__ import annotations

import ast
import importlib.util
import sysconfig
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("click", "filelock", "git", "markdown_it", "numpy", "platformdirs", "watchdog", "yaml")
_SKIPPED = frozenset({"site-packages", "test", "tests", "idlelib", "lib2to3", "ensurepip", "_core"})
_SHORTEST = 12  # words of a paragraph


def paragraphs(most: int) -> list[str]:
    """Up to so many paragraphs of real text, the same on every run with the same packages."""
    folders = [Path(sysconfig.get_path("stdlib")), *_packages()]
    found: dict[str, None] = {}
    for text in (text for folder in folders for text in _in_folder(folder)):
        found[text] = None
        if len(found) == most:
            break
    return list(found)


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
                    yield text.strip()


def _is_prose(text: str) -> bool:
    words = text.split()
    return len(words) >= _SHORTEST and ">>>" not in text and sum(map(str.isalpha, words)) * 2 > len(words)
