"""Where the vault and its index stand: commit, coverage, backlog, drafts, problems."""

from __future__ import annotations

import json
from dataclasses import dataclass

from atocore import __version__
from atocore.app import hook_script
from atocore.app.auditing import AuditingVerbs
from atocore.app.build import build
from atocore.app.drafted import draft_conflicts
from atocore.app.extractor_standing import ExtractorStanding, standings
from atocore.app.hook_runs import HookRuns, runs_in
from atocore.app.mirror_problems import BUILT, OWED, MirrorStands
from atocore.app.offers import Offer, offers_told
from atocore.app.waiting import Waiting, longest_waiting
from atocore.index.catalog_rows import Realm
from atocore.index.passages import FORMAT
from atocore.index.shelves import Shelf
from atocore.knowledge.review.queue import WAITING_KINDS, is_put_off
from atocore.knowledge.review.tracks import Track, tracks
from atocore.records.problem import Problem, Severity, is_left_out


@dataclass(frozen=True, slots=True)
class Named:
    """A file, and why it is named."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the vault the index covers: `files` understood and searchable, `of` all, and each of the
    others with its reason."""

    files: int
    of: int
    missing: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the index was behind when it was asked: commits not seen yet (-1 where git cannot tell),
    and files whose text was not taken in. `vectors` is how many files still have no embedding, and are found
    by words only."""

    commits: int
    text: int
    vectors: int


@dataclass(frozen=True, slots=True)
class Status:
    """Where the vault and its index stand. `build_sha` is the commit that this AtoCore is of, or `unknown`;
    `records` counts committed records by `kind/status`; `model` names
    the space of the vectors held, "" where there are none; `unknown` is what could not be looked at, and
    stays as it was last seen; `not_embedded` is what the model failed on, and is tried again;
    `put_off` of the candidates wait for a later day, `max_open` is where extraction stops adding to them,
    `longest_waiting` is the oldest; `tracks` tells what people kept of what each rule, assistant and tool
    proposed; `draft_conflicts_count` is what committing the drafts would add; `hook` is how the capture
    hook's runs on this machine ended, `extractors` how those
    stand that the settings name; `mirror` what is known of the pages for people; `offers` what this clone
    lacks that no clone brings along, and did not decline."""

    version: str
    build_sha: str
    vault: str
    branch: str | None
    in_progress: str | None
    commit: str
    indexed_commit: str
    lag: Lag
    covered: Coverage
    unknown: tuple[Named, ...]
    not_embedded: tuple[Named, ...]
    model: str
    drafts: tuple[str, ...]
    records: dict[str, int]
    candidates: int
    put_off: int
    max_open: int
    longest_waiting: Waiting | None
    tracks: tuple[Track, ...]
    open_conflicts_count: int
    draft_conflicts_count: int
    problems: dict[str, int]
    notes: tuple[str, ...]
    actor: str
    hook: HookRuns
    mirror: MirrorStands
    extractors: tuple[ExtractorStanding, ...] = ()
    offers: tuple[Offer, ...] = ()


class StandingVerbs(AuditingVerbs):
    """status."""

    def status(self) -> Status:
        """Where everything stands, with the index in step but for embeddings; and how far behind it was."""
        snapshot = self.catalog
        known = snapshot.commit
        notes = self.in_step(drafts=True)
        snapshot = self.catalog
        behind = snapshot.waiting("text")
        notes += self.engine.text_in_step()
        situation = self.repository.situation()
        problems = list({*self._file_problems()})
        counts = snapshot.counts()
        candidates = list(snapshot.select(WAITING_KINDS, ("candidate",)))
        head = self.repository.head() or ""
        return Status(
            version=__version__,
            build_sha=build().sha,
            vault=str(self.vault),
            branch=situation.branch,
            in_progress=situation.in_progress,
            commit=head,
            indexed_commit=snapshot.commit if not snapshot.waiting("text") else known,
            lag=Lag(self._commits_behind(known, head), behind, snapshot.waiting("vectors")),
            covered=self._coverage([problem for problem in problems if is_left_out(problem)]),
            unknown=tuple(Named(path, reason) for path, reason in snapshot.unknown().items()),
            not_embedded=tuple(Named(path, reason) for path, reason in snapshot.failed().items()),
            model=self._space(),
            drafts=tuple(sorted(snapshot.versions(Realm.DRAFT))),
            records={
                f"{kind}/{status}" if status else kind: number for (kind, status), number in counts.items()
            },
            candidates=sum(number for (_, status), number in counts.items() if status == "candidate"),
            put_off=sum(is_put_off(record, self._now()[:10]) for record in candidates),
            max_open=self.settings.whole("extraction.max_open"),
            longest_waiting=longest_waiting(self.repository, candidates),
            tracks=tracks(snapshot),
            open_conflicts_count=self.open_conflicts(),
            draft_conflicts_count=len(draft_conflicts(self.catalog)),
            problems={
                str(severity): sum(problem.severity is severity for problem in problems)
                for severity in Severity
            },
            notes=(*notes, *hook_script.drift()),
            actor=str(self.actor),
            hook=runs_in(self.vault),
            mirror=self._mirror_stands(),
            extractors=standings(
                self.settings.texts("extraction.extractors"), self.local_folder(), self.vault
            ),
            offers=offers_told(self.repository, self.local_folder()),
        )

    def _mirror_stands(self) -> MirrorStands:
        edited = json.loads(self.catalog.meta(OWED) or "[]")
        commit = self.catalog.meta(BUILT).rpartition("/")[2]
        return MirrorStands(self.settings.text("mirror"), commit, tuple(edited))

    def _commits_behind(self, indexed: str, head: str) -> int:
        if indexed == head:
            return 0
        return self.repository.commits_between(indexed, head) if indexed and head else -1

    def _coverage(self, left_out: list[Problem]) -> Coverage:
        """Of the committed files, the captures and the new drafts."""
        files = {path for realm in Realm for path in self.catalog.versions(realm)}
        reasons = dict.fromkeys(self.catalog.pending_paths("text") & files, "not taken in yet")
        reasons |= {problem.path: f"{problem.code}: {problem.message}" for problem in left_out}
        reasons |= self.catalog.unknown()
        missing = tuple(Named(path, reason) for path, reason in sorted(reasons.items()))
        return Coverage(len(files - reasons.keys()), len(files | reasons.keys()), missing)

    def _space(self) -> str:
        """What the vectors that are held were made by."""
        from atocore.index.vectors import stated_fingerprint

        folder = self.catalog.path.parent
        found = {stated_fingerprint(folder / f"vectors-{shelf.name.lower()}") for shelf in Shelf} - {""}
        return ", ".join(f"{one}-passages-{FORMAT}" for one in sorted(found))
