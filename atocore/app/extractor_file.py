"""Which extractors may run on this machine: a file of the user's own, never of a vault.

A vault may be anybody's clone, and what it says never makes anything run: it can only ask for an extractor
by a name that this file has. The file is `extractors.toml` in the user's configuration folder
(`ATOCORE_CONFIG_DIR` moves it).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.files import expanded

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_OWN = ("plugin", "seconds", "passages", "vaults")


@dataclass(frozen=True, slots=True)
class Permitted:
    """One extractor that may run here: its entry point's name, the options for it, the seconds that a passage
    may take, how many passages it is asked about in one pass, and in which vaults (none named: in all)."""

    name: str
    plugin: str
    options: Mapping[str, object]
    seconds: float = 60.0
    passages: int = 200
    vaults: tuple[str, ...] = ()

    def may_see(self, vault: Path) -> bool:
        """Whether it may run for a vault."""
        return not self.vaults or vault.resolve() in {expanded(one).resolve() for one in self.vaults}


def extractor_file() -> Path:
    """The place of the file, whether it is there or not."""
    if chosen := os.environ.get("ATOCORE_CONFIG_DIR"):
        return Path(chosen) / "extractors.toml"
    import platformdirs

    return Path(platformdirs.user_config_dir("atocore")) / "extractors.toml"


def permitted() -> dict[str, Permitted]:
    """The extractors that may run here, by name; raises bad-settings where the file cannot be understood."""
    import tomllib

    file = extractor_file()
    try:
        document = tomllib.loads(file.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refused(file, f"cannot be read: {error}") from error
    tables = document.get("extractors", {})
    if not isinstance(tables, dict):
        raise _refused(file, "[extractors.NAME] is to be a table")
    return {name: _one(file, name, table) for name, table in tables.items()}


def _one(file: Path, name: str, table: object) -> Permitted:
    if not _NAME.fullmatch(name) or not isinstance(table, dict):
        raise _refused(file, f"[extractors.{name}]: a name of a-z, 0-9, _ and -, and a table")
    usual = Permitted(name, name, {})
    plugin, vaults = table.get("plugin", name), table.get("vaults", [])
    seconds, passages = table.get("seconds", usual.seconds), table.get("passages", usual.passages)
    if not isinstance(plugin, str):
        raise _refused(file, f"[extractors.{name}]: `plugin` is to be the name of an entry point")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= 86_400:
        raise _refused(file, f"[extractors.{name}]: `seconds` is to be a number above 0")
    if isinstance(passages, bool) or not isinstance(passages, int) or passages < 1:
        raise _refused(file, f"[extractors.{name}]: `passages` is to be a whole number above 0")
    if not isinstance(vaults, list) or not all(isinstance(one, str) and "\0" not in one for one in vaults):
        raise _refused(file, f"[extractors.{name}]: `vaults` is to be a list of folders")
    options = {key: value for key, value in table.items() if key not in _OWN}
    return Permitted(name, plugin, {**options, "seconds": seconds}, float(seconds), passages, tuple(vaults))


def _refused(file: Path, told: str) -> AtocoreError:
    return AtocoreError("bad-settings", f"{file}: {told}", "mend the file; see docs/extractors.md")
