"""The mirror's pages as git and the work tree hold them: committed, edited by people, or a person's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from atocore.store.files import read
from atocore.store.repository import Repository
from atocore.store.trees import blob_id
from atocore.views.mirror.frame import is_edited, made_by
from atocore.views.mirror.names import MIRROR


@dataclass(frozen=True, slots=True)
class Touched:
    """A file below `mirror/` that is not as AtoCore wrote it. `saved`: not committed; `sealed`: a page of
    AtoCore's that was edited, and no file of a person's own; `raw` is what is saved, None where it is gone or
    committed."""

    saved: bool
    sealed: bool
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The mirror as it is: committed object ids by path, what people `touched`, and pages that are `gone`
    from the work tree alone."""

    oids: Mapping[str, str]
    touched: Mapping[str, Touched]
    gone: tuple[str, ...] = ()

    def is_true(self, path: str, raw: bytes) -> bool:
        """Whether a page is committed with these bytes, or saved so."""
        oid = self.oids.get(path, "")
        return bool(oid) and blob_id(raw, oid) == oid


def standing(
    repository: Repository, tip: str | None, looked_at: Collection[str] | None, *, saved: bool = True
) -> Standing:
    """The mirror at a commit and, where `saved`, in the work tree; of the committed pages only these are
    looked at for edits (None: all)."""
    tree = repository.tree(tip, folder=MIRROR) if tip else {}
    oids = {path: entry.oid for path, entry in tree.items() if entry.is_file}
    found = committed_edits(repository, oids, looked_at)
    if not saved:
        return Standing(oids, found)
    gone = repository.deleted_below(MIRROR) if oids else []
    for entry in repository.dirty((MIRROR,)):
        if entry.path in gone:
            continue
        place = repository.vault / entry.path
        raw = read(place) if place.is_file() and not place.is_symlink() else None
        before = found.get(entry.path)
        sealed = before.sealed if before else entry.path in oids
        found[entry.path] = Touched(True, sealed or _is_sealed(raw), raw)
    return Standing(oids, found, tuple(gone))


def committed_edits(
    repository: Repository, oids: Mapping[str, str], looked_at: Collection[str] | None = None
) -> dict[str, Touched]:
    """Which of the committed files are not as AtoCore wrote them."""
    paths: dict[str, list[str]] = {}
    for path in oids if looked_at is None else oids.keys() & set(looked_at):
        paths.setdefault(oids[path], []).append(path)
    found: dict[str, Touched] = {}
    for oid, raw in repository.blobs(sorted(paths)):
        text = raw.decode("utf-8", "replace")
        if is_edited(text):
            found.update(dict.fromkeys(paths[oid], Touched(False, bool(made_by(text)))))
    return found


def _is_sealed(raw: bytes | None) -> bool:
    return raw is not None and bool(made_by(raw.decode("utf-8", "replace")))
