"""Documents to sources: which are new, changed, moved or gone, and what each source's file becomes.

Knows documents as they were read, and the sources of a project. Must not know rules, candidates or caps.
A document is known by its place: the same place is the same source, whatever stands there; the same text at
another place is the same source where its old place is empty.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from atocore.errors import AtocoreError
from atocore.knowledge.ingestion.freshness import stated_date
from atocore.knowledge.ingestion.opened import opened
from atocore.knowledge.ingestion.wave import Incoming, Passed
from atocore.records.birth import written
from atocore.records.codec import read
from atocore.records.edit import edit
from atocore.records.header import Value
from atocore.records.ids import derived_id
from atocore.records.kinds import KINDS, Kind
from atocore.records.plan import Change
from atocore.records.record import Record, plain_line, printable
from atocore.records.schema import KEY_ORDER
from atocore.records.snapshot import Snapshot

MAX_TITLE = 200
"""Characters of a source's title; a text may be one endless line."""


@dataclass(slots=True)
class Intake:
    """What becomes of a pass's documents: the sources' changes, and which are new or changed, with their
    paths in the ingested folder."""

    wave: str
    changes: list[Change] = field(default_factory=list)
    fresh: list[tuple[Record, str]] = field(default_factory=list)
    unchanged: int = 0
    moved: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    left_out: list[Passed] = field(default_factory=list)


def sources_of(snapshot: Snapshot, project: str) -> list[Record]:
    """The sources of a project; of none, where it is ""."""
    return [one for one in snapshot.select((Kind.SOURCE,), (), project) if one.project == project]


def source_identity(project: str, document: Incoming, *again: str) -> str:
    """The id of a document's source: of its project and place (`again`: what else tells it from another)."""
    return derived_id(KINDS[Kind.SOURCE].prefix, project, document.lies_at, *again)


def take_in(
    snapshot: Snapshot,
    documents: Sequence[Incoming],
    project: str,
    gone: Collection[str] = (),
    empty: Collection[str] = (),
) -> Intake:
    """Decide on each document. `gone` are the ids of sources whose document is not at its place any more;
    `empty` those of which that is known, though nobody asked: they may move, and are told of by no pass."""
    return _Taking(snapshot, project, gone, empty).taken(documents)


