"""Confidence: the prior of a rule, moved by place, status, wording and freshness; each move is explained.

Knows paths and words. Must not know what a finding becomes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from atocore.knowledge.extraction.rules.document import Finding
from atocore.knowledge.extraction.rules.headings import normal_heading
from atocore.knowledge.ingestion.outline import Section, plain
from atocore.knowledge.ingestion.voices import Voice

LOWEST, HIGHEST = 0.05, 0.95

HIGH_PLACES = frozenset(
    [
        "adr",
        "adrs",
        "decision",
        "decisions",
        "requirement",
        "requirements",
        "constraint",
        "constraints",
        "spec",
        "specs",
    ]
)
LOW_PLACES = frozenset(
    [
        "archive",
        "archived",
        "archives",
        "attic",
        "blog",
        "blogs",
        "deprecated",
        "draft",
        "drafts",
        "example",
        "examples",
        "inbox",
        "meeting",
        "meetings",
        "minutes",
        "notes",
        "obsolete",
        "old",
        "sample",
        "samples",
        "sandbox",
        "scratch",
        "tmp",
        "wip",
    ]
)
_TEMPLATE = re.compile(  # "adr-template", not "0014-use-a-template", which decides about one
    r"(?!(?:adr[-_ ]?)?0*[1-9]\d*[-_ .])(?:.*[-_. ])?template(?:[-_. ].*)?", re.IGNORECASE
)
_RECORDS = re.compile(
    r"adrs?|(?:(?:architecture|architectural|design)[-_ ])?decisions?(?:[-_ ]records?)?", re.I
)
_GUIDES = re.compile(
    r"blogs?|posts?|tutorials?|guides?|users?[-_ ]?(?:guide|guidance|manual|docs)"
    r"|getting[-_ ]started|how-?tos?|prompts|skills|commands",
    re.I,
)
_HEDGED = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|might|not sure|i think|tentative(?:ly)?|for now)\b", re.I
)
_BINDING = re.compile(r"\b(?:shall|must|will)\b", re.IGNORECASE)
_MANUALS = re.compile(
    r"install(?:ation|ing)?|(?:.*[-_ ])?contributing(?:[-_ ].*)?"
    r"|commit[-_ ]?(?:messages?|guide\w*|conventions?)|code[-_ ]of[-_ ]conduct|style[-_ ]?guide"
    r"|pull[-_ ]requests?|release[-_ ]process|support",
    re.IGNORECASE,
)
_SETUP = re.compile(
    r"(?:install\w*|prerequisites?|getting started|quick ?start|set ?up|usage|building|build"
    r"|how to (?:use|install|run|build))\b.*"
)
_ENGINEERING = re.compile(
    r"(?:design|architecture|context|scope|verification|interfaces?|functional .*|decisions?)\b.*"
)


@dataclass(frozen=True, slots=True)
class Confidence:
    """A confidence with its account."""

    value: float
    explain: tuple[str, ...]


def confidence(
    prior: float,
    path: str,
    status: str,
    finding: Finding,
    type_: str,
    freshness: float,
    voice: Voice = Voice.DOCUMENT,
) -> Confidence:
    """Add up prior, place, status, wording and freshness (0 to 1), within bounds."""
    moves = [(prior, "the rule's prior")]
    moves.extend(place_moves(path))
    if status == "proposed":
        moves.append((-0.2, "the document is only proposed"))
    elif status == "accepted":
        moves.append((0.05, "the document is accepted"))
    if voice is Voice.ASSISTANT:
        moves.append((-0.2, "an assistant said it"))
    words = plain(finding.text)
    if finding.alias:
        moves.append((0.05, f"it has an identifier, {finding.alias}"))
    if type_ in ("requirement", "constraint") and _BINDING.search(words):
        moves.append((0.05, "binding words"))
    if _HEDGED.search(words):
        moves.append((-0.15, "hedged wording"))
    if len(words.split()) < 4 and not finding.more and finding.claim is None:
        moves.append((-0.1, "very short"))
    if freshness > 0:
        moves.append((round(0.05 * min(freshness, 1.0), 2), "fresh"))
    total = round(max(LOWEST, min(HIGHEST, sum(move for move, _ in moves))), 2)
    first, *rest = moves
    account = [f"{first[0]:.2f} {first[1]}", *(f"{move:+.2f} {why}" for move, why in rest)]
    return Confidence(total, tuple(account))


def place_moves(path: str) -> list[tuple[float, str]]:
    """What the folders and the name of a path add or take away."""
    parts = re.split(r"[/\\]", path.casefold())
    words = [*parts[:-1], *re.split(r"[-_. ]+", parts[-1])]
    moves = []
    if high := next((word for word in words if word in HIGH_PLACES), ""):
        moves.append((0.1, f"a high-signal place, {high}"))
    if low := next((word for word in words if word in LOW_PLACES), ""):
        moves.append((-0.2, f"a low-signal place, {low}"))
    return moves


def why_whole_document_not(path: str) -> str:
    """Say why nothing of a document counts: "" where it does."""
    parts = re.split(r"[/\\]", path)
    name = parts[-1].rsplit(".", 1)[0]
    if _TEMPLATE.fullmatch(name) or any(
        part.casefold() in ("templates", "template", "issue_template") for part in parts
    ):
        return "the document is a template"
    if name.casefold() in ("readme", "index") and any(_RECORDS.fullmatch(part) for part in parts[-2:-1]):
        return "a page about decision records, not one of them"
    return ""


def is_for_readers(path: str) -> bool:
    """Whether a document is a README or a guide, whose Requirements are mostly what its readers need."""
    *folders, name = re.split(r"[/\\]", path.casefold())
    return name.rsplit(".", 1)[0] == "readme" or any(_GUIDES.fullmatch(folder) for folder in folders)


def is_manual(path: str, sections: Sequence[Section]) -> bool:
    """Whether a document tells how to install and use something: its requirements are its reader's."""
    name = re.split(r"[/\\]", path.casefold())[-1].rsplit(".", 1)[0]
    headings = [normal_heading(section.heading) for section in sections]
    setup = any(_SETUP.fullmatch(heading) for heading in headings)
    return bool(_MANUALS.fullmatch(name)) or (
        setup and not any(_ENGINEERING.fullmatch(heading) for heading in headings)
    )
