"""Text that only restates what its reader was given: project instructions, an assistant's own memory, a pack
that AtoCore handed out. It yields no candidate, and the report says why.

Knows names of files, marks, and the texts of the vault. Must not know rules or caps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from atocore.knowledge.extraction.extract import Extraction, Proposal, Skipped
from atocore.knowledge.ingestion.opened import extracted, opened
from atocore.knowledge.ingestion.outline import line_bounds
from atocore.records.ids import ALPHABET
from atocore.records.kinds import KINDS, Kind
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot
from atocore.records.statement import normal_statement

INSTRUCTIONS = "restates project instructions"
MEMORY = "restates an assistant's own memory"
PACK = "restates a recalled context pack"
_FEWEST_WORDS = 3  # fewer words in a row prove nothing

# Names and folders by which assistants find their instructions; compared in lower case, but for those that
# are words of their own: a telescope may be called Gemini.
_INSTRUCTION_FILES = frozenset(
    [
        *["claude.md", "claude.local.md", "agents.md", "agents.override.md", "copilot-instructions.md"],
        *[".cursorrules", ".windsurfrules", ".clinerules", ".roorules", ".goosehints", ".kilocoderules"],
        *[".augment-guidelines", ".aiderrules", ".rules"],
    ]
)
_INSTRUCTION_WORDS = frozenset(["GEMINI.md", "QWEN.md", "WARP.md", "CRUSH.md", "AGENT.md"])
_INSTRUCTION_FOLDERS = frozenset(
    [
        *[".claude", ".cursor", ".windsurf", ".clinerules", ".roo", ".codex", ".gemini", ".junie", ".kiro"],
        *[".augment", ".amazonq", ".continue", ".trae", ".openhands", ".qwen", ".kilocode", ".agents"],
    ]
)
_INSTRUCTION_ENDS = (".instructions.md", ".mdc", ".prompt.md", ".chatmode.md")
_MEMORY_FILES = frozenset(["memory.md", "memory_summary.md", "raw_memories.md"])
_MEMORY_FOLDERS = frozenset(["memory", "memories", "memory-bank", "agent-memory"])

_BEGIN = re.compile(r"<!--\s*atocore:context\s+begin\s*-->", re.IGNORECASE)
_END = re.compile(r"<!--\s*atocore:context\s+end\s*-->", re.IGNORECASE)
_PREFIXES = "|".join(spec.prefix for spec in KINDS.values())
_ID = rf"(?:{_PREFIXES})-[{ALPHABET}]{{12,}}"
_CITED = re.compile(rf"\[{_ID}(?:, [^\]\n]*)?\]|^\s*[-*] {_ID}: ", re.MULTILINE)


def why_document_not(path: str) -> str:
    """Why nothing of a document is proposed, by its path below the ingested folder; "" where it may be."""
    parts = PurePosixPath(path.replace("\\", "/").casefold()).parts
    if not parts:
        return ""
    name, folders = parts[-1], set(parts[:-1])
    hosted = bool(folders & _INSTRUCTION_FOLDERS)
    if hosted and (name in _MEMORY_FILES or folders & _MEMORY_FOLDERS):
        return MEMORY
    typed = path.replace("\\", "/").rpartition("/")[2]
    if (
        hosted
        or name in _INSTRUCTION_FILES
        or typed in _INSTRUCTION_WORDS
        or name.endswith(_INSTRUCTION_ENDS)
    ):
        return INSTRUCTIONS
    return MEMORY if name in _MEMORY_FILES - {"memory.md"} else ""


def in_host_folder(parts: Sequence[str]) -> str:
    """A folder's path from an assistant's own folder on (`.claude/projects/x`); "" where it lies in none."""
    at = next((n for n, part in enumerate(parts) if part.casefold() in _INSTRUCTION_FOLDERS), None)
    return "/".join(parts[at:]) if at is not None else ""


@dataclass(frozen=True, slots=True)
class Given:
    """What an assistant was given and may repeat: words of instructions and of its memory, each with why."""

    texts: tuple[tuple[str, str], ...] = ()

    def why_not(self, text: str) -> str:
        """Why a passage is no news: "" where it is."""
        words = normal_statement(text)
        if len(words.split()) < _FEWEST_WORDS:
            return ""
        padded = f" {words} "
        return next((reason for reason, known in self.texts if padded in known), "")


def given(snapshot: Snapshot, sources: Iterable[Record] = ()) -> Given:
    """What the vault knows of given texts: its sources (and these further ones) that are such documents."""
    found = {}
    for record in (*snapshot.select((Kind.SOURCE,)), *sources):
        if reason := why_document_not(place_of(record)):
            found[record.id] = (reason, f" {normal_statement(opened(record.body)[1])} ")
    return Given(tuple(sorted(found.values())))


def place_of(record: Record) -> str:
    """Where a source's document lies: its folder's name and its path in it, as far as the source tells."""
    return str(record.header.get("place") or record.header.get("origin") or record.path)


def news(record: Record, origin: str, known: Callable[[], Given], latest: str = "") -> Extraction:
    """What a source or capture yields beyond what it restates; each such passage is told of, with why.

    `latest` is the newest date known.
    """
    if record.kind is Kind.SOURCE and (reason := why_document_not(place_of(record))):
        return Extraction((), (Skipped(reason, 1, origin),), {})
    _, text, line = opened(record.body)
    packs = tuple(_packed(text, line))
    found = extracted(record, _near(record, origin), without=packs, latest=latest)
    kept: list[Proposal] = []
    skipped = [*found.skipped, *(Skipped(PACK, first, f"to line {last}") for first, last in packs)]
    for proposal in found.proposals:
        reason = known().why_not(proposal.quote) if record.kind is Kind.INTERACTION else ""
        if reason:
            skipped.append(Skipped(reason, proposal.first_line, proposal.title))
        else:
            kept.append(proposal)
    skipped.sort(key=lambda skip: (skip.line, skip.reason, skip.text))
    return replace(found, proposals=tuple(kept), skipped=tuple(skipped))


def _near(record: Record, origin: str) -> str:
    """A document's path with the name of the ingested folder: what its folders say of it."""
    place = str(record.header.get("place") or "")
    above = place.removesuffix(origin).rstrip("/").rpartition("/")[2] if place.endswith(f"/{origin}") else ""
    return f"{above}/{origin}" if above else origin


def _packed(text: str, first_line: int) -> Iterator[tuple[int, int]]:
    """First and last line of each part of a text that AtoCore handed out: between its marks, or an entry with
    its citation."""
    if "atocore:context" not in text.casefold() and not _CITED.search(text):
        return
    starts, ends = line_bounds(text)
    opened_at = 0
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), first_line):
        own = text[start:end]
        if _BEGIN.search(own):
            opened_at = opened_at or number
        if _END.search(own) and opened_at:
            yield opened_at, number
            opened_at = 0
        if _CITED.search(own) and not opened_at:
            yield _entry_start(text, starts, number - first_line) + first_line, number
    if opened_at:
        yield opened_at, first_line + len(starts) - 1


def _entry_start(text: str, starts: tuple[int, ...], at: int) -> int:
    """The line (from 0) on which the entry begins that the citation on line `at` closes: its bullet's."""
    if not text.startswith(("  ", "\t"), starts[at]):
        return at
    for number in range(at - 1, max(-1, at - 200), -1):
        if text.startswith(("- ", "* "), starts[number]):
            return number
        if not text.startswith(("  ", "\t", "\n", "\r"), starts[number]):
            break
    return at
