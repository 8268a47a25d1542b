"""Whether a manifest's values can be what AtoCore wrote.

Its digest tells damage and no forger: whoever writes a manifest signs it. So what a restore builds paths and
git commands from is looked at before anything is done with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from atocore.store.backups.manifest import Manifest

_OID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REFERENCE: Final = re.compile(r"refs(/(?!\.)[^\x00-\x20\x7f~^:?*\[\\/]+)+")
"""The form of a reference's name, as far as it keeps one from leading elsewhere; `..` is looked for apart."""
_RESERVED: Final = ("", ".", "..", ".git", ".atocore")
_TEXTS: Final = ("stamp", "created", "atocore", "git", "vault", "clone", "prefix", "commit", "branch")


def wrong_value(manifest: Manifest) -> str:
    """The name of the first value that is of no form AtoCore writes; "" where none is."""
    checks = {
        **{name: isinstance(getattr(manifest, name), str) for name in _TEXTS},
        "sequence": _is_count(manifest.sequence),
        "files": all(_is_count(one.bytes) and isinstance(one.sha256, str) for one in manifest.files.values()),
        "left_out": _are_texts(manifest.left_out),
        "refs": isinstance(manifest.refs, Mapping) and all(map(_is_reference, manifest.refs.items())),
        "symrefs": isinstance(manifest.symrefs, Mapping) and all(map(_is_name, _both(manifest.symrefs))),
        "recorded": _is_recorded(manifest),
    }
    wrong = next((name for name, is_fine in checks.items() if not is_fine), "")
    return wrong or _wrong_place(manifest)


def _wrong_place(manifest: Manifest) -> str:
    """What is wrong of the vault's folder, the commit, and the branch that names it."""
    if manifest.prefix and any(
        part.lower() in _RESERVED or "\0" in part for part in manifest.prefix.removesuffix("/").split("/")
    ):
        return "prefix"
    if manifest.prefix and not manifest.prefix.endswith("/"):
        return "prefix"
    if manifest.form == "vault" and not _OID.fullmatch(manifest.commit):
        return "commit"
    if manifest.branch and manifest.refs.get(manifest.branch) != manifest.commit:
        return "branch"
    return ""


def _is_recorded(manifest: Manifest) -> bool:
    then = manifest.recorded
    tables = (then.counts, then.problems)
    counted = all(isinstance(one, Mapping) and all(map(_is_count, one.values())) for one in tables)
    told = (then.records_digest, *(text for one in then.samples for text in (one.verb, one.query, *one.ids)))
    return counted and _are_texts(told) and _are_texts(then.open_conflicts)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _both(table: Mapping[str, str]) -> Iterable[str]:
    return (*table.keys(), *table.values())


def _is_reference(named: tuple[str, object]) -> bool:
    name, oid = named
    return _is_name(name) and isinstance(oid, str) and _OID.fullmatch(oid) is not None


def _is_name(name: object) -> bool:
    return isinstance(name, str) and _REFERENCE.fullmatch(name) is not None and ".." not in name
