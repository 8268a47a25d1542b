"""A session that takes steps: what the verbs that write share.

Deciding is a pure function's; here its plan is checked, committed together with the conflict files that it
makes or settles, and told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import unified_diff
from itertools import islice
from typing import TypeVar

from atocore.app.answers import RecordAnswer, Written, conflict_answer, record_answer
from atocore.app.offers import first_offer
from atocore.app.session import Session
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.knowledge import halfsteps, leaks, policy
from atocore.knowledge.conflicts.clash import Clash
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.homes import in_words, said_twice
from atocore.knowledge.ingestion.known import Refusals
from atocore.knowledge.ingestion.wave import Limits
from atocore.knowledge.review.deed import Deed
from atocore.records.codec import read
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Actor, Plan
from atocore.records.record import Record, printable
from atocore.records.remembered import remembered
from atocore.records.snapshot import AfterSnapshot, Snapshot

_T = TypeVar("_T")
_TRIES = 3
_TOLD = 10


class WritingSession(Session):
    """An open vault whose verbs write."""

    def deed(self, why: str = "") -> Deed:
        """Who acts now, as a ruling tells it."""
        identity = self.repository.identity()
        by = f"{identity[0]} <{identity[1]}>" if identity and self.actor is Actor.PERSON else "an assistant"
        return Deed(by=by, at=self._now(), why=why, actor=self.actor)

    def permit(self, step: str) -> None:
        """Refuse a person's step to a machine."""
        policy.permit(step, self.actor, self.settings)

    def step(
        self,
        name: str,
        decide: Callable[[Snapshot], Plan],
        *,
        dry_run: bool = False,
        seen: Iterable[tuple[str, str]] = (),
    ) -> Written:
        """Take one step: `decide` on the committed vault, commit its plan, catch up.

        `seen` binds it to what was looked at: (record id, hash) pairs that must still hold.
        """
        self.permit(name)
        snapshot = remembered(self.catch_up())  # deciding and looking for conflicts ask much the same
        for name_seen, expected in seen:
            record = self.lookup(name_seen)
            present = view_hash(snapshot, record)
            if present != expected:
                raise AtocoreError(
                    "changed-meanwhile",
                    f"{record.id}: the record or its slot changed since it was shown",
                    f"look again: atocore show {record.id} (its hash is {present} now)",
                )
        plan = decide(snapshot)
        self.fits(snapshot, plan)
        self.keeps_secrets_out(plan)
        return self.carry_out(snapshot, plan, dry_run=dry_run)

    @staticmethod
    def anew(decide_and_apply: Callable[[], _T]) -> _T:
        """A machine's step; decided anew where somebody else's commit came between deciding and applying."""
        for _ in range(_TRIES - 1):
            try:
                return decide_and_apply()
            except AtocoreError as error:
                if error.code != "changed-meanwhile":
                    raise
        return decide_and_apply()

    def limits(self) -> Limits:
        """How many candidates one pass may make, and how many wait already."""
        waiting = sum(n for (_, status), n in self.catalog.counts().items() if status == "candidate")
        per_pass, most = (self.settings.whole(f"extraction.{name}") for name in ("max_per_pass", "max_open"))
        return Limits(per_pass, most, waiting)

    def says_little_enough(self, text: str) -> None:
        """Refuse a text that no file may hold, before anything is made of it."""
        limit = self.settings.whole("limits.file_bytes")
        if len(text) > limit:
            told = f"the text has {len(text):,} characters; a file's limit is {limit:,} bytes"
            raise AtocoreError("bad-value", told, "say it in fewer words, or raise limits.file_bytes")

    @staticmethod
    def names_a_project(project: str) -> None:
        """Refuse a name of a project that no record can hold, once and not for each document or fact."""
        if len(project.splitlines()) > 1 or printable(project) != project:
            told = f"project {project!r} holds a line break or a control character"
            raise AtocoreError("bad-value", told, "give it in one line of plain text")

    def fits(self, snapshot: Snapshot, plan: Plan) -> None:
        """Refuse what would be a problem at once: a file over the limit, or a birth where a file stands."""
        limit = self.settings.whole("limits.file_bytes")
        for change in plan.changes:
            if change.new is not None and len(change.new) > limit:
                told = f"{change.path} would have {len(change.new):,} bytes; the limit is {limit:,}"
                raise AtocoreError("bad-value", told, "say it in fewer words, or raise limits.file_bytes")
            if change.old is None and change.new is not None and snapshot.raw_at(change.path) is not None:
                raise AtocoreError(
                    "exists", f"{change.path} is there already", "edit it, or choose another name"
                )

    def keeps_secrets_out(self, plan: Plan) -> None:
        """Refuse a step that would write a secret into git, with the line and the way out."""
        leaks.refuse(self.leaks_of(plan), plan)

    def leaks_of(self, plan: Plan) -> list[leaks.Leak]:
        """The secrets that a plan would write into git, but for what the settings allow."""
        from atocore.app import resources

        allowed = self.settings.texts("secrets.false_alarms")
        return leaks.leaks_of_step(plan, resources.secret_finder(), allowed)

    def redact(self, text: str) -> str:
        """A text without its secrets, but for what the settings allow."""
        from atocore.app import resources

        return leaks.redacted(text, resources.secret_finder(), self.settings.texts("secrets.false_alarms"))

    def carry_out(self, snapshot: Snapshot, plan: Plan, *, dry_run: bool = False) -> Written:
        """Commit a plan together with the conflict files that it makes or settles."""
        policy.keep_trusted(plan, self.actor, self.settings)
        decided = plan
        plan, clashes = with_conflicts(snapshot, plan)
        if dry_run:
            after = AfterSnapshot(snapshot, plan)
            return replace(self.written(None, plan, after, clashes), dry_run=True, diff=diff_of(plan))
        waiting = self.catalog.waiting("conflicts")
        commit = self.repository.apply(plan) if plan.changes else None
        self.catch_up()
        if not waiting and commit is not None and commit == self.catalog.commit:
            self._note_looked_at(decided, plan)
        by_person = self.actor is Actor.PERSON
        notes = self._finish_hand_made() if by_person else ()
        written = self.written(commit, plan, self.catalog, clashes)
        lacking = first_offer(self.repository, self.local_folder()) if by_person else ()
        return replace(written, notes=notes, hints=(*written.hints, *lacking))

    def written(
        self,
        commit: str | None,
        plan: Plan,
        snapshot: Snapshot,
        clashes: tuple[Clash, ...],
    ) -> Written:
        """The answer of a writing verb."""
        answers: list[RecordAnswer] = []
        records: list[Record] = []
        snapshot = remembered(snapshot)
        refusals = Refusals(snapshot)
        for change in plan.changes:
            raw = snapshot.raw_at(change.path)
            record = read(change.path, raw, max_bytes=len(raw)).record if raw is not None else None
            if record is not None and record.kind is not Kind.CONFLICT:
                records.append(record)
                answers.append(record_answer(snapshot, record, refusals=refusals))
        hints = tuple(islice((in_words(*pair) for pair in said_twice(snapshot, records)), _TOLD))
        conflicts = tuple(conflict_answer(snapshot, clash) for clash in clashes)
        return Written(commit, tuple(answers), conflicts, hints=hints)

    def _note_looked_at(self, decided: Plan, written: Plan) -> None:
        """What a step changed was looked at for conflicts with it: no second look where nothing else changed
        meanwhile, but for a step on conflict files, whose own are left as it wrote them."""
        pending = self.catalog.pending("conflicts", Realm.COMMITTED)
        folder = f"{KINDS[Kind.CONFLICT].folder}/"
        is_own = pending.keys() <= {change.path for change in written.changes}
        if is_own and not any(change.path.startswith(folder) for change in decided.changes):
            with self.catalog.change():
                self.catalog.done("conflicts", Realm.COMMITTED, pending)

    def _finish_hand_made(self) -> tuple[str, ...]:
        """Write what steps made by hand still lack, and the files of conflicts they made; what is in the way
        of that is told, and does not fail the step that was taken."""
        notes: list[str] = []
        try:
            self._finish("steps", notes, lambda p: halfsteps.rest_of_steps(self.catalog, p, self.deed()))
            self._finish("conflicts", notes, lambda p: halfsteps.missing_conflict_files(self.catalog, p))
        except AtocoreError as error:
            return (*notes, f"what was done by hand is not completed yet: {error.message}")
        return tuple(notes)

    def _finish(self, part: str, notes: list[str], decide: Callable[[list[str]], Plan]) -> None:
        """Commit what `decide` finds lacking of what nobody looked at yet."""
        pending = self.catalog.pending(part, Realm.COMMITTED)
        plan = decide(list(pending))
        if plan.changes:
            assert plan.message is not None
            self.repository.apply(plan)
            notes.append(plan.message.subject)
            self.catch_up()
        with self.catalog.change():
            self.catalog.done(part, Realm.COMMITTED, pending)

    def on_machine_branch(self) -> bool:
        """Whether the branch that is checked out is the one machines commit on."""
        return self.repository.branch_ref() == f"refs/heads/{self.machine_branch()}"

    def machine_branch(self) -> str:
        """The branch machines commit on."""
        return self.settings.text("machine_branch") or self.repository.default_branch()


def diff_of(plan: Plan) -> str:
    """A plan as a person reviews it: unified diffs, then the commit message."""
    parts = []
    for change in plan.changes:
        old = _lines(change.old)
        new = _lines(change.new)
        names = (f"a/{change.path}" if change.old is not None else "/dev/null", f"b/{change.path}")
        parts += [line if line.endswith("\n") else f"{line}\n" for line in unified_diff(old, new, *names)]
    if plan.message is not None:
        parts += ["\n", plan.message.text()]
    return "".join(parts)


def _lines(raw: bytes | None) -> list[str]:
    return raw.decode("utf-8", "replace").splitlines(keepends=True) if raw is not None else []
