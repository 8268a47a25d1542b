"""Capturing what hooks missed: every turn of the clients' transcripts that has no capture yet.

What would be captured is found and told first; a session's folder decides whether it is wanted, since
transcripts of everything a person does lie in one place. Files are read twice: to tell, and to write.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from atocore.app import resources
from atocore.app.captured import Captured
from atocore.app.gathering import GatheringVerbs
from atocore.app.transcripts import (
    Turn,
    client_names,
    find_transcripts,
    read_transcript,
    transcripts_in,
)
from atocore.knowledge.ingestion.wave import Passed
from atocore.knowledge.projects import project_of_folder
from atocore.knowledge.since import moment
from atocore.records.record import Record
from atocore.store.files import expanded

_ANSWER = "\n## Response\n"


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """The turns of one folder: `wanted` where they are to be captured. `turns` counts those without a
    capture, in so many `transcripts`; `first` and `last` are the times of the oldest and newest."""

    folder: str
    project: str
    wanted: bool
    transcripts: int
    turns: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A transcript with something to capture, and the ids that its turns' captures have."""

    path: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missed:
    """What catching up found, and did where it was carried out.

    Of all `turns` in the `transcripts`, `already` have a capture, `earlier` are before the date asked for,
    `elsewhere` belong to folders not asked for, and the rest are `missed`. `captured` are new files,
    `completed` captures that had no answer; `empty` held nothing of their own. `skipped` names transcripts
    and turns that failed, and lines that could not be read; `chosen` is what is missed, by
    transcript. `candidates`, `commit` and `notes` tell what extraction made of it where `capture.mode` asks.
    """

    transcripts: int
    turns: int
    already: int
    earlier: int
    elsewhere: int
    missed: int
    folders: tuple[WorkFolder, ...]
    skipped: tuple[Passed, ...]
    captured: int = 0
    completed: int = 0
    empty: int = 0
    candidates: int = 0
    commit: str | None = None
    notes: tuple[str, ...] = ()
    dry_run: bool = True
    chosen: tuple[Chosen, ...] = ()


