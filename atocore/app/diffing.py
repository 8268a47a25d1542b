"""The verb `diff`: what became of knowledge between two commits, and which conflicts a merge would make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atocore.app.answers import ConflictAnswer, conflict_answer
from atocore.app.querying_past import events_between
from atocore.app.writing import WritingSession
from atocore.errors import AtocoreError
from atocore.knowledge.changed import changes
from atocore.knowledge.conflicts.clash import clash_in
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.records.kinds import Kind
from atocore.records.past import Changed
from atocore.records.plan import Change, Plan
from atocore.records.record import Record, is_page
from atocore.records.slots import claimed_value
from atocore.records.snapshot import AfterSnapshot, MemorySnapshot, Snapshot
from atocore.store.trees import FILES, TreeChange

_DECIDING = ("resolve", "dismiss", "reopen")


@dataclass(frozen=True, slots=True)
class KnowledgeChange:
    """What became of one record. `before` and `after` are what it claimed, `status_before` and `status` where
    it stood and stands ("" for no file); `keys` are the frontmatter keys that differ, and `text`."""

    step: str
    id: str
    kind: str
    type: str
    project: str
    title: str
    path: str
    before: str
    after: str
    status_before: str
    status: str
    by: str
    date: str
    why: str


@dataclass(frozen=True, slots=True)
class KnowledgeDiff:
    """What became of knowledge from `base` to `to`. For `A...B` the base is where both part, and `conflicts`
    are the open ones that a merge of B into A (`onto`) would make; `both` are files that both sides changed,
    which git or a person has to merge first."""

    span: str
    base: str
    to: str
    onto: str
    changes: tuple[KnowledgeChange, ...]
    candidates: int
    conflicts: tuple[ConflictAnswer, ...]
    both: tuple[str, ...]
    notes: tuple[str, ...]


class DiffVerbs(WritingSession):
    """diff."""

    def diff(self, span: str = "", *, project: str = "") -> KnowledgeDiff:
        """Compare two commits: `A..B`, or `A...B` for what B brought since it parted from A; `A` is
        `A...HEAD`, and nothing is the default branch against HEAD. Raises `not-found`."""
        snapshot = self.catch_up()
        onto, base, to = self._span_of(span)
        differing = self._differing(base, to)
        old, new = self._files_of(differing)
        events, notes = events_between(self, base, to)
        found = changes(old, new, self._counted if to == snapshot.commit else _as_stated, events)
        mine = [one for one in found if not project or _known(one).project == project]
        ours = {one.path for one in self._differing(base, onto)} if onto else set()
        both = sorted({one.path for one in differing} & ours)
        brought = {path: raw for path, raw in new.items() if path not in both}
        gone = {one.path for one in differing if not one.new_oid} - set(both)
        return KnowledgeDiff(
            span,
            base,
            to,
            onto,
            tuple(_answer(one) for one in mine if _counts(one)),
            sum(one.after is not None and one.after.status == "candidate" for one in mine),
            self._made(snapshot, onto, brought, gone, project) if onto else (),
            tuple(both),
            tuple(notes),
        )

    def _counted(self, record_id: str) -> str:
        """The status that a record counts as: a machine's step on it is none."""
        record = self.catalog.get(record_id)
        return record.status if record is not None else ""

    def _span_of(self, span: str) -> tuple[str, str, str]:
        """Where a merge would go ("" for none asked), where the comparison starts, and where it ends."""
        repository = self.repository
        if not span:
            span = f"{repository.default_branch()}...HEAD"
        left, dots, right = span.partition("...")
        if dots or ".." not in span:
            onto, to = repository.resolve(left or "HEAD"), repository.resolve(right or "HEAD")
            base = repository.merge_base(onto, to)
            if base is None:
                told = f"{left or 'HEAD'} and {right or 'HEAD'} have no commit in common"
                raise AtocoreError("bad-value", told, "compare them directly: atocore diff A..B")
            return onto, base, to
        left, _, right = span.partition("..")
        return "", repository.resolve(left or "HEAD"), repository.resolve(right or "HEAD")

    def _differing(self, one: str, other: str) -> list[TreeChange]:
        if one == other:
            return []
        found = self.repository.tree_changes(one, other)
        return [change for change in found if is_page(change.path) and change.mode in FILES]

    def _files_of(self, differing: Iterable[TreeChange]) -> tuple[dict[str, bytes], dict[str, bytes]]:
        oids = {oid for one in differing for oid in (one.old_oid, one.new_oid) if oid}
        blobs = dict(self.repository.blobs(sorted(oids)))
        old = {one.path: blobs[one.old_oid] for one in differing if one.old_oid}
        return old, {one.path: blobs[one.new_oid] for one in differing if one.new_oid}

    def _made(
        self,
        snapshot: Snapshot,
        onto: str,
        brought: Mapping[str, bytes],
        gone: Iterable[str],
        project: str,
    ) -> tuple[ConflictAnswer, ...]:
        """The open conflicts that these files make where they come to the commit `onto`."""
        target = snapshot if onto == snapshot.commit else self._at(onto)
        wanted = [Change(path, target.raw_at(path), raw) for path, raw in sorted(brought.items())]
        wanted += [Change(path, target.raw_at(path), None) for path in sorted(gone)]
        plan = Plan(tuple(one for one in wanted if one.old != one.new), None)
        _, clashes = with_conflicts(target, plan)
        merged = AfterSnapshot(target, plan)
        told = []
        for clash in clashes:
            before = clash_in(target, clash.slot) if clash.slot else None
            same = before is not None and {m.id for m in before.members} == {m.id for m in clash.members}
            if not same and project in ("", clash.project):
                told.append(conflict_answer(merged, clash))
        return tuple(told)

    def _at(self, commit: str) -> MemorySnapshot:
        tree = self.repository.tree(commit)
        oids = {path: entry.oid for path, entry in tree.items() if entry.is_file and is_page(path)}
        blobs = dict(self.repository.blobs(sorted(set(oids.values()))))
        limit = self.settings.whole("limits.file_bytes")
        return MemorySnapshot({path: blobs[oid] for path, oid in oids.items()}, commit, limit)


def _as_stated(_: str) -> str:
    return ""


def _known(change: Changed) -> Record:
    record = change.after or change.before
    assert record is not None
    return record


def _counts(change: Changed) -> bool:
    """Whether a change is one of knowledge: an active side, or a conflict that people decided."""
    if _known(change).kind is Kind.CONFLICT:
        return change.step in _DECIDING
    return any(one is not None and one.status == "active" for one in (change.before, change.after))


def _answer(change: Changed) -> KnowledgeChange:
    record = _known(change)
    before, after = (claimed_value(one) if one is not None else "" for one in (change.before, change.after))
    return KnowledgeChange(
        change.step,
        record.id,
        str(record.kind),
        record.type,
        record.project,
        record.title,
        record.path,
        before,
        after,
        change.before.status if change.before is not None else "",
        change.after.status if change.after is not None else "",
        change.event.author,
        change.event.date,
        change.event.why,
    )
