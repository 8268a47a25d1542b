"""reinforce: which active memories the answers of captures used, told in this clone's monthly reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from atocore.app.answers import Written, parts_of
from atocore.app.clone import clone_name, named_clone
from atocore.app.extracting import ExtractingVerbs
from atocore.app.indexing import IndexingVerbs
from atocore.app.used import committed_pages
from atocore.index.catalog_rows import Realm
from atocore.knowledge import reinforcement
from atocore.knowledge.reinforcement import Use
from atocore.records.ids import encode
from atocore.records.kinds import Kind
from atocore.records.record import Record

if TYPE_CHECKING:
    from atocore.knowledge.uses import Answer

_CAPTURES = 50
"""So many captures are looked at in one round at most."""
_MEMORIES = 8
"""So many memories are looked at that a search finds for one sentence."""
_KEPT_IN = (Realm.LOCAL, Realm.COMMITTED)


@dataclass(frozen=True, slots=True)
class Reinforcing(Written):
    """What was found: `read` counts captures with an answer, `uses` are new, `known` were counted before.
    `mode` is `hybrid`, or `words` where meaning could not be asked."""

    read: int = 0
    uses: tuple[Use, ...] = ()
    known: int = 0
    mode: str = "words"
    reports: tuple[str, ...] = ()


class ReinforcingVerbs(IndexingVerbs, ExtractingVerbs):
    """reinforce, and what follows a capture in that mode."""

    def reinforce(
        self, *, since: str = "", project: str = "", words: bool = False, dry_run: bool = False
    ) -> Reinforcing:
        """Look for uses in the answers of captures (made `since` a date or so long ago, of a `project`), and
        append them to the reports; `words` leaves meaning out."""
        self.catch_up(drafts=True)
        captures = self._captures()
        projects = self._projects(captures)
        captures = [one for one in captures if not project or projects[one.id] == project]
        notes: list[str] = []
        if since:
            captures, told = self._since(captures, since)
            notes += told
        if not words:
            notes += self.embed_all()
        return self._reinforced(captures, projects, words, dry_run, notes)

    def _reinforced(
        self,
        captures: list[Record],
        projects: dict[str, str],
        words: bool,
        dry_run: bool,
        notes: Iterable[str] = (),
    ) -> Reinforcing:
        from atocore.knowledge.uses import answer_of

        captures = sorted((one for one in captures if one.created), key=lambda one: (one.created, one.id))
        finder = _Finder(self, words)
        found: list[Use] = []
        read = 0
        for done, capture in enumerate(captures, 1):
            self.progress("looking for uses", done, len(captures))
            answer = answer_of(capture)
            if answer.sentences:
                read += 1
                found += finder.uses_by(capture, answer, projects[capture.id])
        pages = committed_pages(self)
        plan = reinforcement.reports(self._clone(make=not dry_run), found, pages)
        told = self.carry_out(self.catalog, plan, dry_run=dry_run)
        known = {(use.capture, use.memory) for page in pages.values() for use in reinforcement.uses_in(page)}
        new = tuple(use for use in reinforcement.strongest(found) if (use.capture, use.memory) not in known)
        return Reinforcing(
            **parts_of(replace(told, notes=(*told.notes, *dict.fromkeys([*notes, *finder.notes])))),
            read=read,
            uses=new,
            known=len(reinforcement.strongest(found)) - len(new),
            mode=finder.mode,
            reports=tuple(change.path for change in plan.changes),
        )

    # -- behind a capture -------------------------------------------------------------------------------

    def has_uses_due(self) -> bool:
        """Whether captures wait to be looked at for uses."""
        asked = self.settings.text("capture.mode") == "reinforce"
        return asked and any(self.catalog.pending("reinforce", realm, 1) for realm in _KEPT_IN)

    def reinforce_due(self) -> list[str]:
        """Look for uses in captures that nobody has looked at yet, as many as one round takes; the commits.
        Where embeddings are still being computed they wait, so that meaning is asked of every one."""
        if not self.has_uses_due() or self._embeddings_lag():
            return []
        commits = []
        for realm in _KEPT_IN:
            marks = self.catalog.pending("reinforce", realm, _CAPTURES)
            rows = self.catalog.rows(realm, list(marks))
            found = [r for row in rows if (r := row.record) is not None and r.kind is Kind.INTERACTION]
            if found:
                done = self._reinforced(found, self._projects(found), False, False)
                commits += [done.commit] if done.commit else []
            with self.catalog.change():
                self.catalog.done("reinforce", realm, marks)
        return commits

    def _embeddings_lag(self) -> bool:
        from atocore.index.embedding import EmbedderUnavailable

        if self.catalog.waiting("vectors") <= self.catalog.failures():
            return False
        try:
            self.model.get()
        except EmbedderUnavailable:
            return False
        return True

    # -- reports ----------------------------------------------------------------------------------------

    def _clone(self, *, make: bool) -> str:
        """This clone's name in its reports. A clone that lost it has another from then on; what it told stays
        where it is."""
        if make:
            return named_clone(self.local_folder(), self._entropy)
        return clone_name(self.local_folder()) or encode(self._entropy())[:8]


class _Finder:
    """Looks for memories that sentences of an answer bear on, and judges each."""

    def __init__(self, session: ReinforcingVerbs, words: bool) -> None:
        self._session = session
        self._by_meaning = not words
        self._enough = session.settings.number("reinforcement.words")
        self._close = session.settings.number("reinforcement.meaning")
        self.mode = "words" if words else "hybrid"
        self.notes: list[str] = []

    def uses_by(self, capture: Record, answer: Answer, project: str) -> Iterator[Use]:
        """The uses that an answer makes."""
        from atocore.knowledge import uses

        near = self._near(answer, project)
        for memory_id, closeness in sorted(near.items()):
            memory = self._session.catalog.get(memory_id)
            if memory is None or memory.status != "active" or not uses.could_use(capture, memory, project):
                continue
            share, words = uses.wording(answer, memory)
            is_close = closeness is not None and closeness >= self._close
            if (share >= self._enough or is_close) and not uses.said_before(answer, memory, self._enough):
                yield Use(capture.id, memory.id, capture.created[:10], round(share, 2), words, closeness)

    def _near(self, answer: Answer, project: str) -> dict[str, float | None]:
        """The memories that searches find for the answer's sentences, with how close the closest of those is
        that says nothing else; None where meaning could not be asked."""
        from atocore.index.queries import Filters
        from atocore.index.shelves import Shelf
        from atocore.knowledge.uses import says_no_other

        among = Filters(
            kinds=frozenset({"memory"}),
            statuses=frozenset({"active"}),
            projects=frozenset({project, ""}) if project else None,
        )
        near: dict[str, float | None] = {}
        for sentence in answer.sentences:
            found = self._session.engine.find(
                sentence, {Shelf.COMMITTED: among}, meaning=self._by_meaning, records=_MEMORIES
            )
            for hit in found.words:
                near.setdefault(hit.passage.record, None)
            if found.vectors is None and self._by_meaning:
                self._by_meaning, self.mode = False, "words"
                self.notes += found.notes
            for hit in found.vectors or ():
                memory = self._session.catalog.get(hit.passage.record)
                if memory is not None and says_no_other(sentence, memory):
                    score = round(min(1.0, hit.score), 2)
                    near[memory.id] = max(score, near.get(memory.id) or 0.0)
        return near
