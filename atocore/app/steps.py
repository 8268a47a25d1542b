"""The lifecycle's verbs: what a person decides about records, one commit each; what anyone may propose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from atocore.app.answers import Written, parts_of
from atocore.app.relating import RelatingVerbs
from atocore.errors import AtocoreError
from atocore.knowledge import births, leaks
from atocore.knowledge.review import merging
from atocore.knowledge.review import steps as review
from atocore.knowledge.review.deed import Deed
from atocore.records.header import Value
from atocore.records.plan import Plan
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot

if TYPE_CHECKING:
    from atocore.knowledge.review.queue import Queue, Wanted


@dataclass(frozen=True, slots=True)
class Already:
    """A record that says the same as a proposal, and what people decided about it."""

    id: str
    status: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposed(Written):
    """The answer to a proposal; `already` where the claim exists or was rejected, and nothing was written;
    `redacted` is how many secrets were taken out of it first."""

    already: Already | None = None
    redacted: int = 0


class StepVerbs(RelatingVerbs):
    """Promote, reject and their kin."""

    def promote(
        self,
        *ids: str,
        supersede: Sequence[str] = (),
        reason: str = "",
        if_hash: str = "",
        dry_run: bool = False,
    ) -> Written:
        """Make candidates active, superseding what they replace. `if_hash` refuses what changed since."""

        def decide(snapshot: Snapshot) -> Plan:
            old = tuple(self.lookup(name) for name in supersede)
            return review.promote(snapshot, self._all(ids), self.deed(reason), old)

        return self._bound("promote", decide, ids, if_hash, dry_run)

    def demote(self, *ids: str, reason: str = "", if_hash: str = "", dry_run: bool = False) -> Written:
        """Make active records candidates again."""
        return self._of_many("demote", review.demote, ids, reason, if_hash, dry_run)

    def confirm(self, *ids: str, reason: str = "", if_hash: str = "", dry_run: bool = False) -> Written:
        """Say that active records are still true today."""
        return self._of_many("confirm", review.confirm, ids, reason, if_hash, dry_run)

    def reject(self, *ids: str, reason: str = "", if_hash: str = "", dry_run: bool = False) -> Written:
        """Refuse candidates, with the reason; they are kept, so that they are not proposed again."""
        if not reason.strip():
            raise AtocoreError("usage", "a rejection needs its reason", "--reason TEXT")
        return self._of_many("reject", review.reject, ids, reason, if_hash, dry_run)

    def reject_wanted(self, wanted: Wanted, *, reason: str, dry_run: bool = False) -> Written:
        """Refuse every candidate that fits, put off or not, in one commit."""
        if not reason.strip():
            raise AtocoreError("usage", "a rejection needs its reason", "--reason TEXT")

        def decide(snapshot: Snapshot) -> Plan:
            records = self.queue(replace(wanted, all=True)).waiting
            if not records:
                raise AtocoreError("not-found", "no candidate fits", "atocore review --json tells what waits")
            return review.reject(snapshot, records, self.deed(reason))

        return self.step("reject", decide, dry_run=dry_run)

    def queue(self, wanted: Wanted, order: str = "best") -> Queue:
        """The candidates that wait today, of a vault that was caught up with."""
        from atocore.knowledge.review.queue import queue

        named = replace(wanted, ids=tuple(self.lookup(name).id for name in wanted.ids))
        for record_id in named.ids:
            record = self.lookup(record_id)
            if record.status != "candidate":
                raise AtocoreError(
                    "impossible-step",
                    f"{record_id} is {record.status or f'a {record.kind}'}: only a candidate is reviewed",
                    f"atocore show {record_id}",
                )
        return queue(self.catalog, named, order, self._now()[:10])

    def reopen(self, *ids: str, reason: str = "", if_hash: str = "", dry_run: bool = False) -> Written:
        """Make rejected records candidates again."""
        return self._of_many("reopen", review.reopen, ids, reason, if_hash, dry_run)

    def supersede(
        self, old: str, by: str, *, reason: str = "", if_hash: str = "", dry_run: bool = False
    ) -> Written:
        """Replace one active record by another active one."""

        def decide(snapshot: Snapshot) -> Plan:
            return review.supersede(snapshot, self.lookup(old), self.lookup(by), self.deed(reason))

        return self._bound("supersede", decide, (old,), if_hash, dry_run)

    def retire(self, *ids: str, reason: str = "", if_hash: str = "", dry_run: bool = False) -> Written:
        """Say that active records are no longer true, without a successor."""
        return self._of_many("retire", review.retire, ids, reason, if_hash, dry_run)

    def restore_record(
        self, *ids: str, reason: str = "", if_hash: str = "", dry_run: bool = False
    ) -> Written:
        """Make superseded or retired records active again."""
        return self._of_many("restore", review.restore, ids, reason, if_hash, dry_run)

    def merge(
        self, name: str, into: str, *, reason: str = "", if_hash: str = "", dry_run: bool = False
    ) -> Written:
        """Let a record leave in favour of one that says the same; that one keeps its text."""

        def decide(snapshot: Snapshot) -> Plan:
            return merging.merge(snapshot, self.lookup(name), self.lookup(into), self.deed(reason))

        return self._bound("merge", decide, (name,), if_hash, dry_run)

    def put_off(
        self, *ids: str, until: str, reason: str = "", if_hash: str = "", dry_run: bool = False
    ) -> Written:
        """Leave candidates out of the queue until a day (YYYY-MM-DD)."""

        def decide(snapshot: Snapshot) -> Plan:
            return review.put_off(snapshot, self._all(ids), self.deed(reason), until)

        return self._bound("put-off", decide, ids, if_hash, dry_run)

    def new(
        self,
        kind: str,
        text: str,
        *,
        type: str = "",
        status: str = "",
        reason: str = "",
        dry_run: bool = False,
        keys: Mapping[str, Value] | None = None,
        relations: Sequence[tuple[str, str]] = (),
    ) -> Written:
        """Create a record at any status (active where none is given). `keys` are further frontmatter,
        `relations` what it is related to: pairs of relation and record."""
        self.says_little_enough(text)
        births.checked(kind, type, status, text, keys or {})
        birth = births.checked(kind, type, status, text, self._with_relations(keys, kind, type, relations))

        def decide(_snapshot: Snapshot) -> Plan:
            return births.add(birth, self.new_id(birth.kind), self.deed(reason))

        return self.step("add", decide, dry_run=dry_run)

    def template(
        self, kind: str, *, type: str = "", status: str = "", keys: Mapping[str, Value] | None = None
    ) -> str:
        """The text of an empty record of a type, for an editor; nothing is written."""
        from atocore.knowledge.template import template

        birth = births.checked(kind, type, status, "-", keys or {})
        return template(replace(birth, text=""), self.new_id(birth.kind))

    def adopt(
        self,
        path: str,
        kind: str,
        *,
        type: str = "",
        status: str = "",
        reason: str = "",
        dry_run: bool = False,
    ) -> Written:
        """Give a committed note, or a record without an id, its id, kind, type and status."""
        birth = births.checked(kind, type, status, "x", {})

        def decide(snapshot: Snapshot) -> Plan:
            raw = snapshot.raw_at(path)
            if raw is None:
                raise AtocoreError("not-found", f"no committed page {path}", f"git add {path} && git commit")
            return births.adopt(birth, path, raw, self.new_id(birth.kind), self.deed(reason))

        return self.step("add", decide, dry_run=dry_run)

    def edit(self, name: str, text: bytes, *, reason: str = "", dry_run: bool = False) -> Written:
        """Put a record's whole new text in place of the old one, byte for byte as a person wrote it."""
        return self.step(
            "edit", lambda s: births.rewrite(s, self.lookup(name), text, self.deed(reason)), dry_run=dry_run
        )

    def propose(
        self,
        text: str,
        *,
        kind: str = "memory",
        type: str = "knowledge",
        by: str = "",
        dry_run: bool = False,
        keys: Mapping[str, Value] | None = None,
        relations: Sequence[tuple[str, str]] = (),
    ) -> Proposed:
        """Make a candidate, as anyone may, without the secrets; the same is never proposed twice. `relations`
        as in `new`."""
        self.says_little_enough(text)
        births.checked(kind, type, "candidate", text, keys or {})
        keys = self._with_relations(keys, kind, type, relations)
        clean, clean_keys = self.redact(text), leaks.redacted_keys(keys or {}, self.redact)
        taken_out = f"{clean}{clean_keys}".count("[REDACTED:") - f"{text}{keys}".count("[REDACTED:")
        birth = births.checked(kind, type, "candidate", clean, clean_keys)
        snapshot = self.catch_up()
        said = births.saying_the_same(snapshot, birth)
        if said is not None:
            already = Already(said.id, said.status, said.ruling.why)
            return Proposed(None, (), (), already=already, redacted=taken_out, dry_run=dry_run)
        plan = births.propose(birth, by, self.deed())
        self.fits(snapshot, plan)
        written = self.carry_out(snapshot, plan, dry_run=dry_run)
        return Proposed(**parts_of(written), redacted=taken_out)

    def _with_relations(
        self, keys: Mapping[str, Value] | None, kind: str, type_: str, relations: Sequence[tuple[str, str]]
    ) -> Mapping[str, Value]:
        """The keys of a record that is to be, with what it is related to."""
        if not relations:
            return keys or {}
        from atocore.knowledge import relating

        self.catch_up()
        named = [(relating.relation_named(name), target) for name, target in relations]
        related = [(name, self.record_named(target)) for name, target in named]
        return {**(keys or {}), "relations": relating.born_related(kind, type_, related)}

    def _all(self, names: Sequence[str]) -> tuple[Record, ...]:
        if not names:
            raise AtocoreError("usage", "no record is named", "give one or more ids")
        return tuple({record.id: record for record in map(self.lookup, names)}.values())

    def _of_many(
        self,
        name: str,
        plan: Callable[[Snapshot, tuple[Record, ...], Deed], Plan],
        ids: Sequence[str],
        reason: str,
        if_hash: str,
        dry_run: bool,
    ) -> Written:
        """Take a step on one or more records, in one commit."""
        return self._bound(name, lambda s: plan(s, self._all(ids), self.deed(reason)), ids, if_hash, dry_run)

    def _bound(
        self, name: str, decide: births.Decide, names: Sequence[str], if_hash: str, dry_run: bool
    ) -> Written:
        """Take a step, bound to what was seen of its one record where a hash is given."""
        if if_hash and len(names) != 1:
            raise AtocoreError("usage", "--if goes with one record", "take the step for each record alone")
        seen = [(names[0], if_hash)] if if_hash else []
        return self.step(name, decide, dry_run=dry_run, seen=seen)
