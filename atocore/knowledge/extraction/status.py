"""The status of a document or of a part of it: whether its decisions stand, are proposed, or are dead.

Knows the words that decision records use. Must not know rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from atocore.knowledge.extraction.rules.headings import normal_heading
from atocore.knowledge.ingestion.outline import Block, Section, plain

_DEAD = re.compile(
    r"(?:partially |now |has been |was |is )*(?P<word>superseded|superceded|rejected|deprecated|declined"
    r"|withdrawn|abandoned|obsoleted?|cancell?ed|retired|replaced|overridden|discarded|dropped"
    r"|invalid(?:ated)?|not accepted|reverted|archived|ersetzt|abgelehnt|verworfen|überholt|veraltet"
    r"|zurückgezogen|remplacée?|rejetée?|abandonnée?|obsolète|reemplazad[oa]|rechazad[oa]|obsolet[oa]"
    r"|substituíd[oa]|rejeitad[oa])\b",
    re.IGNORECASE,
)
_REPLACED = re.compile(
    r"\b(?P<word>superseded|superceded|replaced|overridden|obsoleted|deprecated) (?:by|with|in favou?r of)\b",
    re.I,
)
_STANDS = re.compile(
    r"\b(?:accepted|approved|decided|adopted|agreed|implemented|active|final|done|enforced|in force"
    r"|akzeptiert|angenommen|entschieden|beschlossen|acceptée?|approuvée?|adoptée?|aceptad[oa]|aprobad[oa]"
    r"|aceit[oa]|aprovad[oa])\b",
    re.I,
)
_OPEN = re.compile(
    r"\b(?:propos(?:ed|al)|draft(?:ing)?|pending|in review|under (?:review|discussion)|in discussion"
    r"|discussion|rfc|wip|undecided|in[- ]?progress|tbd|open|waiting|experimental|request for comments?"
    r"|not implemented|unapproved|to be decided|vorgeschlagen|entwurf|in diskussion|offen|proposée?"
    r"|brouillon|propuest[oa]|borrador|propost[oa]|rascunho)\b",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"~~[^~\n]{0,200}~~")
_LEAD = re.compile(r"^[\W\d_]+")  # quotes, dates, and the sign before the word
_NO = re.compile(r"[^\w\n]*[❌⛔🚫🛑✖✗✘]")
_YES = re.compile(r"[^\w\n]*[✅✔☑]")
_LABEL = re.compile(
    r"\s*(?:[-*+]\s+)?[*_]{0,3}(?:status|state|statut|estado)[*_]{0,3}\s*[:=][*_]{0,3}\s*(?P<says>\S.*)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:status|state|statut|estado|decision status|adr status)(?:\s*[:–—-]\s*(?P<says>.+))?"
)


def read_status(text: str) -> str:
    """Fold a status to `dead: WORD`, `proposed`, `accepted`, or "" where the words are none of these.

    A sign may stand before the word, or alone; what is struck out does not count.
    """
    said = _STRUCK.sub("", text[:800])
    words = plain(said)[:400]
    for line in (plain(part) for part in said.split("\n")):
        if match := _DEAD.match(_LEAD.sub("", line)):
            return f"dead: {match['word'].casefold()}"
    if match := _REPLACED.search(words):
        return f"dead: {match['word'].casefold()}"
    if _OPEN.match(_LEAD.sub("", words)) or (_OPEN.search(words[:80]) and not _STANDS.search(words[:80])):
        return "proposed"
    if _STANDS.search(words[:160]):
        return "accepted"
    return _signed(said, struck=said != text[:800])


def _signed(said: str, *, struck: bool) -> str:
    """A status without a word of its own: by its sign, or by what is left when all of it is struck out."""
    if _NO.match(said):
        return "dead: rejected"
    if _YES.match(said):
        return "accepted"
    return "dead: struck out" if struck and not re.search(r"\w", said) else ""


def statuses(sections: Sequence[Section], frontmatter: Mapping[str, str]) -> tuple[str, ...]:
    """Give for every section the status that holds for it: the nearest one stated around it."""
    whole = read_status(str(frontmatter.get("status", "") or frontmatter.get("state", "")))
    stated: dict[int, str] = {}
    for section in sections:
        if match := _HEADING.fullmatch(normal_heading(section.heading)):
            status = read_status(match["says"] or "\n".join(_texts(section.blocks[:3])))
            if status:
                stated.setdefault(section.parent, status)
    return _spread(sections, stated, whole)


def _spread(sections: Sequence[Section], stated: Mapping[int, str], whole: str) -> tuple[str, ...]:
    found: list[str] = []
    document = stated.get(-1) or whole
    for number, section in enumerate(sections):
        above = found[section.parent] if section.parent >= 0 else document
        found.append(stated.get(number) or _labelled(section) or above)
    return tuple(found)


def _labelled(section: Section) -> str:
    """A `Status: …` line among the first blocks of a section."""
    for text in _texts(section.blocks[:4]):
        for line in text.split("\n")[:12]:
            if match := _LABEL.match(line):
                return read_status(match["says"])
    return ""


def _texts(blocks: Sequence[Block]) -> list[str]:
    found = []
    for block in blocks:
        if block.kind == "paragraph":
            found.append(block.text[:2000])
        for item in block.items[:12]:
            found.extend(b.text[:500] for b in item.blocks if b.kind == "paragraph")
        for cells in (block.header, *(row.cells for row in block.rows[:12])):
            if len(cells) >= 2:
                found.append(f"{plain(cells[0])}: {cells[1]}")
    return found
