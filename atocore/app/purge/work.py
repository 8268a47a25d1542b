"""One purge under way: the new history made and proven beside the old, then put in its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from atocore import clock
from atocore.app.purge.saved import captures_without, index_changes, saved_changes, saved_state
from atocore.app.purge.wishes import Going, Scene, Wish, going, listed
from atocore.app.session import Session
from atocore.errors import AtocoreError
from atocore.knowledge.purged import PURGED_FILE, Purged, entries_of, with_entries
from atocore.records.plan import Message
from atocore.store.objects import read_blobs
from atocore.store.rewriting import swap
from atocore.store.rewriting.listing import Addition, commit_list
from atocore.store.rewriting.place import Place
from atocore.store.rewriting.references import STASH
from atocore.store.rewriting.rewrite import Rewritten, rewrite, verify, workshop
from atocore.store.rewriting.swap import SavedFile, Swap, Swapped
from atocore.store.trees import parse_tree

UNION = "/purged.txt merge=union"
ABOUT_UNION = "# What was purged stays so on every branch: a merge keeps the lines of both sides."
_ATTRIBUTES = ".gitattributes"
_IDENTITY = 'git config --global user.name "Your Name"; git config --global user.email you@example.org'


class Work:
    """One purge, with the vault's and git's locks held. `prepare` it; then `carry_out`; always `clear`."""

    def __init__(self, session: Session, place: Place, *, whole: bool) -> None:
        self._session, self.place = session, place
        self.repository = session.repository
        self._folder: Path = workshop(place)
        self.scene = Scene.of(self.repository, place, saved_state(self.repository), whole=whole)
        self.going: Going
        self.made: Rewritten
        self.entries: tuple[Purged, ...] = ()
        self.elsewhere: frozenset[str] = frozenset()
        self.captures: list[SavedFile] = []
        self._taken: frozenset[str] = frozenset()
        """The blobs that the vault's files have no more."""

    def clear(self) -> None:
        """Throw the workshop away, unless a purge was cut short in it."""
        if not swap.journal_place(self.place.common()).exists():
            shutil.rmtree(self._folder, ignore_errors=True)

    def prepare(self, wish: Wish) -> None:
        """Find what is to go, and make and prove the new history; the old one stays as it is."""
        scene = self.scene
        self.going = going(scene, wish, self._session)
        self.captures = captures_without(self.repository, scene.state, self.going.redactor)
        self.repository.on_step("decided")
        changed = self.going.rules.trees.blobs
        besides = [oid for _, oid in scene.state.index.values() if oid in changed]
        progress = self._session.progress
        rules = self.going.rules
        self.made = rewrite(self.place, scene.scope, rules, self._folder, besides=besides, progress=progress)
        self.repository.on_step("rewritten")
        self._prove(wish)
        self.repository.on_step("proven")

    def _prove(self, wish: Wish) -> None:
        """Have git prove the new history, and see that nothing that should be gone hangs on it."""
        made, scope = self.made, self.scene.scope
        tips = [made.moves.get(ref.name, ("", ref.oid))[1] for ref in scope.refs if ref.name != STASH]
        tips += [entry.oid for entry in (made.stash if made.stash is not None else scope.stash)]
        below = frozenset(self._below_removed())
        gone = {**dict.fromkeys(below), **made.blobs, **made.said}
        still = verify(made, self._folder / "scratch.git", tips, gone)
        if still and not (self.scene.prefix or self.going.removed):
            told = f"{len(still)} objects would be in the new history still; nothing was changed"
            raise AtocoreError("damaged", told, "please report this")
        self._compare_heads()
        self.elsewhere = frozenset(still)
        self._taken = frozenset(made.blobs) | (below - self.elsewhere)
        known = {entry.old for entry in listed(self.repository)}
        fresh = {old: new for old, new in gone.items() if old not in still and old not in known}
        self.entries = entries_of(fresh, clock.now().strftime("%Y-%m-%d"))

    def _compare_heads(self) -> None:
        """See that the present files are the former ones, but for what goes."""
        branch, head = self.repository.standing()
        assert head is not None
        now = self.made.moves.get(branch or "", ("", head))[1]
        old, new = _files_of(self.place, head), _files_of(Place(self._folder / "scratch.git"), now)
        for path, (new_path, entry) in index_changes(old, self.made.blobs, self.going.rules.trees).items():
            del old[path]
            old |= {new_path: entry} if entry is not None else {}
        if old != new:
            told = f"the new history would differ in {len(old.items() ^ new.items())} other files"
            raise AtocoreError("damaged", f"{told}; nothing was changed", "please report this")

    def _below_removed(self) -> Iterator[str]:
        """The blobs that stood at paths which are removed."""
        for path in self.going.removed:
            names = (f"{oid}:{os.fsdecode(path)}" for oid in self.scene.scope.history)
            kinds = self.place.types({oid for oid in self.place.named(names) if oid})
            yield from (oid for oid, kind in kinds.items() if kind == "blob")
            yield from self.place.versions([oid for oid, kind in kinds.items() if kind == "tree"])
            staged = self.scene.state.index.items()
            yield from (
                oid for name, (_, oid) in staged if (os.fsencode(name) + b"/").startswith(path + b"/")
            )

    # -- doing it -----------------------------------------------------------------------------------------

    @property
    def is_needed(self) -> bool:
        """Whether anything would change."""
        return self.made.changes_anything or bool(self.entries) or bool(self.captures)

    def carry_out(self, reason: str) -> tuple[Swapped, str | None]:
        """Put the new history in the old one's place; how that went, and the commit of the list."""
        self._refuse_unready()
        self.made.pack.take_in(self.place)
        self.repository.on_step("taken-in")
        addition = self._addition(reason)
        due = self._swap(addition)
        done = swap.begin(self.repository, self.place, due)
        return done, addition.commit if addition else None

    def _refuse_unready(self) -> None:
        path = self.repository.prefix + PURGED_FILE
        if path in self.scene.state.edited or path in self.scene.state.untracked:
            hint = "commit it, or put it aside with git stash, and repeat the purge"
            raise AtocoreError("dirty-file", f"uncommitted edits in {PURGED_FILE}", hint)
        if self.entries and self.repository.identity() is None:
            raise AtocoreError("no-identity", "git does not know who you are", _IDENTITY)

    def _addition(self, reason: str) -> Addition | None:
        """The commit with the list, on top of the new history; None where nothing is new on it."""
        branch, head = self.repository.standing()
        if not self.entries or branch is None or head is None:
            return None
        now = self.made.moves.get(branch, ("", head))[1]
        prefix, state = self.repository.prefix, self.scene.state
        texts = {prefix + PURGED_FILE: with_entries(self._committed(now, prefix + PURGED_FILE), self.entries)}
        attributes = self._committed(now, prefix + _ATTRIBUTES) or b""
        clean = prefix + _ATTRIBUTES not in {*state.edited, *state.untracked}
        if clean and UNION.encode() not in attributes.splitlines():
            start = attributes + (b"" if attributes.endswith(b"\n") or not attributes else b"\n")
            texts[prefix + _ATTRIBUTES] = start + f"{ABOUT_UNION}\n{UNION}\n".encode()
        number = len(self.entries)
        subject = f"purge: list {number} object{'s' if number != 1 else ''} that may not come back"
        message = Message(subject, "purge", self._session.actor, reason=reason)
        return commit_list(self.place, self._folder, branch, now, texts, message.text())

    def _committed(self, commit: str, path: str) -> bytes | None:
        oid = next(self.place.named([f"{commit}:{path}"]), None)
        return self._content(oid) if oid else None

    def _content(self, oid: str) -> bytes:
        return self.place.run("cat-file", "blob", oid)

    def _swap(self, addition: Addition | None) -> Swap:
        made, scene = self.made, self.scene
        changes = index_changes(scene.state.index, made.blobs, self.going.rules.trees)
        index: dict[str, tuple[str, str] | None] = dict.fromkeys(changes)
        index |= {new_path: entry for new_path, entry in changes.values() if entry is not None}
        contents = self.going.rules.trees.blobs
        known = {new: raw for old, new in made.blobs.items() if new and (raw := contents[old]) is not None}

        def content(oid: str) -> bytes:
            return known[oid] if oid in known else self._content(oid)

        saved = saved_changes(self.repository, scene.state, changes, content)
        moves = dict(made.moves)
        if addition is not None:
            moves[addition.branch] = (moves.get(addition.branch, (addition.parent, ""))[0], addition.commit)
            index |= {path: ("100644", oid) for path, (oid, _) in addition.files.items()}
            saved = [one for one in saved if one.path not in addition.files]
            tops = {path: swap.present(self.repository.top / path) for path in addition.files}
            saved += [SavedFile(p, swap.digest(tops[p]), raw) for p, (_, raw) in addition.files.items()]
        stash = made.stash if made.stash is not None else scene.scope.stash
        gone = {*made.blobs, *made.said, *(entry.old for entry in self.entries)} - self.elsewhere
        files = (*saved, *self.captures)
        return Swap(self.repository.prefix, moves, stash, index, files, tuple(sorted(gone)))

    def old_files(self) -> Iterator[tuple[str, bytes]]:
        """The files and captures that are purged, as they were, by path."""
        versions = self.scene.versions
        for blob in read_blobs(self.place, [oid for oid in self._taken if oid in versions]):
            if blob.raw is not None:
                yield versions[blob.oid], blob.raw
        for one in self.captures:
            yield self._below(one.path), swap.present(self.repository.top / one.path) or b""

    def new_files(self) -> Iterator[tuple[str, bytes]]:
        """What stands for them from now on, by path."""
        versions, contents = self.scene.versions, self.going.rules.trees.blobs
        for oid in self._taken:
            if oid in versions and (raw := contents.get(oid)) is not None:
                yield versions[oid], raw
        yield from ((self._below(one.path), one.after) for one in self.captures if one.after is not None)

    def _below(self, path: str) -> str:
        """A path from the repository's top, from the vault's."""
        return path.removeprefix(self.repository.prefix)


def _files_of(place: Place, commit: str) -> dict[str, tuple[str, str]]:
    """Path -> (mode, id) of every file of a commit."""
    listing = parse_tree(place.run("ls-tree", "-r", "-z", "--full-tree", commit), "")
    return {path: (entry.mode, entry.oid) for path, entry in listing.items()}
