"""Rewriting a repository's whole history into new objects; nothing of it counts until references move.

Knows git's objects, and nothing of why something is taken out. The same rules on the same history give the
same ids on every machine: a clone that repeats a purge meets the others again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.store.git import Git
from atocore.store.rewriting import commits
from atocore.store.rewriting.notes import NotesMapping
from atocore.store.rewriting.pack import Pack
from atocore.store.rewriting.place import Asking, Place
from atocore.store.rewriting.references import NOTES, STASH, Reference, Stashed, logged, references, stashed
from atocore.store.rewriting.trees import TreeMapping, TreeRules

WORKSHOP = "atocore-purge"
"""The folder in git's own where a rewrite is made; what is in it is new, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What changes: in trees, and in texts."""

    trees: TreeRules
    words: commits.Words


@dataclass(frozen=True, slots=True)
class Scope:
    """A repository's history as it hangs on its references, read at one moment."""

    refs: tuple[Reference, ...]
    stash: tuple[Stashed, ...]
    head: str | None
    history: tuple[str, ...]
    """Every commit but those of notes, each after its parents; those that only logs hold too."""
    notes: tuple[str, ...]
    """The commits of notes."""

    @classmethod
    def of(cls, place: Place) -> Scope:
        """The scope of a repository."""
        refs, stash = references(place), stashed(place)
        answer = place.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        head = answer.out.decode().strip() if answer.code == 0 else None
        noted = [ref.oid for ref in refs if ref.name.startswith(NOTES) and ref.kind == "commit"]
        usual = [ref.oid for ref in refs if not ref.name.startswith(NOTES) and ref.kind in ("commit", "tag")]
        peeled = [one for one in place.named(f"{oid}^{{commit}}" for oid in usual) if one]
        tips = [*peeled, *(entry.oid for entry in stash), *([head] if head else []), *logged(place)]
        history = place.history(tips) if tips else []
        notes = place.history(noted, tips) if noted else []
        return cls(tuple(refs), tuple(stash), head, tuple(history), tuple(notes))

    def versions(self, place: Place, prefix: str = "") -> dict[str, str]:
        """Every blob that the history holds below a folder, each with one path of it there; notes and objects
        that a tag names directly are always among them."""
        names = (f"{oid}:{prefix.rstrip('/')}" for oid in self.history)
        roots = {tree for tree in place.named(names) if tree is not None}
        roots |= {tree for tree in place.named(f"{oid}^{{tree}}" for oid in self.notes) if tree is not None}
        roots |= {ref.oid for ref in self.refs if ref.kind in ("blob", "tree")}
        direct = place.named(f"{ref.oid}^{{}}" for ref in self.refs if ref.kind == "tag")
        kinds = place.types({*roots, *(one for one in direct if one is not None)})
        found = place.versions([oid for oid, kind in kinds.items() if kind == "tree"])
        return found | {oid: "" for oid, kind in kinds.items() if kind == "blob" and oid not in found}


@dataclass(slots=True)
class Rewritten:
    """A rewrite that lies ready. `now`: commit or tag -> what it became, for each that changed. `moves`:
    reference -> (old, new). `stash` is None where it stays. `blobs` and `said` map blobs and messages that
    changed to what stands for them; `unsigned` are the commits and tags that lost their signature."""

    place: Place
    pack: Pack
    now: dict[str, str] = field(default_factory=dict)
    moves: dict[str, tuple[str, str]] = field(default_factory=dict)
    stash: tuple[Stashed, ...] | None = None
    blobs: dict[str, str | None] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    unsigned: list[str] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        """Whether anything would be another."""
        return bool(self.moves) or self.stash is not None or bool(self.now)


def workshop(place: Place) -> Path:
    """An empty folder for a rewrite, in git's own folder; what a dead one left in it is gone."""
    folder = place.common() / WORKSHOP
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError as error:
        raise AtocoreError("read-only", f"cannot write {folder}: {error.strerror}") from error
    return folder


