"""Ingestion and extraction as plans: documents become sources, their passages candidates, in one wave.

Everything that is born here has an id derived from what it came from, and takes its dates from there: the
same documents give the same files on any clone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from atocore.errors import AtocoreError
from atocore.knowledge.extraction import EXTRACTOR_VERSION, Extraction, Proposal, extract, ranked
from atocore.knowledge.wave import Incoming, Limits, Passed, Wave
from atocore.records.birth import written
from atocore.records.codec import parse_time
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Actor, Change, Message, Plan
from atocore.records.record import Record, plain_line
from atocore.records.schema import KEY_ORDER
from atocore.records.snapshot import Snapshot
from atocore.records.statement import text_key


@dataclass(frozen=True, slots=True)
class _Found:
    """What one source or capture yields."""

    record: Record
    origin: str
    extraction: Extraction


@dataclass(frozen=True, slots=True)
class _Chosen:
    """One proposal that becomes a candidate, with its id and where it was found."""

    proposal: Proposal
    record_id: str
    found: _Found
    project: str


@dataclass(slots=True)
class _Births:
    """The candidates that a pass makes, and what it left out."""

    chosen: list[_Chosen] = field(default_factory=list)
    deferred: int = 0
    already: int = 0

    @property
    def made(self) -> Counter[str]:
        """How many candidates each rule gave."""
        return Counter(one.proposal.rule for one in self.chosen)


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
    found: list[_Found] = []
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
            found.append(_Found(record, document.origin, _extracted(record, document.origin)))
    births = _choose(snapshot, found, project, limits)
    vanished = _vanished(snapshot, project, documents, vanished_below)
    return _wave(wave, "ingest", sources, found, births, len(documents), unchanged, left_out, vanished)


def extraction_pass(
    snapshot: Snapshot, records: Iterable[Record], projects: Mapping[str, str], limits: Limits
) -> Wave:
    """Propose what sources and captures hold and nobody proposed yet. `projects` gives a record's project."""
    found = []
    for record in records:
        origin = str(record.header.get("origin") or record.path)
        found.append(_Found(record, origin, _extracted(record, origin)))
    births = _Births()
    grouped: dict[str, list[_Found]] = {}
    for one in found:
        grouped.setdefault(one.record.project or projects.get(one.record.id, ""), []).append(one)
    for project, group in sorted(grouped.items()):
        made = len(births.chosen)
        left = Limits(limits.per_pass - made, limits.open, limits.waiting + made)
        more = _choose(snapshot, group, project, left)
        births.chosen += more.chosen
        births.deferred += more.deferred
        births.already += more.already
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
    stated, body, _ = _opened(document.text)
    header = {name.lower(): value for name, value in stated.items()}
    title = _printable(header.get("title", "") or plain_line(body) or document.origin)
    keys: dict[str, Value] = {
        "type": "text" if document.origin.endswith(".txt") else "markdown",
        "project": project,
        "title": title,
        "created": next(
            (d for d in (header.get("date", ""), header.get("created", "")) if parse_time(d)), ""
        ),
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


def _opened(text: str) -> tuple[dict[str, str], str, int]:
    """A document's own frontmatter as texts, its body, and the line on which that begins.

    What no YAML reader takes for frontmatter is part of the body.
    """
    import frontmatter
    import yaml

    unix = text.replace("\r\n", "\n")
    try:
        header, body = frontmatter.parse(unix)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, text, 1
    if not header:
        return {}, text, 1
    start = len(unix.rstrip()) - len(body)  # python-frontmatter gives the body stripped, and no position
    # collections state nothing that is read, and aliases can make them endless
    plain = {
        str(key): str(value) for key, value in header.items() if not isinstance(value, list | dict | set)
    }
    return plain, body, unix.count("\n", 0, start) + 1


def _as_record(change: Change) -> Record:
    from atocore.records.codec import read

    assert change.new is not None
    reading = read(change.path, change.new, max_bytes=len(change.new))
    if reading.record is None:
        raise AtocoreError("bad-value", f"{change.path}: {reading.problems[0].message}", "")
    return reading.record


def _extracted(record: Record, origin: str) -> Extraction:
    """What a source's (or capture's) text holds; lines count in the original document."""
    header, body, line = _opened(record.body)
    return extract(body, path=origin, title=record.title, frontmatter=header, first_line=line)


def _choose(snapshot: Snapshot, found: Sequence[_Found], project: str, limits: Limits) -> _Births:
    births = _Births()
    seen: set[str] = set()
    source_of = {id(p): one for one in found for p in one.extraction.proposals}
    for proposal in ranked([p for one in found for p in one.extraction.proposals]):
        one = source_of[id(proposal)]
        key = text_key(proposal.statement)
        record_id = candidate_identity(proposal, one.record)
        if key in seen or _known(snapshot, key, record_id, project):
            births.already += 1
        elif len(births.chosen) >= limits.room:
            births.deferred += 1
        else:
            births.chosen.append(_Chosen(proposal, record_id, one, project))
        seen.add(key)
    return births


def candidate_identity(proposal: Proposal, source: Record) -> str:
    """A candidate's id: of its rule, its claim or statement, and its source."""
    return derived_id(KINDS[Kind(proposal.kind)].prefix, proposal.rule, proposal.fingerprint, source.id)


def _known(snapshot: Snapshot, key: str, record_id: str, project: str) -> bool:
    """Whether the same was proposed before in this project, whatever became of it."""
    if snapshot.get(record_id) is not None:
        return True
    return any(record.project == project for record in snapshot.stating(key))


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


def _printable(value: str) -> str:
    """A text without the control characters that no header can hold (form feeds of a text file)."""
    return " ".join(_CONTROL.sub(" ", value).split()) if _CONTROL.search(value) else value


def _candidate(chosen: _Chosen, wave: str) -> Change:
    proposal, source = chosen.proposal, chosen.found.record
    keys: dict[str, Value] = {
        "type": proposal.type,
        "status": "candidate",
        "project": chosen.project,
        "title": _printable(proposal.title),
        "aliases": tuple(_printable(alias) for alias in proposal.aliases),
        "subject": _printable(proposal.subject),
        "attribute": _printable(proposal.attribute),
        "value": _printable(proposal.value),
        "question": _printable(proposal.question),
        "component": _printable(proposal.component),
        "confidence": f"{proposal.confidence:g}",
        "created": source.created,
        "provenance": {
            "interaction" if source.kind is Kind.INTERACTION else "source": source.id,
            "chunk": proposal.chunk,
            "path": chosen.found.origin,
            "heading": _printable(" > ".join(proposal.headings)),
            "lines": f"{proposal.first_line}-{proposal.last_line}",
            "quote": _printable(proposal.quote),
            "rule": proposal.rule,
            "extractor": EXTRACTOR_VERSION,
            "wave": wave,
            "explain": _printable("; ".join(proposal.explain)),
        },
    }
    return written(Kind(proposal.kind), chosen.record_id, keys, proposal.statement, proposal.title)


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
    found: Sequence[_Found],
    births: _Births,
    read: int,
    unchanged: int,
    passed: Sequence[Passed],
    vanished: tuple[str, ...],
) -> Wave:
    from atocore.knowledge.chunks import chunks

    pieces = sum(len(chunks(one.record.body)) for one in found) if action == "ingest" else 0
    changes = [*sources, *(_candidate(chosen, wave) for chosen in births.chosen)]
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
    )
    if not changes:
        return result
    report = Change(result.report, None, _report(result, action, found, births).encode())
    told = f"{_counted(len(sources), 'document')}, " if action == "ingest" else ""
    subject = f"{action} {told}{_counted(len(births.chosen), 'candidate')}"
    message = Message(subject, action, Actor.MACHINE, wave=wave)
    return replace(result, plan=Plan((*changes, report), message))


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _report(wave: Wave, action: str, found: Sequence[_Found], births: _Births) -> str:
    """The wave's report: what was read, what each rule found, what was deferred or skipped and why."""
    lines = [
        f"# Wave {wave.id}",
        "",
        f"Made by `atocore {action}`. Candidates wait in `atocore list --status candidate`.",
        "",
        "| read | unchanged | chunks | candidates | deferred | proposed before |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| {wave.read} | {wave.unchanged} | {wave.chunks} "
        f"| {wave.candidates} | {wave.deferred} | {wave.already} |",
        "",
        "## What each rule found",
        "",
        *_table(("rule", "candidates"), sorted(births.made.items())),
        "## Passages left alone",
        "",
        *_table(("document", "line", "why"), _skips(found)),
        "## Files passed over",
        "",
        *_table(("file", "why"), [(passed.path, passed.reason) for passed in wave.skipped]),
        "## Documents that vanished",
        "",
        *_table(("document",), [(origin,) for origin in wave.vanished]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _skips(found: Sequence[_Found]) -> Iterator[tuple[str, int, str]]:
    for one in sorted(found, key=lambda one: one.origin):
        for skip in one.extraction.skipped:
            yield one.origin, skip.line, skip.reason


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    body = [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    if not body:
        return ["None.", ""]
    return [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *body, ""]


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").replace("<", "&lt;").split())
