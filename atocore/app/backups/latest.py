"""Which backup is the latest one of a vault, in a place that may hold those of several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from atocore.app.clone import clone_name
from atocore.errors import AtocoreError
from atocore.store.backups.folder_place import Kept
from atocore.store.backups.manifest import Form, Manifest, Reason
from atocore.store.lock import LOCAL


def latest_of(backups: Sequence[Kept], place: str, vault: Path | None) -> Kept:
    """The newest backup of the vault in a folder that is no safety snapshot; `backups` come newest first.
    Where none is known to be of that vault (a new machine, a new clone), the newest of the only vault that
    they are of. Raises `no-backup` where there is none, or they are of several."""
    usable = [(kept, kept.manifest) for kept in backups if kept.manifest and _is_usable(kept.manifest)]
    if not usable:
        told = f"no backup in {place} but safety snapshots, or none at all"
        raise AtocoreError("no-backup", told, "name a place: --from PLACE; see: atocore backup list")
    name, clone = (vault.name, clone_name(vault / LOCAL)) if vault else ("", "")
    own = [kept for kept, manifest in usable if manifest.is_of(name, clone)]
    if own:
        return own[0]
    newest: dict[tuple[str, str], str] = {}
    for kept, manifest in usable:
        newest.setdefault((manifest.vault, manifest.clone), kept.stamp)
    if len({vault for vault, _ in newest}) > 1 or len({clone for _, clone in newest if clone}) > 1:
        told = ", ".join(f"{stamp} of {name}" for (name, _), stamp in newest.items())
        told = f"{place} holds backups of several vaults or clones, and none is known as this one's: {told}"
        raise AtocoreError("no-backup", told, "name the one you mean by its stamp; see: atocore backup list")
    return usable[0][0]


def _is_usable(manifest: Manifest) -> bool:
    return manifest.form is Form.VAULT and manifest.reason is not Reason.BEFORE_RESTORE
