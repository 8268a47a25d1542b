"""The record: one file of the vault, understood. Its raw bytes stay beside what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from atocore.records.header import Header
from atocore.records.kinds import DERIVED_FOLDERS, KINDS, RECORD_FOLDERS, RESERVED_NAMES, Kind

# marks inside a word (`max_open`, `2*3`) are the word's own
LONGEST_NAME_CHARS = 1000
"""So much of a title, a heading or a claim stands beside each of its record's passages, at most."""

_MARKUP = re.compile(
    r"^\s*(#{1,6}\s+|>\s*|[-*+]\s+|\d+[.)]\s+)|(?<!\w)[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}(?!\w)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record came from; every part "" where it is not stated. `lines` is `first-last` of the file; of
    the text that `converter` made of it, where one did."""

    interaction: str = ""
    source: str = ""
    record: str = ""
    chunk: str = ""
    tool: str = ""
    external_id: str = ""
    file: str = ""
    revision: str = ""
    path: str = ""
    heading: str = ""
    lines: str = ""
    converter: str = ""
    quote: str = ""
    rule: str = ""
    extractor: str = ""
    wave: str = ""
    explain: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The last step a person took: the step's name, who, when (RFC 3339), and why. `covers` is a short hash
    of the members that a conflict's decision was made on."""

    step: str = ""
    by: str = ""
    at: str = ""
    why: str = ""
    covers: str = ""


class Relation(NamedTuple):
    """A typed link to an entity."""

    type: str
    target: str


@dataclass(frozen=True, slots=True)
class Member:
    """One side of a conflict as the conflict file tells it: id, value and layer (`L1` to `L3`); of a
    duplicate also what it said (`wording.said_key`)."""

    id: str
    value: str
    layer: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class OtherSide:
    """The other side of a dispute, as shown beside a member."""

    id: str
    value: str
    layer: str
    conflict: str


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A passage that is not what it was. `text` is the present one, "" where it vanished, with its heading
    path and its lines (`first-last`) in the document; `source` and `path` are the source's. `gone`: the
    document itself was not there any more at its last ingest.
    """

    source: str
    path: str
    heading: str
    lines: str
    text: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One understood file. Texts are what people typed, "" where a key is absent; `status` is "" for kinds
    without one. `path` is relative to the vault; `body_line` is the file line where the body starts."""

    path: str
    raw: bytes
    header: Header
    body: str
    body_line: int
    id: str
    kind: Kind
    type: str = ""
    status: str = ""
    project: str = ""
    title: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    subject: str = ""
    attribute: str = ""
    value: str = ""
    question: str = ""
    component: str = ""
    confidence: float | None = None
    valid_from: str = ""
    valid_until: str = ""
    stale_after: str = ""
    review_after: str = ""
    created: str = ""
    supersedes: tuple[str, ...] = ()
    superseded_by: str = ""
    graduated_to: str = ""
    proposes: tuple[tuple[str, str], ...] = ()
    relations: tuple[Relation, ...] = ()
    provenance: Provenance = Provenance()
    ruling: Ruling = Ruling()
    members: tuple[Member, ...] = ()
    slot: tuple[str, ...] = ()
    prevailing: str = ""
    winner: str = ""
    how: str = ""
    distrusted: bool = False
    """A machine's commit took a person's step: `status` reads candidate until a person confirms."""

    @property
    def layer(self) -> str:
        """`L0` to `L3`, "" for conflicts and projects."""
        layer = 0 if self.kind is Kind.NOTE else KINDS[self.kind].layer
        return "" if layer is None else f"L{layer}"

    @property
    def claim(self) -> str:
        """The claim in one line: `subject attribute is value`, as far as it is stated."""
        name = " ".join(part for part in (self.subject, self.attribute) if part)
        name = name or self.question or self.component
        return f"{name} is {self.value}" if name and self.value else name or self.value


def plain_line(text: str) -> str:
    """The first line of `text` that says something, without Markdown's marks and cut where it has no end to
    speak of; "" where there is none."""
    for line in text.splitlines():
        plain = _MARKUP.sub("", line[:LONGEST_NAME_CHARS]).strip()
        if plain and not set(plain) <= set("-=*_ "):
            return plain
    return ""


def printable(value: str) -> str:
    """A text without the control characters that no header can hold (form feeds of a text file)."""
    return " ".join(_CONTROL.sub(" ", value).split()) if _CONTROL.search(value) else value


def folder_kind(path: str) -> Kind | None:
    """The kind whose folder the path lies in, None for everywhere else and for reserved names."""
    folder, slash, rest = path.partition("/")
    return RECORD_FOLDERS.get(folder) if slash and rest.rsplit("/", 1)[-1] not in RESERVED_NAMES else None


def is_page(path: str) -> bool:
    """Whether a path is a Markdown file that the vault reads: neither hidden, nor a tool's, nor AtoCore's own
    page."""
    parts = PurePosixPath(path).parts
    name = parts[-1]
    return (
        name.lower().endswith(".md")
        and not name.startswith("~$")
        and not any(part.startswith(".") or part == "node_modules" for part in parts)
        and parts[0] not in DERIVED_FOLDERS
    )
