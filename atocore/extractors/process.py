"""The process that an extractor runs in: one JSON document a line comes in and goes out.

The first line names the entry point and its options, every other is a passage. Whatever a plug-in prints
goes to standard error. Knows nothing of the vault, and ends with its standard input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TextIO

from atocore.extractors import GROUP, Extractor, Passage

_SHIPPED = {"command": EntryPoint("command", "atocore.extractors.command:CommandExtractor", GROUP)}
_MOST = 200  # proposals of one passage that are handed on; the reader judges them


def main() -> None:
    """Answer passages until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, _stop)
    asked = json.loads(sys.stdin.readline())
    try:
        extractor, version = _made(str(asked["plugin"]), asked["options"])
    except Exception as error:
        _answer(answers, {"fatal": _told(error)})
        return
    _answer(answers, {"version": version})
    for line in sys.stdin:
        _answer(answers, _asked(extractor, json.loads(line)))


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit(1)  # so that what the extractor started is ended too


def _made(name: str, options: Mapping[str, object]) -> tuple[Extractor, str]:
    entry = _SHIPPED.get(name) or next((e for e in entry_points(group=GROUP) if e.name == name), None)
    if entry is None:
        raise LookupError(f"no installed package has an entry point {name!r} in the group {GROUP}")
    extractor: Extractor = entry.load()(options)
    if not callable(extractor):
        raise TypeError(f"the entry point {name!r} gives no extractor: it cannot be called")
    version = getattr(extractor, "version", "") or (entry.dist.version if entry.dist else "")
    return extractor, str(version)


def _asked(extractor: Extractor, stated: dict[str, Any]) -> dict[str, object]:
    passage = Passage(**{**stated, "headings": tuple(stated["headings"])})
    try:
        proposals = []
        for number, one in enumerate(extractor(passage)):
            if number == _MOST:
                break
            proposals.append(asdict(one) if is_dataclass(one) and not isinstance(one, type) else one)
        json.dumps(proposals, allow_nan=False)
    except Exception as error:
        return {"error": _told(error)}
    return {"proposals": proposals}


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _answer(answers: TextIO, document: Mapping[str, object]) -> None:
    answers.write(json.dumps(document) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
