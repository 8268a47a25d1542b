"""health: whether the vault is kept as it should be, for an operator and for monitors.

Answers whatever is broken, as long as there is a vault: what cannot be told is None, with its reason.
Writes nothing but what the index takes in, and waits for nobody for long.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from os import PathLike
from pathlib import Path
from typing import Any

from atocore import __version__, clock
from atocore.app.build import build
from atocore.app.health.backups import look_at_backups
from atocore.app.health.daemon import DaemonStands, daemon_stands
from atocore.app.health.disks import DiskStands, disks
from atocore.app.health.index import Covered, IndexHealth, IndexStands, IndexUnusable, Lag
from atocore.app.health.jobs import JobStands, jobs
from atocore.app.hook_runs import HookRuns, runs_in
from atocore.app.operations import Job
from atocore.app.session import Session, actor_here, find_vault, settings_at
from atocore.config import DEFAULTS, Settings
from atocore.errors import AtocoreError
from atocore.knowledge.health import DEGRADED, OK, Reason, in_order, reason
from atocore.knowledge.overdue import age_seconds, moment
from atocore.records.record import is_page
from atocore.store.files import expanded
from atocore.store.lock import LOCAL
from atocore.store.repository import Repository
from atocore.store.unfinished import is_unfinished, unfinished
from atocore.store.worktree import SETTINGS_FILE, is_there, survey


@dataclass(frozen=True, slots=True)
class OldestCandidate:
    """The candidate that waits longest: its id, since when (RFC 3339, UTC), and for how long."""

    id: str
    since: str
    age_seconds: int


@dataclass(frozen=True, slots=True)
class MirrorHealth:
    """How the mirror is kept (the setting), and the commit that it was last built from ("" for never)."""

    kept: str
    commit: str


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the vault is kept as it should be: `status` is `ok`, or `degraded` for `reasons`. `at` is when
    it was looked (RFC 3339, UTC). What cannot be told is None, or "" for a text. `problems` counts those of
    what is committed and of what lies in the vault's folders, by severity."""

    status: str
    reasons: tuple[Reason, ...]
    at: str
    version: str
    build_sha: str
    build_source: str
    build_dirty: bool | None
    vault: str
    branch: str | None
    in_progress: str | None
    commit: str
    indexed_commit: str
    lag: Lag | None
    covered: Covered | None
    open_conflicts_count: int | None
    candidates: int | None
    longest_waiting: OldestCandidate | None
    problems: Mapping[str, int] | None
    drafts_count: int | None
    hook: HookRuns
    disks: tuple[DiskStands, ...]
    last_backup: JobStands
    last_prune: JobStands
    last_drill: JobStands
    last_sweep: JobStands
    daemon: DaemonStands
    mirror: MirrorHealth


@dataclass(slots=True)
class _Git:
    """What git tells; None for what it does not."""

    branch: str | None = None
    in_progress: str | None = None
    head: str | None = None
    drafts: int | None = None


class HealthVerbs(IndexHealth):
    """health."""

    def health(self, daemon: Mapping[str, Any] | None = None) -> Health:
        """Whether the vault is kept as it should be; `daemon` is what a running one told of itself, where it
        was asked."""
        return _health(self.vault, self.settings, self, daemon, [])


def health_of(path: str | PathLike[str], daemon: Mapping[str, Any] | None = None) -> Health:
    """The health of the vault that `path` is or lies in, however broken it is. Raises `not-a-vault` where
    there is none at all."""
    vault, found = _vault_at(Path(path))
    settings = _settings(vault, found)
    if is_unfinished(vault):  # what lies there is being put in place: it is left alone
        found = [reason("restore-unfinished", (told := unfinished(vault)).message, told.hint)]
        return _health(vault, settings, None, daemon, found)
    try:
        repository = Repository.open(vault, lock_wait_seconds=1.0)
    except AtocoreError as error:
        found.append(_repository(error))
        return _health(vault, settings, None, daemon, found)
    with closing(HealthVerbs(vault, repository, settings, actor_here(settings))) as session:
        return _health(vault, settings, session, daemon, found)


def _vault_at(path: Path) -> tuple[Path, list[Reason]]:
    """The vault; also one that is being restored, and one whose settings are gone, which its local folder
    proves to be one."""
    try:
        return find_vault(path), []
    except AtocoreError:
        start = expanded(path).absolute()
        for folder in (start, *start.parents):
            if is_unfinished(folder):
                return folder, []
            if (folder / LOCAL / ".gitignore").is_file() and not is_there(folder):
                return folder, [reason("settings", f"{SETTINGS_FILE} is gone from {folder}")]
        raise


def _settings(vault: Path, found: list[Reason]) -> Settings:
    """The settings; those of a format that this AtoCore does not know as far as they can be read."""
    try:
        return settings_at(vault)
    except AtocoreError as error:
        found.append(reason("settings", error.message, error.hint))
    try:
        return settings_at(vault, any_format=True)
    except AtocoreError:
        return DEFAULTS


