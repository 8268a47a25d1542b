"""The review's verbs: the queue with its cards, decisions on it, and decisions on many at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from atocore.app.answers import Written
from atocore.app.auditing import AuditingVerbs
from atocore.app.steps import StepVerbs
from atocore.app.waiting import Waiting, longest_waiting
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.knowledge.ingestion.known import Refusals
from atocore.knowledge.review.card import Card, card
from atocore.knowledge.review.decisions import Decision, Together, decide, together
from atocore.knowledge.review.queue import Wanted
from atocore.knowledge.review.tracks import Track, tracks
from atocore.records.kinds import Kind
from atocore.records.plan import Plan
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot
from atocore.records.statement import normal_statement

_ASKED_WORDS = 32  # words of a statement that others are looked for with
_FOUND = 10


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The queue as it was asked for: `waiting` candidates fit, `put_off` of them are left out until their
    day; `total` and `longest_waiting` are of the whole vault; at `max_open` extraction stops filling it."""

    commit: str
    order: str
    waiting: int
    put_off: int
    total: int
    max_open: int
    longest_waiting: Waiting | None
    cards: tuple[Card, ...]


class ReviewVerbs(StepVerbs, AuditingVerbs):
    """review, and promoting or rejecting in bulk."""

    def review(self, *ids: str, order: str = "best", limit: int = 0, **filters: Any) -> Reviewed:
        """The candidates that wait, each with all that a decision needs; `limit` 0 means all. `filters` are
        the fields of `knowledge.review.queue.Wanted`."""
        return self.waiting(Wanted(ids=ids, **filters), order=order, limit=limit)

    def waiting(self, wanted: Wanted, *, order: str = "best", limit: int = 0) -> Reviewed:
        """See `review`."""
        if limit < 0:
            raise AtocoreError("usage", "a limit is no negative number", "0 means all")
        snapshot = self.catch_up(drafts=True)
        found = self.queue(wanted, order)
        known = tracks(snapshot)
        shown = found.waiting[:limit] if limit else found.waiting
        return Reviewed(
            commit=snapshot.commit,
            order=order,
            waiting=len(found.waiting),
            put_off=found.put_off,
            total=len(found.every),
            max_open=self.settings.whole("extraction.max_open"),
            longest_waiting=longest_waiting(self.repository, found.every),
            cards=tuple(self._cards(snapshot, shown, known)),
        )

    def _cards(self, snapshot: Snapshot, records: Sequence[Record], known: Sequence[Track]) -> Iterator[Card]:
        refusals = Refusals(snapshot)
        for done, record in enumerate(records, 1):
            self.progress("reading candidates", done, len(records))
            yield self.card_of(snapshot, record, known, refusals)

    def card_of(
        self,
        snapshot: Snapshot,
        record: Record,
        known: Sequence[Track],
        refusals: Refusals | None = None,
    ) -> Card:
        """A candidate's card on a snapshot: the committed vault, or what decisions so far make of it."""
        return card(
            snapshot,
            record,
            origin=self.origin_of(record),
            found=self._alike(record),
            known=known,
            draft=self._saved(record),
            refusals=refusals,
        )

    def origin_of(self, record: Record) -> Record | None:
        """The source or capture behind a candidate, where this clone has it."""
        came = record.provenance
        if came.source:
            return self.catalog.get(came.source)
        if not came.interaction:
            return None
        return self.catalog.get(came.interaction) or self.catalog.local(came.interaction)

    def _alike(self, record: Record) -> list[Record]:
        """What a search for the candidate's words finds; nothing where the index cannot be asked."""
        from atocore.index.queries import Filters
        from atocore.index.shelves import Shelf

        query = " ".join(normal_statement(record.body).split()[:_ASKED_WORDS])
        kinds = frozenset(str(kind) for kind in (Kind.MEMORY, Kind.ENTITY, Kind.STATE))
        try:
            among = {Shelf.COMMITTED: Filters(kinds=kinds)}
            found = self.engine.find(query, among, meaning=False, records=_FOUND)
        except AtocoreError:
            return []
        ids = dict.fromkeys(hit.passage.record for hit in found.words if hit.passage.record != record.id)
        return [one for one in map(self.catalog.get, list(ids)[:_FOUND]) if one is not None]

    def _saved(self, record: Record) -> str:
        """What a person has saved over a candidate and not committed: its status there, `edited`, `deleted`
        or `broken`; "" where nothing is."""
        for row in self.catalog.rows(Realm.DRAFT, [record.path]):
            if row.deleted:
                return "deleted"
            if row.record is None:
                return "broken"
            return row.record.status if row.record.status != record.status else "edited"
        return ""

    # -- deciding ---------------------------------------------------------------------------------------

    def decide(self, decision: Decision) -> Written:
        """Carry out one decision of a review, in a commit of its own."""
        return self.step(decision.verb, lambda s: decide(s, decision, self.deed()))

    def judged(
        self, snapshot: Snapshot, decisions: Sequence[Decision], so_far: Together | None = None
    ) -> Together:
        """Several decisions (after those `so_far`) as one plan on a snapshot, with those that do not fit."""
        for verb in {decision.verb for decision in decisions}:
            self.permit(verb)

        def check(now: Snapshot, plan: Plan) -> None:
            self.fits(now, plan)
            self.keeps_secrets_out(plan)

        return together(snapshot, decisions, self.deed(), check, so_far)

    def decide_all(self, decisions: Sequence[Decision], *, dry_run: bool = False) -> Written:
        """Carry out several decisions in one commit, or none of them: the first that does not fit is the
        error."""

        def plan(snapshot: Snapshot) -> Plan:
            done = self.judged(snapshot, decisions)
            if done.refused:
                raise done.refused[0].error
            return done.plan

        return self.step("review", plan, dry_run=dry_run)

    def named(self, decision: Decision) -> Decision:
        """A decision with the other records that a person named by whole ids. `not-found`, `ambiguous`."""
        return replace(
            decision,
            into=self.lookup(decision.into).id if decision.into else "",
            supersede=tuple(self.lookup(name).id for name in decision.supersede),
        )

    def entity_id(self) -> str:
        """A fresh id for what a decision to graduate bears."""
        return self.new_id(Kind.ENTITY)

    def usual_entity_type(self, record_id: str) -> str:
        """The entity type that a memory becomes where a person names none; "" where its home is in L1."""
        from atocore.knowledge.review.entity_types import fitting_type, is_home

        memory = self.lookup(record_id)
        return "" if is_home(memory.type) else fitting_type(memory).type

    def now(self) -> str:
        """The time that a decision carries."""
        return self._now()
