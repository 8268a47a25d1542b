"""What the hook's runs left behind: counters, the last run and the last error, as the hook wrote them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

_STATUS = "hook-status.json"


@dataclass(frozen=True, slots=True)
class HookRuns:
    """The runs of a vault's hook on this machine. Times are UTC, "" where there was no run; `captures` counts
    the files made, the others the runs that ended so. `last_error` stays until there is a newer one."""

    last_run: str = ""
    last_outcome: str = ""
    last_error: str = ""
    last_error_at: str = ""
    captures: int = 0
    replaced: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def broken(self) -> bool:
        """Whether the last run lost its capture."""
        return self.last_outcome == "failed"


def runs_in(vault: Path) -> HookRuns:
    """The runs that a vault's `.atocore/` tells of."""
    return _read(vault / ".atocore" / _STATUS)


def runs_elsewhere(environ: Mapping[str, str]) -> HookRuns:
    """The failures of runs that could not be noted in any vault."""
    state = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return _read(Path(state) / "atocore" / _STATUS) if os.path.isabs(state) else HookRuns()  # noqa: PTH117


def _read(path: Path) -> HookRuns:
    """A file of the hook's; what is missing or damaged counts as never run: the next run writes it anew."""
    try:
        found = json.loads(path.read_bytes()[: 1 << 16])
    except (OSError, ValueError, RecursionError):
        return HookRuns()
    known = {field.name: field.default for field in fields(HookRuns)}
    told = found if isinstance(found, dict) else {}
    return HookRuns(
        **{
            name: told[name]
            for name, default in known.items()
            if type(told.get(name)) is type(default)  # a number where a number is meant
        }
    )
