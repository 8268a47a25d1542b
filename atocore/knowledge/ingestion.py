"""Ingestion and extraction as plans: documents become sources, their passages candidates, in one wave.

Everything that is born here has an id derived from what it came from, and takes its dates from there: the
same documents give the same files on any clone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from atocore.errors import AtocoreError
from atocore.knowledge.candidates import Births, Found, candidate, choose
from atocore.knowledge.freshness import newest, stated_date
from atocore.knowledge.opened import opened
from atocore.knowledge.restated import Given, given, news
from atocore.knowledge.wave import Incoming, Limits, Passed, Wave
from atocore.knowledge.wave_report import report
from atocore.records.birth import written
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.record import Record, plain_line, printable
from atocore.records.schema import KEY_ORDER
from atocore.records.snapshot import Snapshot


def ingest(
    snapshot: Snapshot,
    documents: Sequence[Incoming],
    passed: Sequence[Passed],
    project: str,
    limits: Limits,
    vanished_below: Iterable[str] = (),
) -> Wave:
    """Bring documents in as sources, and propose what they hold. Unchanged ones are left alone."""
    sources: list[Change] = []
    read: list[tuple[Record, str]] = []
    left_out = list(passed)
    unchanged = 0
    known = {source_identity(project, document): document for document in reversed(documents)}
    olds = {source_id: snapshot.get(source_id) for source_id in known}
    held = {str(record.header.get("sha256")) for record in snapshot.select((Kind.SOURCE,), (), project)}
    wave = _wave_id(project, documents, olds.values())
    for document in documents:
        source_id = source_identity(project, document)
        old = olds[source_id]
        if known[source_id] is not document:
            left_out.append(Passed(document.origin, "another document of this pass has its folder and name"))
        elif (old is not None and old.header.get("sha256") == document.sha256) or (
            old is None and document.sha256 in held  # the same text came in by another path
        ):
            unchanged += 1
        else:
            try:
                change = _source(source_id, document, project, wave, old)
                record = _as_record(change)
            except AtocoreError as refusal:
                left_out.append(Passed(document.origin, f"cannot be kept as a source: {refusal.message}"))
                continue
            sources.append(change)
            read.append((record, document.origin))
    latest = newest([*snapshot.select((Kind.SOURCE,)), *(record for record, _ in read)])
    found = [Found(one, origin, news(one, origin, Given(), latest), project) for one, origin in read]
    births = choose(snapshot, found, limits)
    vanished = _vanished(snapshot, project, documents, vanished_below)
    return _wave(wave, "ingest", sources, found, births, len(documents), unchanged, left_out, vanished)


def extraction_pass(
    snapshot: Snapshot, records: Iterable[Record], projects: Mapping[str, str], limits: Limits
) -> Wave:
    """Propose what sources and captures hold and nobody proposed yet. `projects` gives a record's project."""
    found = []
    records = tuple(records)
    said = any(record.kind is Kind.INTERACTION for record in records)
    known = given(snapshot) if said else Given()
    latest = newest([*snapshot.select((Kind.SOURCE,)), *records])
    for record in records:
        origin = str(record.header.get("origin") or record.path)
        project = record.project or projects.get(record.id, "")
        found.append(Found(record, origin, news(record, origin, known, latest), project))
    births = choose(snapshot, found, limits)
    # named by what it makes: the next pass over the same sources makes something else
    wave = derived_id("wave", "extract", *sorted(one.record_id for one in births.chosen))
    return _wave(wave, "extract", [], found, births, len(found), 0, (), ())


def source_identity(project: str, document: Incoming) -> str:
    """The id of a document's source: of its project, the folder's name and the path in it."""
    return derived_id(KINDS[Kind.SOURCE].prefix, project, document.base, document.origin)


def _wave_id(project: str, documents: Sequence[Incoming], olds: Iterable[Record | None]) -> str:
    """A wave's id: of what was read, and of the waves it follows. A document that changes and changes back
    comes in three waves."""
    parts = [part for document in documents for part in (document.base, document.origin, document.sha256)]
    waves = (str(old.header.get("wave") or "") for old in olds if old is not None)
    return derived_id("wave", project, *parts, *sorted(waves))


def _source(source_id: str, document: Incoming, project: str, wave: str, old: Record | None) -> Change:
    stated, body, _ = opened(document.text)
    header = {name.lower(): value for name, value in stated.items()}
    title = printable(header.get("title", "") or plain_line(body) or document.origin)
    keys: dict[str, Value] = {
        "type": "text" if document.origin.endswith(".txt") else "markdown",
        "project": project,
        "title": title,
        "created": stated_date(header, body),
        "origin": document.origin,
        "sha256": document.sha256,
        "wave": wave,
    }
    if old is None:
        return written(Kind.SOURCE, source_id, keys, document.text, document.origin.rsplit(".", 1)[0])
    head = edit(old.raw, {name: value or None for name, value in keys.items()}, order=KEY_ORDER)
    head_only = head[: len(head) - len(old.body.encode())] if old.body else head
    fence_end = b"" if head_only.endswith((b"\n", b"\r")) else b"\n"
    return Change(old.path, old.raw, head_only + fence_end + document.text.encode())


def _as_record(change: Change) -> Record:
    from atocore.records.codec import read

    assert change.new is not None
    reading = read(change.path, change.new, max_bytes=len(change.new))
    if reading.record is None:
        raise AtocoreError("bad-value", f"{change.path}: {reading.problems[0].message}", "")
    return reading.record


def _vanished(
    snapshot: Snapshot, project: str, documents: Sequence[Incoming], below: Iterable[str]
) -> tuple[str, ...]:
    """Sources of an ingested folder whose document is not there any more; they stay, and are told of."""
    bases = set(below)
    present = {source_identity(project, document) for document in documents}
    gone = []
    for record in snapshot.select((Kind.SOURCE,), (), project) if bases else ():
        origin = str(record.header.get("origin") or "")
        identities = {source_identity(project, Incoming(origin, base, "")) for base in bases}
        if record.id in identities and record.id not in present:
            gone.append(origin)
    return tuple(sorted(gone))


def _wave(
    wave: str,
    action: str,
    sources: list[Change],
    found: Sequence[Found],
    births: Births,
    read: int,
    unchanged: int,
    passed: Sequence[Passed],
    vanished: tuple[str, ...],
) -> Wave:
    from atocore.knowledge.chunks import chunks

    pieces = sum(len(chunks(one.record.body)) for one in found) if action == "ingest" else 0
    changes = [*sources, *(candidate(chosen, wave) for chosen in births.chosen)]
    result = Wave(
        wave,
        Plan((), None),
        read,
        unchanged,
        pieces,
        len(births.chosen),
        births.deferred,
        births.already,
        tuple(passed),
        vanished,
        f"reports/{wave}.md" if changes else "",
        frozenset(births.held_back),
    )
    if not changes:
        return result
    page = Change(result.report, None, report(result, action, found, births).encode())
    told = f"{_counted(len(sources), 'document')}, " if action == "ingest" else ""
    subject = f"{action} {told}{_counted(len(births.chosen), 'candidate')}"
    message = Message(subject, action, Actor.MACHINE, wave=wave)
    return replace(result, plan=Plan((*changes, page), message))


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