def rewrite(
    place: Place,
    scope: Scope,
    rules: Rules,
    folder: Path,
    *,
    besides: Iterable[str] = (),
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Rewritten:
    """Make the new history of a scope as a pack in `folder`; the repository stays as it is. `besides` are
    blobs that stand elsewhere (in the index)."""
    pack = Pack(folder / "new.pack", place.object_format())
    made = Rewritten(place, pack)
    asking = Asking(place)
    try:
        walk = _Walk(asking, made, rules)
        total = len(scope.history) + len(scope.notes)
        for done, oid in enumerate(scope.history, 1):
            progress("rewriting commits", done, total)
            walk.commit(oid, walk.trees.root)
        whole = TreeMapping(asking, pack, rules.trees._replace(prefix=b"", removed=frozenset()), walk.width)
        notes = NotesMapping(asking, pack, whole.blob, made.now, walk.width)
        for done, oid in enumerate(scope.notes, len(scope.history) + 1):
            progress("rewriting commits", done, total)
            walk.commit(oid, notes.root)
        for ref in scope.refs:
            if ref.name != STASH:
                new = walk.pointed(ref.oid, ref.kind, whole)
                if new != ref.oid:
                    made.moves[ref.name] = (ref.oid, new)
        for oid in besides:
            walk.trees.blob(oid)
        made.blobs = {old: new for old, new in (walk.trees.blobs | whole.blobs).items() if new != old}
    finally:
        asking.close()
    entries = tuple(Stashed(made.now.get(one.oid, one.oid), walk.told(one.told)) for one in scope.stash)
    made.stash = entries if entries != scope.stash else None
    pack.close()
    return made


class _Walk:
    """One pass over the history, from its roots to its tips."""

    def __init__(self, asking: Asking, made: Rewritten, rules: Rules) -> None:
        self._asking, self._made, self._rules = asking, made, rules
        self.width = 32 if made.place.object_format() == "sha256" else 20
        self.trees = TreeMapping(asking, made.pack, rules.trees, self.width)

    def commit(self, oid: str, tree: Callable[[str], str]) -> None:
        raw = self._asking.get(oid).content
        new, changed = commits.commit(
            oid,
            raw,
            tree(commits.tree_of(raw)),
            self._made.now,
            self._rules.words,
            lambda named: self._named(oid, named),
        )
        if new == raw:
            return
        self._made.now[oid] = self._made.pack.add("commit", new)
        self._note(oid, raw, changed)

    def _named(self, oid: str, named: str) -> str:
        """What a message's id of an earlier commit is now: of one on another branch it depends on the
        clone."""
        now = self._made.now.get(named, named)
        earlier = ("merge-base", "--is-ancestor", named, oid)
        return now if now != named and self._made.place.ask(*earlier).code == 0 else named

    def pointed(self, oid: str, kind: str, whole: TreeMapping) -> str:
        """What a reference points to from now on. A blob or tree that it names directly and that is to be
        taken out leaves an empty one in its place: a reference cannot point to nothing."""
        if kind == "commit":
            return self._made.now.get(oid, oid)
        if kind == "tree":
            return whole.root(oid)
        if kind == "blob":
            return whole.blob(oid) or self._made.pack.add("blob", b"")
        if oid in self._made.now:
            return self._made.now[oid]
        raw = self._asking.get(oid).content
        target, target_kind = commits.target_of(raw)
        new, changed = commits.tag(oid, raw, self.pointed(target, target_kind, whole), self._rules.words)
        if new == raw:
            return oid
        self._made.now[oid] = self._made.pack.add("tag", new)
        self._note(oid, raw, changed)
        return self._made.now[oid]

    def told(self, text: str) -> str:
        """What an entry of the stash is called from now on."""
        said = text.encode("utf-8", "surrogateescape")
        return self._rules.words.header(said).decode("utf-8", "surrogateescape")

    def _note(self, oid: str, raw: bytes, changed: bool) -> None:
        if changed:
            self._made.said[oid] = self._made.now[oid]
        if commits.is_signed(raw):
            self._made.unsigned.append(oid)


def verify(made: Rewritten, scratch: Path, tips: Iterable[str], gone: Collection[str] = ()) -> set[str]:
    """Have git check the new history aside: that each new object is what it says, and that all that hangs
    on the tips is there. Those of the objects that should be `gone` and still hang on them."""
    place = made.place
    init = ("init", "--quiet", "--bare", "--template=", f"--object-format={place.object_format()}")
    Git(scratch.parent).run(*init, str(scratch))
    (scratch / "objects" / "info").mkdir(exist_ok=True)
    (scratch / "objects" / "info" / "alternates").write_text(f"{place.common() / 'objects'}\n")
    aside = Place(scratch)
    made.pack.take_in(aside)
    wanted = set(gone)
    return {oid for oid, _ in aside.objects(*tips) if oid in wanted}
