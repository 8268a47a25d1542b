"""Ingestion and extraction as plans: documents become sources, their passages candidates, in one wave.

Everything that is born here has an id derived from what it came from, and takes its dates from there: the
same documents give the same files on any clone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from atocore.errors import AtocoreError
from atocore.knowledge.extraction.extract import Proposal
from atocore.knowledge.ingestion.candidates import Births, Chosen, Found, candidate, choose
from atocore.knowledge.ingestion.chunks import chunks
from atocore.knowledge.ingestion.freshness import newest
from atocore.knowledge.ingestion.intake import Intake, source_identity, take_in
from atocore.knowledge.ingestion.restated import Given, given, news
from atocore.knowledge.ingestion.wave import Incoming, Limits, Passed, Progress, Wave, unheard
from atocore.knowledge.ingestion.wave_report import report
from atocore.records.ids import derived_id
from atocore.records.kinds import Kind
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot

__all__ = ["extraction_pass", "ingest", "source_identity"]


def ingest(
    snapshot: Snapshot,
    documents: Sequence[Incoming],
    passed: Sequence[Passed],
    project: str,
    limits: Limits,
    gone: Collection[str] = (),
    empty: Collection[str] = (),
    progress: Progress = unheard,
) -> Wave:
    """Bring documents in as sources, and propose what they hold. Unchanged ones are left alone; `gone` and
    `empty` as in `take_in`."""
    intake = take_in(snapshot, documents, project, gone, empty)
    latest = newest([*snapshot.select((Kind.SOURCE,)), *(record for record, _ in intake.fresh)])
    found = []
    for done, (record, origin) in enumerate(intake.fresh, 1):
        progress("extracting", done, len(intake.fresh))
        found.append(Found(record, origin, news(record, origin, Given, latest), project))
    births = choose(snapshot, found, limits)
    skipped = (*passed, *intake.left_out)
    return _wave("ingest", intake, found, births, len(documents), skipped)


def extraction_pass(
    snapshot: Snapshot,
    records: Iterable[Record],
    projects: Mapping[str, str],
    limits: Limits,
    progress: Progress = unheard,
    offered: Mapping[str, Sequence[Proposal]] = MappingProxyType({}),
    passed: Sequence[Passed] = (),
) -> Wave:
    """Propose what sources and captures hold and nobody proposed yet. `projects` gives a record's project,
    `offered` what other extractors than the rules propose of it, `passed` what those could not do."""
    records = tuple(records)
    known = cache(lambda: given(snapshot))  # looked for only where a capture proposes something
    latest = newest([*snapshot.select((Kind.SOURCE,)), *records])
    found = []
    for done, record in enumerate(records, 1):
        progress("extracting", done, len(records))
        origin = str(record.header.get("origin") or record.path)
        project = record.project or projects.get(record.id, "")
        held = news(record, origin, known, latest)
        held = replace(held, proposals=(*held.proposals, *offered.get(record.id, ())))
        found.append(Found(record, origin, held, project))
    births = choose(snapshot, found, limits)
    # named by what it makes: the next pass over the same sources makes something else
    wave = derived_id("wave", "extract", *sorted(one.record_id for one in births.chosen))
    return _wave("extract", Intake(wave), found, births, len(found), passed)


def _wave(
    action: str,
    intake: Intake,
    found: Sequence[Found],
    births: Births,
    read: int,
    passed: Sequence[Passed],
) -> Wave:
    pieces = sum(len(chunks(one.record.body)) for one in found) if action == "ingest" else 0
    born, unkept = _born(births, intake.wave)
    births = replace(births, chosen=[chosen for chosen, _ in born])
    changes = [*intake.changes, *(change for _, change in born)]
    result = Wave(
        intake.wave,
        Plan((), None),
        read,
        intake.unchanged,
        pieces,
        len(births.chosen),
        births.deferred,
        births.already,
        (*passed, *unkept),
        tuple(intake.vanished),
        tuple(intake.moved),
        f"reports/{intake.wave}.md" if changes else "",
        frozenset(births.held_back),
    )
    if not changes:
        return result
    page = Change(result.report, None, report(result, action, found, births).encode())
    message = Message(_subject(action, intake, births), action, Actor.MACHINE, wave=intake.wave)
    return replace(result, plan=Plan((*changes, page), message))


def _born(births: Births, wave: str) -> tuple[list[tuple[Chosen, Change]], list[Passed]]:
    """The files of the candidates, and what no record can hold (a document's project of two lines, say): that
    is told, and stops nothing else."""
    born, unkept = [], []
    for chosen in births.chosen:
        try:
            born.append((chosen, candidate(chosen, wave)))
        except AtocoreError as refusal:
            place = f"{chosen.found.origin}:{chosen.proposal.first_line}"
            unkept.append(Passed(place, f"cannot be kept as a candidate: {refusal.message}"))
    return born, unkept


def _subject(action: str, intake: Intake, births: Births) -> str:
    parts = [_counted(len(intake.fresh), "document")] if action == "ingest" else []
    parts += [f"{len(intake.moved)} moved"] if intake.moved else []
    parts += [f"{len(intake.vanished)} vanished"] if intake.vanished else []
    return f"{action} {', '.join((*parts, _counted(len(births.chosen), 'candidate')))}"


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
