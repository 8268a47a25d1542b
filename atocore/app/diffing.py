"""The verb `diff`: what became of knowledge between two commits, and which conflicts a merge would make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from atocore.app.answers import ConflictAnswer, conflict_answer
from atocore.app.diff_merge import Merge, merge
from atocore.app.querying_past import events_between
from atocore.app.writing import WritingSession
from atocore.errors import AtocoreError
from atocore.knowledge.changed import changes, keys_changed
from atocore.knowledge.conflicts.files import made_and_settled
from atocore.records.kinds import Kind
from atocore.records.past import Changed
from atocore.records.plan import Change, Plan
from atocore.records.record import Record, is_page
from atocore.records.slots import claimed_value
from atocore.records.snapshot import AfterSnapshot, Snapshot
from atocore.store.trees import FILES, TreeChange

_DECIDING = ("resolve", "dismiss", "reopen")


@dataclass(frozen=True, slots=True)
class KnowledgeChange:
    """What became of one record. `before` and `after` are what it claimed, `status_before` and `status` where
    it stood and stands ("" for no file); `keys` are the frontmatter keys that differ, with `text` for its
    body; `replaces` are the records that left in favour of it, whose claim is `before` then."""

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
    keys: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnowledgeDiff:
    """What became of knowledge from `base` to `to`. For `A...B` the base is where both part; `conflicts` are
    the open ones that a merge of B into A (`onto`) would make, `settled` those that it would end, and
    `unmerged` the files that both sides changed and a person has to merge first: they count for neither."""

    span: str
    base: str
    to: str
    onto: str
    changes: tuple[KnowledgeChange, ...]
    candidates: int
    conflicts: tuple[ConflictAnswer, ...]
    settled: tuple[ConflictAnswer, ...]
    unmerged: tuple[str, ...]
    notes: tuple[str, ...]


class DiffVerbs(WritingSession):
    """diff."""

    def diff(self, span: str = "", *, project: str = "") -> KnowledgeDiff:
        """Compare two commits: `A..B`, or `A...B` for what B brought since it parted from A; `A` is
        `A...HEAD`, and nothing is the default branch against HEAD. Raises `not-found`, or `bad-value` for two
        that have nothing in common."""
        snapshot = self.catch_up()
        onto, (base, *others), to = self._span_of(span)
        differing = self._differing(base, to)
        old, new = self._files_of(differing)
        events, notes = events_between(self, base, to)
        found = changes(old, new, self._counted if to == snapshot.commit else _as_stated, events)
        mine = [one for one in found if not project or _known(one).project == project]
        ours = self._differing(base, onto) if onto else []
        brought = merge(self.repository, ours, differing, others) if onto else Merge({}, ())
        held = {one.after.path for one in found if one.after and one.after.status != _stated(one.after)}
        made, settled = self._conflicts_of(snapshot, onto, brought, held, project) if onto else ((), ())
        return KnowledgeDiff(
            span,
            base,
            to,
            onto,
            tuple(_answers(mine)),
            sum(one.after is not None and one.after.status == "candidate" for one in mine),
            made,
            settled,
            brought.unmerged,
            tuple(notes),
        )

    def _counted(self, record_id: str) -> str:
        """The status that a record counts as: a machine's step on it is none."""
        record = self.catalog.get(record_id)
        return record.status if record is not None else ""

    def _span_of(self, span: str) -> tuple[str, list[str], str]:
        """Where a merge would go ("" for none asked), where the comparison starts (the first; the others are
        what branches that crossed have in common, too), and where it ends."""
        repository = self.repository
        if not span:
            span = f"{repository.default_branch()}...HEAD"
        left, dots, right = span.partition("...")
        if dots or ".." not in span:
            onto, to = repository.resolve(left or "HEAD"), repository.resolve(right or "HEAD")
            bases = repository.merge_bases(onto, to)
            if not bases:
                told = f"{left or 'HEAD'} and {right or 'HEAD'} have no commit in common"
                raise AtocoreError("bad-value", told, "compare them directly: atocore diff A..B")
            return onto, bases, to
        left, _, right = span.partition("..")
        return "", [repository.resolve(left or "HEAD")], repository.resolve(right or "HEAD")

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

    def _conflicts_of(
        self, snapshot: Snapshot, onto: str, brought: Merge, held: Iterable[str], project: str
    ) -> tuple[tuple[ConflictAnswer, ...], tuple[ConflictAnswer, ...]]:
        """The open conflicts that a merge into the commit `onto` makes, and those that it ends. What a
        machine's step made of files that are `held` counts for nothing."""
        paths = sorted(brought.files.keys() - set(held))
        if not paths:
            return (), ()  # and the other commit is not read
        target = self._at(snapshot, onto)
        wanted = (Change(path, target.raw_at(path), brought.files[path]) for path in paths)
        plan = Plan(tuple(one for one in wanted if one.old != one.new), None)
        after = AfterSnapshot(target, plan)
        sides = zip(made_and_settled(target, plan), (after, target), strict=True)
        made, settled = (
            tuple(conflict_answer(seen, one) for one in clashes if project in ("", one.project))
            for clashes, seen in sides
        )
        return made, settled

    def _at(self, snapshot: Snapshot, commit: str) -> Snapshot:
        """The vault at another commit, from what differs."""
        differing = self._differing(snapshot.commit, commit)
        if not differing:
            return snapshot
        _, new = self._files_of(differing)
        paths = (one.path for one in differing)
        return AfterSnapshot(snapshot, Plan(tuple(Change(p, None, new.get(p)) for p in paths), None))


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


def _stated(record: Record) -> str:
    return str(record.header.get("status") or "")


def _answers(found: Sequence[Changed]) -> Iterator[KnowledgeChange]:
    """What people are told: of a record and those that left in favour of it, one change."""
    known = {_known(one).id: one for one in found}
    left: dict[str, list[Changed]] = {}
    for one in found:
        heir = _heir(one, known)
        if heir and _counts(one):
            left.setdefault(heir, []).append(one)
    folded = {_known(one).id for some in left.values() for one in some}
    for one in found:
        record_id = _known(one).id
        if _counts(one) and record_id not in folded:
            yield _with_those_that_left(_answer(one), left.get(record_id, []))


def _heir(change: Changed, known: Mapping[str, Changed]) -> str:
    """The changed record that stands where a superseded one stood, "" where none does."""
    seen: set[str] = set()
    while change.after is not None and change.after.status == "superseded":
        heir = change.after.superseded_by
        if heir in seen or heir not in known:
            return ""
        seen.add(heir)
        change = known[heir]
    return _known(change).id if seen and _counts(change) else ""


def _with_those_that_left(answer: KnowledgeChange, left: Sequence[Changed]) -> KnowledgeChange:
    if not left:
        return answer
    claims = dict.fromkeys(claimed_value(one.before) for one in left if one.before is not None)
    return replace(
        answer, before=", ".join(filter(None, claims)), replaces=tuple(_known(one).id for one in left)
    )


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
        keys_changed(change.before, change.after),
    )
