"""What is to go from history: from what a person names, or from the list of what was purged, to rules."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from atocore.app import resources
from atocore.app.purge.repurging import everywhere, remedy_for, rules_of
from atocore.app.purge.saved import SavedState
from atocore.app.purge.search import SecretSearch, fingerprints
from atocore.app.session import Session
from atocore.errors import AtocoreError
from atocore.knowledge.purged import PURGED_FILE, Purged, parse
from atocore.knowledge.redaction import Redactor, Secret
from atocore.store import files
from atocore.store.repository import Repository
from atocore.store.rewriting.commits import Words
from atocore.store.rewriting.place import Place
from atocore.store.rewriting.rewrite import Rules, Scope
from atocore.store.rewriting.swap import present
from atocore.store.rewriting.trees import TreeRules
from atocore.store.worktree import SETTINGS_FILE


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person names: fingerprints, paths and blobs; or `again`, all that the list names."""

    marks: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()
    again: bool = False

    def refuse_unclear(self) -> None:
        """Raise `usage` or `bad-value` for what names nothing, or is no fingerprint."""
        if bool(self.marks or self.paths or self.blobs) is self.again:
            told = "name what is to go: fingerprints, --path, --blob; or --again alone"
            raise AtocoreError("usage", told, "atocore audit tells fingerprints")
        fingerprints(self.marks)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it is to go from: a repository as it stands, with the vault's folder as `prefix` (or "" for
    all of it), and every blob in question with a path of it below that."""

    repository: Repository
    place: Place
    scope: Scope
    state: SavedState
    prefix: str
    versions: Mapping[str, str]

    @classmethod
    def of(cls, repository: Repository, place: Place, state: SavedState, *, whole: bool) -> Scene:
        """The scene of a vault, or of the whole repository around it."""
        scope, prefix = Scope.of(place), "" if whole else repository.prefix
        versions = scope.versions(place, prefix)
        for path, (mode, oid) in state.index.items():
            if mode != "160000" and path.startswith(prefix):
                versions.setdefault(oid, path[len(prefix) :])
        return cls(repository, place, scope, state, prefix, versions)


@dataclass(frozen=True, slots=True)
class Going:
    """What goes: the rules of a rewrite, the secrets' redactor, and the paths (from the top) that are
    removed."""

    rules: Rules
    redactor: Redactor
    removed: frozenset[bytes] = frozenset()


def going(scene: Scene, wish: Wish, session: Session) -> Going:
    """What goes, for a wish. Raises `not-found` for what is not there, `bad-path` for what cannot go."""
    return _again(scene, session.vault) if wish.again else _named(scene, wish, session)


def listed(repository: Repository) -> tuple[Purged, ...]:
    """What the list names, as committed and as saved."""
    head = repository.head()
    committed = repository.read_at(head, PURGED_FILE) if head else None
    return parse((committed or b"") + b"\n" + (files.read(repository.vault / PURGED_FILE) or b""))


def _again(scene: Scene, vault: Path) -> Going:
    purged = listed(scene.repository)
    if not purged:
        told = f"there is no list of purged objects ({PURGED_FILE}) in {vault}"
        raise AtocoreError("not-found", told, "name what is to go: atocore audit")
    remedy = remedy_for(scene.place, scene.scope, purged, scene.prefix, besides=scene.versions)
    if remedy is None:
        raise AtocoreError("not-found", "nothing that was purged is there again", "")
    return Going(rules_of(remedy, scene.prefix), Redactor(remedy.secrets))


def _named(scene: Scene, wish: Wish, session: Session) -> Going:
    redactor = Redactor(_secrets(scene, wish.marks, session) if wish.marks else ())
    out = frozenset(_blob(scene, name) for name in wish.blobs)
    removed = frozenset(os.fsencode(_path(scene, path)) for path in wish.paths)
    contents = {**everywhere(scene.place, redactor, scene.versions, skip=out), **dict.fromkeys(out)}
    trees = TreeRules(contents, redactor.name, removed, os.fsencode(scene.prefix))
    words = Words(lambda _oid, said: redactor.text(said), redactor.text)
    return Going(Rules(trees, words), redactor, removed)


def _secrets(scene: Scene, marks: Sequence[str], session: Session) -> tuple[Secret, ...]:
    limit = session.settings.whole("limits.file_bytes")
    search = SecretSearch(fingerprints(marks), resources.secret_finder(), limit, session.progress)
    search.versions(scene.place, scene.versions)
    search.messages(scene.place, scene.scope)
    state = scene.state
    search.names(scene.place, [*scene.versions.values(), *state.index])
    for path in (*state.captures, *state.untracked, *state.edited):
        raw = present(scene.repository.top / path)
        if raw is not None:
            search.file(path, raw)
    search.refuse_missing()
    return search.secrets


def _blob(scene: Scene, name: str) -> str:
    found = next(scene.place.named([f"{name}^{{blob}}"]), None) if name.isalnum() else None
    if found is None or found not in scene.versions:
        told = f"no blob {name!r} in this vault's history" if scene.prefix else f"no blob {name!r} in history"
        raise AtocoreError("not-found", told, "git rev-parse COMMIT:PATH tells the id of a file's version")
    return found


def _path(scene: Scene, path: str) -> str:
    """A path as a person gives it (from where they are, or the vault's top), from the repository's top."""
    repository = scene.repository
    base = repository.top if not scene.prefix else repository.vault
    tries = [os.path.relpath(Path.cwd() / path, base), os.path.normpath(path)]
    known = [scene.prefix + one for one in tries if not one.startswith("..") and one != "."]
    if not known:
        raise AtocoreError("bad-path", f"{path!r} lies outside", "give a path from the vault's top")
    found = next((one for one in known if _is_known(scene, one)), None)
    if found is None:
        raise AtocoreError("not-found", f"no commit has {path!r}", "give its path from the vault's top")
    if found in (repository.prefix + SETTINGS_FILE, repository.prefix + PURGED_FILE):
        raise AtocoreError("bad-path", f"without {path!r} this were no vault", "name another file")
    return found


def _is_known(scene: Scene, path: str) -> bool:
    if path in scene.state.index:
        return True
    return any(scene.place.named(f"{oid}:{path}" for oid in scene.scope.history))
