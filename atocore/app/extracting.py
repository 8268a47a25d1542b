"""Extraction as verbs: on request, and behind a capture where the settings ask for it.

Which captures nobody has looked at is noted in the catalog, a cache: losing it costs a second look, which
proposes nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from atocore.app.answers import Written, parts_of
from atocore.app.writing import WritingSession
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.knowledge.ingestion.wave import Limits, Passed, Wave
from atocore.knowledge.projects import project_of_folder
from atocore.records.kinds import Kind
from atocore.records.record import Record

if TYPE_CHECKING:
    from atocore.app.captured import Captured
    from atocore.app.extractors_asked import Offers

_CAPTURES = 200
"""So many captures are looked at in one round at most."""
_KEPT_IN = (Realm.LOCAL, Realm.COMMITTED)


@dataclass(frozen=True, slots=True)
class Ingested(Written):
    """What a wave did. `read` counts documents, `chunks` the passages of new and changed ones."""

    wave: str = ""
    read: int = 0
    unchanged: int = 0
    chunks: int = 0
    candidates: int = 0
    deferred: int = 0
    already: int = 0
    skipped: tuple[Passed, ...] = ()
    vanished: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    report: str = ""


class ExtractingVerbs(WritingSession):
    """extract, and what follows a capture."""

    def extract(
        self,
        *,
        source: str | Sequence[str] = (),
        since: str = "",
        project: str = "",
        dry_run: bool = False,
    ) -> Ingested:
        """Propose what sources and captures hold and nobody proposed yet, within the caps. Only those
        named by `source` (ids or paths), made `since` a date or so long ago, of a `project`, where given."""
        named = (source,) if isinstance(source, str) and source else tuple(source)
        return self.anew(lambda: self._extracted_from(named, since, project, dry_run))

    def _extracted_from(self, named: Sequence[str], since: str, project: str, dry_run: bool) -> Ingested:
        snapshot = self.catch_up(drafts=True)
        records = [*snapshot.select((Kind.SOURCE,)), *self._captures()]
        known = self._projects(records)
        records = [record for record in records if not project or known[record.id] == project]
        if named:
            records = _named(records, named)
        notes: tuple[str, ...] = ()
        if since:
            records, notes = self._since(records, since)
        done = self._asked_and_extracted(records, known, self.limits(), dry_run)
        return replace(done, notes=(*done.notes, *notes))

    def _asked_and_extracted(
        self, records: Sequence[Record], projects: dict[str, str], limits: Limits, dry_run: bool
    ) -> Ingested:
        """One extraction pass with whatever extractors the settings name and this machine permits; a dry run
        asks nobody anew."""
        offers = self._offers(records, projects, fresh=not dry_run)
        if offers is None:
            return self._carried(self._extraction(records, projects, limits), dry_run)
        from atocore.knowledge.ingestion import passes as ingestion

        self.catch_up(drafts=True)  # asking may have taken long
        wave = ingestion.extraction_pass(
            self.catalog, records, projects, limits, self.progress, offers.proposals, offers.passed
        )
        done = self._carried(wave, dry_run)
        told = f"passages left for the next extract: {offers.left}"
        return replace(done, notes=(*done.notes, told)) if offers.left else done

    def _offers(self, records: Iterable[Record], projects: dict[str, str], *, fresh: bool) -> Offers | None:
        """What extractors beside the rules offer; None where the settings name none."""
        wanted = self.settings.texts("extraction.extractors")
        if not wanted:
            return None
        from atocore.app.extractors_asked import Asking
        from atocore.knowledge.ingestion.offered import passages

        asking = Asking(wanted, self.vault, self.local_folder(), self.redact, self.progress, fresh=fresh)
        language = self.settings.text("search.language")
        return asking.about(
            passage
            for record in records
            for passage in passages(
                record, str(record.header.get("origin") or record.path), projects[record.id], language
            )
        )

    def _since(self, records: Iterable[Record], since: str) -> tuple[list[Record], tuple[str, ...]]:
        from atocore.knowledge.since import is_since, moment

        start = moment(since, self._now())
        dated = [record for record in records if record.created]
        undated = sum(1 for record in records if not record.created)
        told = f"{undated} without a date of their own are left out by --since"
        return [record for record in dated if is_since(record.created, start)], (told,) * bool(undated)

    def _extraction(self, records: Iterable[Record], projects: dict[str, str], limits: Limits) -> Wave:
        from atocore.knowledge.ingestion import passes as ingestion

        return ingestion.extraction_pass(self.catalog, records, projects, limits, self.progress)

    def _projects(self, records: Iterable[Record]) -> dict[str, str]:
        """The project of each source or capture: its own, else that of the folder the work was done in."""
        return {
            one.id: one.project or project_of_folder(self.catalog, str(one.header.get("cwd") or ""))
            for one in records
        }

    def _captures(self) -> list[Record]:
        committed = list(self.catalog.select((Kind.INTERACTION,)))
        local = (row.record for row in self.catalog.rows(Realm.LOCAL))
        return committed + [r for r in local if r is not None and r.kind is Kind.INTERACTION]

    def _carried(self, wave: Wave, dry_run: bool) -> Ingested:
        written = self.carry_out(self.catalog, wave.plan, dry_run=dry_run)
        return Ingested(
            **parts_of(written),
            wave=wave.id,
            read=wave.read,
            unchanged=wave.unchanged,
            chunks=wave.chunks,
            candidates=wave.candidates,
            deferred=wave.deferred,
            already=wave.already,
            skipped=wave.skipped,
            vanished=wave.vanished,
            moved=wave.moved,
            report=wave.report,
        )

    # -- behind a capture -------------------------------------------------------------------------------

    def follows_captures(self) -> bool:
        """Whether anything is to follow a capture: in conservative mode, nothing is."""
        return self.settings.text("capture.mode") != "conservative"

    def has_captures_due(self) -> bool:
        """Whether captures wait for extraction, and the queue has room for what they hold."""
        waits = self.follows_captures() and any(self.catalog.pending("extract", r, 1) for r in _KEPT_IN)
        return waits and self.limits().room > 0

    def extract_due(self) -> list[str]:
        """Extract from captures that nobody has looked at yet, oldest first, as many as one round takes; the
        commit, where candidates were born. What a cap holds back stays due."""
        if not self.has_captures_due():
            return []
        commits: list[str] = []
        left = _CAPTURES
        for realm in _KEPT_IN:
            marks = self.catalog.pending("extract", realm, left)
            left -= len(marks)
            commits += self._extracted(realm, marks) if marks else []
        return commits

    def _extracted(self, realm: Realm, marks: dict[str, int]) -> list[str]:
        rows = self.catalog.rows(realm, list(marks))
        found = [r for row in rows if (r := row.record) is not None and r.kind is Kind.INTERACTION]
        wave = self._extraction(found, self._projects(found), self.limits())
        commit = self.repository.apply(wave.plan) if wave.plan.changes else None
        held = {record.path for record in found if record.id in wave.held_back}
        with self.catalog.change():
            self.catalog.done(
                "extract", realm, {path: mark for path, mark in marks.items() if path not in held}
            )
        if commit is None:
            return []
        self.catch_up()
        return [commit]

    def followed_up(self, captured: Captured) -> Captured:
        """A capture with what its mode asks for done. It is on the disk already: whatever comes in the way of
        the rest is told, and the daemon's next round takes it up."""
        if not self.follows_captures():
            return captured
        if not self.on_machine_branch():
            return replace(captured, notes=("extraction waits: machines do not commit on this branch",))
        before = self.catalog.counts()
        try:
            self.catch_up(drafts=True)
            commits = self.extract_due()
        except AtocoreError as error:
            return replace(captured, notes=(f"extraction waits: {error.message}",))
        made = _candidates(self.catalog.counts()) - _candidates(before)
        return replace(captured, candidates=max(0, made), commit=commits[-1] if commits else None)


def _candidates(counts: dict[tuple[str, str], int]) -> int:
    return sum(number for (_, status), number in counts.items() if status == "candidate")


def _named(records: Sequence[Record], named: Sequence[str]) -> list[Record]:
    """The sources and captures of these ids or paths, each once."""
    found: dict[str, Record] = {}
    for name in named:
        same = [record for record in records if name in (record.id, record.path)]
        if not same:
            raise AtocoreError("not-found", f"no source or capture {name}", "atocore list --kind source")
        found |= {record.id: record for record in same}
    return list(found.values())
