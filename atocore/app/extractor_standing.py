"""How the extractors stand that a vault's settings name. Light: `status` asks it, and asks no extractor."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from atocore.app.extractor_file import extractor_file, permitted
from atocore.errors import AtocoreError
from atocore.index.answers import Answers, is_kept


@dataclass(frozen=True, slots=True)
class ExtractorStanding:
    """How an extractor stands that the vault's settings name: whether it may run here, about how many
    passages it was asked the last time, how many of those failed, and what went wrong last."""

    name: str
    permitted: bool
    asked: int = 0
    failed: int = 0
    error: str = ""


def standings(wanted: Sequence[str], folder: Path, vault: Path) -> tuple[ExtractorStanding, ...]:
    """How the extractors stand that a vault wants; answers are kept in `folder`."""
    if not wanted:
        return ()
    try:
        here, wrong = permitted(), ""
    except AtocoreError as refusal:
        here, wrong = {}, refusal.message
    told: dict[str, str] = {}
    if is_kept(folder):
        with closing(Answers(folder)) as answers:
            told = answers.standing()
    found = []
    for name in wanted:
        may = name in here and here[name].may_see(vault)
        stood = json.loads(told.get(name, "{}"))
        error = wrong or ("" if may else f"not permitted here: see {extractor_file()}")
        found.append(ExtractorStanding(name, may, **{"error": error, **(stood if may else {})}))
    return tuple(found)