def _health(
    vault: Path,
    settings: Settings,
    session: HealthVerbs | None,
    daemon: Mapping[str, Any] | None,
    found: list[Reason],
) -> Health:
    now = clock.now()
    local = _local(vault, session)
    running = daemon_stands(vault, daemon, now, found)
    git = _git(session, found) if session is not None else _Git()
    index = _index(session, git, running, settings, now, found) if session is not None else None
    problems = _problems(vault, index, found) if not is_unfinished(vault) else None
    ran = jobs(local, settings, now, found)
    places = {"vault": vault} | look_at_backups(vault, settings, ran[Job.BACKUP], found)
    hook = runs_in(vault)
    if hook.broken:
        found.append(reason("hook-failing", f"{hook.last_error_at or hook.last_run}: {hook.last_error}"))
    made = build()
    committed = index.committed if index is not None else None
    return Health(
        disks=disks(places, settings, found),
        longest_waiting=_longest_waiting(index, settings, now, found),
        reasons=(told := in_order(found)),
        status=DEGRADED if told else OK,
        at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        version=__version__,
        build_sha=made.sha,
        build_source=made.source,
        build_dirty=made.dirty,
        vault=str(vault),
        branch=git.branch,
        in_progress=git.in_progress,
        commit=git.head or "",
        indexed_commit=index.indexed_commit if index else "",
        lag=index.lag if index else None,
        covered=index.covered if index else None,
        open_conflicts_count=committed.open_conflicts if committed else None,
        candidates=committed.candidates if committed else None,
        problems=problems,
        drafts_count=git.drafts,
        hook=hook,
        last_backup=ran[Job.BACKUP],
        last_prune=ran[Job.PRUNE],
        last_drill=ran[Job.DRILL],
        last_sweep=ran[Job.SWEEP],
        daemon=running,
        mirror=MirrorHealth(settings.text("mirror"), index.mirror if index else ""),
    )


def _local(vault: Path, session: Session | None) -> Path:
    """The folder of what is this machine's own; where none can be made, the one that would be."""
    try:
        return session.local_folder() if session is not None else vault / LOCAL
    except (AtocoreError, OSError):
        return vault / LOCAL


def _git(session: HealthVerbs, found: list[Reason]) -> _Git:
    told = _Git()
    try:
        branch, told.head = session.repository.standing()
        told.head = told.head or ""
        told.branch = branch.removeprefix("refs/heads/") if branch else None
        told.in_progress = session.repository.in_progress()
        told.drafts = sum(is_page(one.path) for one in session.repository.dirty())
    except AtocoreError as error:
        found.append(_repository(error))
    return told


def _index(
    session: HealthVerbs,
    git: _Git,
    daemon: DaemonStands,
    settings: Settings,
    now: datetime,
    found: list[Reason],
) -> IndexStands | None:
    try:
        index = session.index_stands(git.head, now, kept=daemon.runs)
    except IndexUnusable as unusable:
        found.append(reason(unusable.code, str(unusable)))
        return None
    except OSError as error:
        found.append(reason("index-missing", f"{error.filename or 'the index'}: {error.strerror or error}"))
        return None
    if daemon.runs and index.lag.seconds > settings.whole("health.lag_seconds"):
        told = f"{_several(index.lag.commits, 'commit')} behind for {index.lag.seconds} s"
        found.append(reason("index-behind", told))
    if index.covered.unknown:
        found.append(
            reason("unreadable", f"{_several(index.covered.unknown, 'path')}, first {index.first_unknown}")
        )
    if purged := index.committed.purged:
        found.append(reason("purged-back", f"{_several(len(purged), 'file')}, first {purged[0]}"))
    return index


def _problems(vault: Path, index: IndexStands | None, found: list[Reason]) -> dict[str, int] | None:
    """Those of what is committed, and of what lies in the vault's folders."""
    from atocore.app.health.committed import by_severity, named
    from atocore.records.problem import Severity

    saved = set(survey(vault))
    counts = by_severity(saved)
    errors = [named(problem) for problem in saved if problem.severity is Severity.ERROR]
    if index is not None:
        errors = [*index.committed.first_errors, *errors]
        counts = {name: number + index.committed.problems.get(name, 0) for name, number in counts.items()}
    if counts[str(Severity.ERROR)]:
        found.append(
            reason("problems", f"{_several(counts[str(Severity.ERROR)], 'error')}, first {errors[0]}")
        )
    return counts if index is not None else None


def _longest_waiting(
    index: IndexStands | None, settings: Settings, now: datetime, found: list[Reason]
) -> OldestCandidate | None:
    waiting = index.committed.waiting.values() if index is not None else ()
    since, name = min(((at, one) for one, at in waiting if at), default=("", ""))
    began = moment(since)
    if began is None:
        return None
    limit = settings.whole("health.candidates_days")
    if limit and now - began > timedelta(days=limit):
        found.append(reason("candidates-waiting", f"{name} waits since {since[:10]}"))
    return OldestCandidate(name, since, age_seconds(began, now) or 0)


def _repository(error: AtocoreError) -> Reason:
    """What keeps git from telling; where there is no git to look with, how to have one."""
    is_missing = isinstance(error.__cause__, FileNotFoundError)
    return reason("repository", error.message, error.hint if is_missing else "")


def _several(number: int, name: str) -> str:
    return f"{number} {name}{'s' * (number != 1)}"
