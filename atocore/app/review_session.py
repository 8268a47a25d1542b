"""One person's way through the queue: what is shown next, and what became of each decision.

Knows no keys and draws nothing. Each decision is committed at once, or kept as a draft until the end where
they are to be one commit. Whatever ends the process, what was decided is committed or in the draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from atocore.app.answers import HistoryEntry, Written
from atocore.app.review_notes import ReviewNotes
from atocore.app.reviewing import ReviewVerbs
from atocore.errors import AtocoreError
from atocore.knowledge.review.card import Card
from atocore.knowledge.review.decisions import Decision, Together
from atocore.knowledge.review.deed import find
from atocore.knowledge.review.queue import Wanted
from atocore.knowledge.review.tracks import tracks
from atocore.records.plan import Plan
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot

_ONLY_THIS_ONE = frozenset({"dirty-file", "secret"})
"""Refusals that are about one file: the review goes on with the next candidate."""
_END = frozenset(
    {"machine-refused", "no-identity", "not-a-vault", "detached-head", "git-in-progress", "read-only"}
)
"""Refusals that every further decision would meet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown: the card, its place among those of this session, and how many more are put off."""

    card: Card
    position: int
    of: int
    put_off: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision: `written` where it was committed; `told` is for the person to read; `done`
    is false where nothing came of it."""

    done: bool
    told: tuple[str, ...] = ()
    written: Written | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing done in this session, for taking it back: a decision with its commit, or a skip without."""

    record: str
    decision: Decision | None = None
    commit: str = ""


@dataclass(slots=True)
class ReviewSession:
    """A session over the queue of a vault. `squash`: decisions become one commit at the end."""

    vault: ReviewVerbs
    wanted: Wanted
    order: str = "best"
    squash: bool = False
    limit: int = 0
    put_off: int = 0
    decided: int = 0
    _left: list[str] = field(default_factory=list)
    _passed: int = 0
    _done: list[_Step] = field(default_factory=list)
    _draft: list[Decision] = field(default_factory=list)
    _judged: Together | None = None
    _news: tuple[str, ...] = ()

    # -- the queue --------------------------------------------------------------------------------------

    def begin(self) -> tuple[str, ...]:
        """Look at the queue; what the person should know before the first card."""
        self.vault.permit("review")
        self.vault.catch_up()
        told: tuple[str, ...] = ()
        if self.squash:
            self._draft = self._notes().decisions()
            told = self._rejudged()
        found = self.vault.queue(self.wanted, self.order)
        self.put_off = found.put_off
        waiting = [record.id for record in found.waiting]
        skipped = [one for one in self._notes().skipped() if one in set(waiting)]
        decided = {one.record for one in self._draft if one.verb != "edit"}
        fresh = [one for one in waiting if one not in set(skipped)]
        born = [one.born for one in self._draft if one.born]
        self._left = [one for one in [*born, *fresh, *skipped] if one not in decided]
        if self.limit:
            self._left = self._left[: self.limit]
        return told

    def shown(self) -> Shown | None:
        """The next candidate as it is now, None where none is left; the committed vault is looked at anew."""
        snapshot = self._snapshot()
        while self._left:
            record = snapshot.get(self._left[0])
            if record is not None and record.status == "candidate":
                return self._shown(snapshot, record)
            self._left.pop(0)
            self._passed += 1
        return None

    def _shown(self, snapshot: Snapshot, record: Record) -> Shown:
        self.vault.catch_up(drafts=True, paths=[record.path])
        card = self.vault.card_of(snapshot, record, tracks(snapshot))
        return Shown(card, self._passed + 1, self._passed + len(self._left), self.put_off)

    @property
    def left(self) -> int:
        """How many still wait for a decision: those that are to be shown, and those that were skipped."""
        return len(self._left) + sum(step.decision is None for step in self._done)

    @property
    def last(self) -> str:
        """The verb of the last thing done in this session, `skip` for a skip, "" where nothing was."""
        if not self._done:
            return ""
        decision = self._done[-1].decision
        return decision.verb if decision else "skip"

    def text_of(self, record_id: str) -> bytes:
        """A candidate's file as it is with what is decided so far."""
        return find(self._snapshot(), record_id).raw

    def id_of(self, name: str) -> str:
        """The id of the one record that a person names; "" where there is none, or several."""
        try:
            return self.vault.lookup(name).id
        except AtocoreError:
            return ""

    def history(self, record_id: str) -> tuple[HistoryEntry, ...]:
        """A candidate's steps so far, newest first; none for what is not committed yet."""
        return self.vault.log(record_id).entries if self.vault.catch_up().get(record_id) else ()

    def source(self, record_id: str) -> Record | None:
        """The source or capture behind a candidate, where this clone has it."""
        return self.vault.origin_of(find(self._snapshot(), record_id))

    @property
    def drafted(self) -> int:
        """How many decisions wait to be committed."""
        return len(self._draft)

    def news(self) -> tuple[str, ...]:
        """What happened to earlier decisions since it was asked last."""
        told, self._news = self._news, ()
        return told

    def _notes(self) -> ReviewNotes:
        return ReviewNotes(self.vault.local_folder())

    def _snapshot(self) -> Snapshot:
        """The vault with what is decided so far."""
        base = self.vault.catch_up()
        if not self._draft:
            return base
        if self._judged is None or self._judged.commit != base.commit:
            self._news += self._rejudged()
        return self._judged.after if self._judged else base

    # -- deciding ---------------------------------------------------------------------------------------

    def decide(self, card: Card, verb: str, **said: str | tuple[str, ...]) -> Outcome:
        """Decide on the card that was shown. `said` are further fields of the decision."""
        decision = Decision(verb, card.id, card.hash, self.vault.now(), **said)  # type: ignore[arg-type]
        if verb == "graduate":
            decision = replace(decision, born=self.vault.entity_id())
        try:
            self.vault.permit(verb)
            written = None
            if self.squash:
                self._drafted(decision)
            else:
                written = self.vault.decide(decision)
        except AtocoreError as error:
            return self._refused(card, error)
        self._note(decision, written)
        notes = written.notes if written else ()
        return Outcome(True, notes, written)

    def _refused(self, card: Card, error: AtocoreError) -> Outcome:
        """What a refusal means for the session: on with the next one, this one again, or the end."""
        told = (error.message, *([f"  -> {error.hint}"] if error.hint else []))
        if error.code in _ONLY_THIS_ONE:
            self.skip(card)
            return Outcome(False, told)
        if error.code in _END:
            raise error
        return Outcome(False, told)

    def _drafted(self, decision: Decision) -> None:
        """Keep a decision for the one commit at the end, if it can be one."""
        snapshot = self._snapshot()
        before = self._judged if self._draft else None
        judged = self.vault.judged(snapshot, [decision], before)
        for refused in judged.refused:
            raise refused.error
        self._refuse_dirty(judged.plan, before.plan if before else Plan((), None))
        self._judged = judged
        self._draft.append(decision)
        self._notes().keep(self._draft)

    def _refuse_dirty(self, plan: Plan, before: Plan) -> None:
        """What the one commit would refuse at the end is refused now, while the person is looking at it."""
        known = {change.path for change in before.changes}
        new = [change.path for change in plan.changes if change.path not in known]
        dirty = [one.path for one in self.vault.repository.dirty(new)] if new else []
        if dirty:
            told = f"uncommitted edits in {', '.join(sorted(dirty))}"
            raise AtocoreError("dirty-file", told, "commit them, or put them aside with git stash")

    def _note(self, decision: Decision, written: Written | None) -> None:
        commit = written.commit or "" if written else ""
        self.put_off += decision.verb == "put-off"
        self._done.append(_Step(decision.record, decision, commit))
        self.decided += 1
        self._drop_skipped(decision.record)
        if decision.verb == "edit":
            return  # it is shown again, as it is now
        self._pass_on(decision.record)
        if decision.born:
            self._left.insert(0, decision.born)

    def skip(self, card: Card) -> None:
        """Leave a candidate for another time: it comes after all that were not skipped."""
        self._pass_on(card.id)
        self._done.append(_Step(card.id))
        skipped = [one for one in self._notes().skipped() if one != card.id]
        self._notes().skip([*skipped, card.id])

    def _pass_on(self, record_id: str) -> None:
        if record_id in self._left:
            self._left.remove(record_id)
            self._passed += 1

    def _drop_skipped(self, record_id: str) -> None:
        skipped = self._notes().skipped()
        if record_id in skipped:
            self._notes().skip([one for one in skipped if one != record_id])

    def undo(self) -> Outcome:
        """Take the last thing of this session back; its candidate is shown again."""
        if not self._done:
            return Outcome(False, ("nothing was decided in this session",))
        step = self._done[-1]
        told: tuple[str, ...] = ("skipped no longer",)
        written = None
        if step.decision is None:
            self._drop_skipped(step.record)
        elif self.squash:
            told = self._without(step.decision)
        elif step.commit:
            try:
                written = self.vault.undo(step.commit)
            except AtocoreError as error:
                return Outcome(False, (error.message, *([f"  -> {error.hint}"] if error.hint else [])))
            told = written.notes
        self._done.pop()
        self._taken_back(step)
        return Outcome(True, told, written)

    def _without(self, decision: Decision) -> tuple[str, ...]:
        self._draft.remove(decision)
        told = self._rejudged()
        self._notes().keep(self._draft)
        return ("taken back", *told)

    def _taken_back(self, step: _Step) -> None:
        self.decided -= step.decision is not None
        self.put_off -= step.decision is not None and step.decision.verb == "put-off"
        if step.decision is not None and step.decision.born in self._left:
            self._left.remove(step.decision.born)
        if step.record not in self._left:
            self._passed = max(0, self._passed - 1)
            self._left.insert(0, step.record)

    # -- one commit at the end --------------------------------------------------------------------------

    def _rejudged(self) -> tuple[str, ...]:
        """Judge the draft on the vault as it is now; what does not fit any more is to be decided again."""
        base = self.vault.catch_up()
        judged = self.vault.judged(base, self._draft)
        self._judged = judged
        if not judged.refused:
            return ()
        self._draft = list(judged.taken)
        self._notes().keep(self._draft)
        again = list(dict.fromkeys(one.decision.record for one in judged.refused))
        self._left = [*again, *(one for one in self._left if one not in again)]
        return tuple(f"to be decided again: {one.error.message}" for one in judged.refused)

    def finish(self) -> Outcome:
        """Commit the draft, all of it in one commit. Where something changed meanwhile nothing is committed,
        and what changed is to be decided again."""
        if not self._draft:
            return Outcome(True)
        again = self._rejudged()
        if again:
            return Outcome(False, again)
        written = self.vault.decide_all(self._draft)
        self._draft, self._judged = [], None
        self._notes().keep([])
        return Outcome(True, written.notes, written)

    def drop(self) -> int:
        """Forget the decisions that wait; how many they were."""
        number = len(self._notes().decisions())
        self._notes().keep([])
        self._draft, self._judged = [], None
        return number

    def waiting_decisions(self) -> Sequence[Decision]:
        """The decisions that an earlier session left uncommitted."""
        return self._notes().decisions()