@dataclass(slots=True)
class _Found:
    """What is counted while transcripts are read."""

    turns: int = 0
    already: int = 0
    earlier: int = 0
    skipped: list[Passed] = field(default_factory=list)
    by_folder: dict[str, list[tuple[str, Turn]]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


class CapturingVerbs(GatheringVerbs):
    """capture --catch-up: first `find_missed`, then `capture_missed` with what that found."""

    def find_missed(
        self,
        *,
        clients: Sequence[str] = (),
        since: str = "",
        folders: Sequence[str] = (),
        every: bool = False,
        transcripts: Sequence[str] = (),
        environ: Mapping[str, str] | None = None,
    ) -> Missed:
        """The turns without a capture, in the clients' own transcripts or those that are named.

        Wanted are turns in the `folders`, or `every` one; without either, those whose folder belongs to a
        project of this vault, or lies in its repository. `since` is a date, a time, or how long ago.
        """
        snapshot = self.catch_up(drafts=True)
        known = _Known(self._captures())
        chosen = client_names(clients)
        paths = transcripts_in(transcripts) or find_transcripts(chosen, environ or os.environ)
        start = moment(since, self._now()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if since else ""
        paths = [path for path in paths if not start or _last_change(path) >= start]
        names = {client.name for client in chosen}
        found = _Found()
        for done, path in enumerate(paths, 1):
            self.progress("reading transcripts", done, len(paths))
            for turn in _turns(path, found):
                if turn.client in names:
                    _sort_in(turn, str(path), found, known, start, self.settings.flag("capture.response"))
        wanted = self._wanted(folders, every)
        projects = {folder: project_of_folder(snapshot, folder) for folder in found.by_folder}
        rows = [
            _row(folder, projects[folder], wanted(folder, projects[folder]), found.by_folder[folder])
            for folder in sorted(found.by_folder)
        ]
        return _missed(len(paths), found, rows)

    def capture_missed(self, missed: Missed) -> Missed:
        """Write what `find_missed` found, each turn by the hook's own functions; what fails is a row."""
        hook = resources.script()
        options = {
            "response": "yes" if self.settings.flag("capture.response") else "no",
            "max-chars": str(self.settings.whole("capture.max_chars")),
        }
        counts = {"captured": 0, "replaced": 0, "unchanged": 0, "empty": 0}
        found = _Found()
        for done, one in enumerate(missed.chosen, 1):
            self.progress("capturing", done, len(missed.chosen))
            wanted = set(one.ids)
            for turn in _turns(Path(one.path), found):
                if turn.id in wanted:
                    wanted.discard(turn.id)
                    try:
                        counts[hook["keep"](str(self.vault), dict(turn.fields), options)] += 1
                    except hook["Skip"]:
                        counts["empty"] += 1
                    except (hook["Failure"], OSError) as error:
                        found.skipped.append(Passed(one.path, f"{turn.id}: {error}"))
        failed = tuple(one for one in found.skipped if one not in missed.skipped)
        followed = self.followed_up(Captured("", "", new=True))
        return replace(
            missed,
            candidates=followed.candidates,
            commit=followed.commit,
            notes=followed.notes,
            captured=counts["captured"],
            completed=counts["replaced"],
            empty=counts["empty"],
            already=missed.already + counts["unchanged"],
            skipped=missed.skipped + failed,
            dry_run=False,
        )

    def _wanted(self, folders: Sequence[str], every: bool) -> Callable[[str, str], bool]:
        """Whether the turns of a folder, which belongs to a project, are to be captured."""
        tops = [Path(os.path.realpath(expanded(folder))) for folder in folders]
        ours = [Path(os.path.realpath(self.repository.top))]

        def wanted(folder: str, project: str) -> bool:
            place = _place(folder)
            inside = place is not None and any(place.is_relative_to(top) for top in tops or ours)
            return every or inside or (bool(project) and not tops)

        return wanted


def _place(folder: str) -> Path | None:
    """Where a folder lies that a transcript names; None for what is no path of this machine."""
    try:
        return Path(os.path.realpath(folder)) if os.path.isabs(folder) else None  # noqa: PTH117
    except (ValueError, OSError):
        return None


def _last_change(path: Path) -> str:
    """When a transcript was last written, as turns tell their times; the end of time where nobody knows."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OSError, ValueError, OverflowError):
        return "9999"


class _Known:
    """The captures that there are, by what a turn is known by."""

    def __init__(self, captures: Iterable[Record]) -> None:
        self._answered: dict[str, bool] = {}
        for record in captures:
            answered = _ANSWER in record.body
            self._answered[record.id] = answered
            prompt_id = str(record.header.get("prompt_id") or "")
            if is_unique(prompt_id):  # a session that was resumed or forked repeats its turns
                self._answered[prompt_id] = answered or self._answered.get(prompt_id, False)

    def has(self, turn: Turn, *, answers: bool) -> bool:
        """Whether a turn has its capture; one without the answer that there is now counts for none."""
        if turn.id in self._answered:
            return self._answered[turn.id] or not (answers and turn.answered)
        return is_unique(turn.prompt_id) and turn.prompt_id in self._answered


def _turns(path: Path, found: _Found) -> Iterator[Turn]:
    """The turns of a transcript; one that cannot be read is a row, and stops nothing."""
    try:
        read = read_transcript(path)
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        found.skipped.append(Passed(str(path), f"cannot be read: {told}"))
        return
    if read.damaged:
        lines = f"{read.damaged} line{'s' * (read.damaged != 1)} could not be understood"
        found.skipped.append(Passed(str(path), lines))
    yield from read.turns


def _sort_in(turn: Turn, path: str, found: _Found, known: _Known, since: str, answers: bool) -> None:
    """Count a turn, or keep it as one that was missed."""
    names = {turn.id, turn.prompt_id} if is_unique(turn.prompt_id) else {turn.id}
    if names & found.seen:
        return  # a resumed session repeats it
    found.seen |= names
    found.turns += 1
    if known.has(turn, answers=answers):
        found.already += 1
    elif turn.created < since:
        found.earlier += 1
    else:
        light = replace(turn, fields={})
        found.by_folder.setdefault(turn.cwd, []).append((path, light))


def is_unique(prompt_id: str) -> bool:
    """Whether a prompt's id names it in every session: a UUID does, a number within its session does not."""
    return len(prompt_id) == 36 and prompt_id.count("-") == 4


def _row(folder: str, project: str, wanted: bool, turns: Sequence[tuple[str, Turn]]) -> WorkFolder:
    times = [turn.created for _, turn in turns]
    transcripts = len({path for path, _ in turns})
    return WorkFolder(folder, project, wanted, transcripts, len(turns), min(times), max(times))


def _missed(transcripts: int, found: _Found, rows: Sequence[WorkFolder]) -> Missed:
    paths: dict[str, list[str]] = {}
    for row in rows:
        for path, turn in found.by_folder[row.folder] if row.wanted else ():
            paths.setdefault(path, []).append(turn.id)
    return Missed(
        transcripts=transcripts,
        turns=found.turns,
        already=found.already,
        earlier=found.earlier,
        elsewhere=sum(row.turns for row in rows if not row.wanted),
        missed=sum(row.turns for row in rows if row.wanted),
        folders=tuple(rows),
        skipped=tuple(found.skipped),
        chosen=tuple(Chosen(path, tuple(ids)) for path, ids in sorted(paths.items())),
    )
