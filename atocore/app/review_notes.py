"""What a review keeps for itself in `.atocore/`: which candidates were skipped, and decisions that are not
committed yet. Losing it costs nothing that was decided: skipped candidates come first again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from atocore.knowledge.review.decisions import VERBS, Decision
from atocore.store import files

_TEXTS = {field.name for field in fields(Decision)} - {"supersede"}


@dataclass(frozen=True, slots=True)
class ReviewNotes:
    """The notes of one clone, in two files of its local folder."""

    folder: Path

    @property
    def _skipped(self) -> Path:
        return self.folder / "review-skipped.json"

    @property
    def draft(self) -> Path:
        """Where decisions wait that are to be one commit."""
        return self.folder / "review-decisions.json"

    def skipped(self) -> list[str]:
        """The ids that were skipped, the first one first."""
        found = _read(self._skipped)
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

    def skip(self, skipped: Sequence[str]) -> None:
        """Note which ids were skipped."""
        _write(self._skipped, list(skipped))

    def decisions(self) -> list[Decision]:
        """The decisions that are not committed yet."""
        found = _read(self.draft)
        return [one for one in map(_decision, found) if one] if isinstance(found, list) else []

    def keep(self, decisions: Sequence[Decision]) -> None:
        """Note decisions that are not committed yet; none: nothing waits."""
        if decisions:
            _write(self.draft, [asdict(one) for one in decisions])
        else:
            self.draft.unlink(missing_ok=True)


def _decision(found: object) -> Decision | None:
    """A decision from its note; None where it is none (another version's, or damaged)."""
    if not isinstance(found, dict) or found.get("verb") not in VERBS:
        return None
    texts = {name: found.get(name, "") for name in _TEXTS}
    supersede = found.get("supersede", [])
    whole = all(isinstance(text, str) for text in texts.values()) and isinstance(supersede, list)
    whole = whole and bool(texts["record"])
    return Decision(**texts, supersede=tuple(map(str, supersede))) if whole else None


def _read(place: Path) -> object:
    """The note, None where there is none that can be read."""
    try:
        return json.loads(place.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _write(place: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    files.write(place, text.encode("utf-8", "backslashreplace"), mark="review", mode=0o600)
    files.settle_folders([place.parent])