class _Taking:
    """One pass over the documents of a project."""

    def __init__(
        self, snapshot: Snapshot, project: str, gone: Collection[str], empty: Collection[str]
    ) -> None:
        self.snapshot = snapshot
        self.project = project
        self.known = known = sources_of(snapshot, project)
        self.at = {str(one.header.get("place")): one for one in known if one.header.get("place")}
        self.held: set[str] = set()
        self.gone = {one.id: one for one in known if one.id in gone}
        self.left = {one.id: one for one in known if one.id in gone or one.id in empty}

    def taken(self, documents: Sequence[Incoming]) -> Intake:
        """See `take_in`."""
        olds = self._olds(documents)
        followed = (*(old for old in olds.values() if old), *self.gone.values())
        intake = Intake(_wave_id(self.project, documents, followed, self.gone))
        seen: set[str] = set()
        for document in documents:
            if document.lies_at in seen:
                told = "another document of this pass has its folder and name"
                intake.left_out.append(Passed(document.origin, told))
            else:
                seen.add(document.lies_at)
                self._take(document, olds[document.lies_at], intake)
        self._let_go(intake)
        return intake

    def _olds(self, documents: Sequence[Incoming]) -> dict[str, Record | None]:
        """The source of each place, those included that a document brings along from where nothing is now.
        From where something else is, nothing moves: a copy of what was there is a document of its own."""
        olds = {document.lies_at: self._old(document) for document in documents}
        free = {_hash(one): one for _, one in sorted(self.left.items(), reverse=True)}
        for document in documents:
            if olds[document.lies_at] is None and (moved := free.pop(document.sha256, None)):
                olds[document.lies_at] = moved
                self.gone.pop(moved.id, None)
        replaced = {
            old.id
            for document in documents
            if (old := olds[document.lies_at]) is not None and _hash(old) != document.sha256
        }
        self.held = {_hash(one) for one in self.known if one.id not in replaced}
        return olds

    def _old(self, document: Incoming) -> Record | None:
        """The source that stands for a document's place already."""
        found = self.at.get(document.lies_at)
        if found is None:
            found = self.snapshot.get(source_identity(self.project, document))
            if found is not None and found.header.get("place"):  # it stands for another place now
                return None
        return found

    def _take(self, document: Incoming, old: Record | None, intake: Intake) -> None:
        if old is None and document.sha256 in self.held:  # the same text came in by another path
            intake.unchanged += 1
        elif old is not None and _hash(old) == document.sha256:
            self._keep(document, old, intake)
        else:
            try:
                change = self._source(document, old, intake.wave)
                record = _as_record(change)
            except AtocoreError as refusal:
                told = f"cannot be kept as a source: {refusal.message}"
                intake.left_out.append(Passed(document.origin, told))
                return
            intake.changes.append(change)
            intake.fresh.append((record, document.origin))

    def _keep(self, document: Incoming, old: Record, intake: Intake) -> None:
        """The same text, where it was, at another place, or back again."""
        place = old.header.get("place")
        if place == document.lies_at and not old.header.get("vanished"):
            intake.unchanged += 1
            return
        if place and place != document.lies_at:
            intake.moved.append(f"{old.header.get('origin')} -> {document.origin}")
            keys: dict[str, Value | None] = {"origin": document.origin}
        else:
            intake.unchanged += 1
            keys = {}
        keys |= {"place": document.lies_at, "vanished": None, "wave": intake.wave}
        raw = edit(old.raw, keys, order=KEY_ORDER)
        intake.changes.append(Change(old.path, old.raw, raw))

    def _source(self, document: Incoming, old: Record | None, wave: str) -> Change:
        stated, body, _ = opened(document.text)
        header = {name.lower(): value for name, value in stated.items()}
        keys: dict[str, Value] = {
            "type": document.format,
            "project": self.project,
            "title": _short(printable(header.get("title", "") or plain_line(body) or document.origin)),
            "created": stated_date(header, body),
            "origin": document.origin,
            "place": document.lies_at,
            "sha256": document.sha256,
            "converter": document.converter,
            "vanished": "",
            "wave": wave,
        }
        if old is None:
            source_id = source_identity(self.project, document)
            if self.snapshot.get(source_id) is not None:  # its first document has moved on
                source_id = source_identity(self.project, document, document.sha256)
            return written(Kind.SOURCE, source_id, keys, document.text, document.origin.rsplit(".", 1)[0])
        head = edit(old.raw, {name: value or None for name, value in keys.items()}, order=KEY_ORDER)
        head_only = head[: len(head) - len(old.body.encode())] if old.body else head
        fence_end = b"" if head_only.endswith((b"\n", b"\r")) else b"\n"
        return Change(old.path, old.raw, head_only + fence_end + document.text.encode())

    def _let_go(self, intake: Intake) -> None:
        """Mark the sources whose document is gone, once; they stay, and so does what rests on them."""
        for one in self.gone.values():
            if not one.header.get("vanished"):
                intake.vanished.append(str(one.header.get("origin") or one.path))
                raw = edit(one.raw, {"vanished": intake.wave}, order=KEY_ORDER)
                intake.changes.append(Change(one.path, one.raw, raw))
        intake.vanished.sort()


def _hash(source: Record) -> str:
    return str(source.header.get("sha256"))


def _short(title: str) -> str:
    return title if len(title) <= MAX_TITLE else f"{title[: MAX_TITLE - 1].rstrip()}…"


def _wave_id(
    project: str, documents: Sequence[Incoming], followed: Sequence[Record], gone: Collection[str]
) -> str:
    """A wave's id: of what was read, and of the waves it follows. A document that changes and changes back
    comes in three waves."""
    parts = [part for document in documents for part in (document.lies_at, document.sha256)]
    waves = {str(old.header.get(name) or "") for old in followed for name in ("wave", "vanished")}
    return derived_id("wave", project, *parts, *sorted(gone), *sorted(waves))


def _as_record(change: Change) -> Record:
    assert change.new is not None
    reading = read(change.path, change.new, max_bytes=len(change.new))
    if reading.record is None:
        raise AtocoreError("bad-value", f"{change.path}: {reading.problems[0].message}", "")
    return reading.record
