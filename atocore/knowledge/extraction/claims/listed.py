"""Claims of the forms in which people list what they know of things: "thumbscrews: quantity 2", "for the
mirror, we measured mass = 4.2 kg".

Knows these forms. Only a person's own words count in them: in a document they may be anything.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.claims.joined import value_of
from atocore.knowledge.extraction.claims.names import Name, names_a_thing
from atocore.knowledge.extraction.claims.shape import Claim
from atocore.knowledge.extraction.claims.terms import NUMBER, QUANTITY, split

_BESIDE = re.compile(
    r"[*+-]? ?(?P<thing>[^:]{3,120}): (?P<attribute>[a-z][a-z -]{1,40}?)(?P<unit> \([^()]{1,12}\))?"
    r" (?P<value>[-+~<>≤≥$€£]{0,2} ?\S*\d\S*(?: ?[^\s\d,;:]{1,9})?)[.!]?",
    re.IGNORECASE,
)
_NOTED = re.compile(
    r"for (?:the |our )?(?P<thing>[^:=]{3,120}?),? (?:we|i)(?: have|'ve)? (?:recorded|noted|measured|logged"
    r"|registered|specified|found|agreed on|set)(?: the| an?)? (?P<attribute>[a-z][a-z -]{1,40}?)"
    r"(?: ?[=:]| is| as| of(?=[^=:]*$)) (?P<value>\S.*)",
    re.IGNORECASE,
)
_VERSIONED = re.compile(r", (?:version|release|revision|rev\.?|model) (?=\S+$)", re.IGNORECASE)
_COUNTS = ("quantity", "qty", "count")
_LONGEST = 14  # words of a thing's name, where a mark ends it


def listed(words: str) -> Claim | None:
    """The claim of one entry of a list, or of what somebody noted of a thing; None where there is none."""
    match = _BESIDE.fullmatch(words) or _NOTED.fullmatch(words)
    if not match or not _names(match["thing"]):
        return None
    attribute, kind = _attribute(match["attribute"])
    name = Name(_VERSIONED.sub(" ", match["thing"].strip()), attribute, kind)
    claim = value_of(name, match["value"]) if attribute else None
    unit = match.groupdict().get("unit") or ""
    return claim if claim is None or not unit else Claim(claim.subject, f"{attribute}{unit}", claim.value)


def _attribute(phrase: str) -> tuple[str, int]:
    """The attribute that a phrase is the name of, in its one form, and the kind of its value; "" for none."""
    folded = phrase.strip().casefold()
    if folded in _COUNTS:
        return "quantity", NUMBER
    term = split(phrase)
    if term is None or term.rest:
        return "", QUANTITY
    return term.attribute, NUMBER if term.kind == QUANTITY else term.kind


def _names(thing: str) -> bool:
    """Whether the words name a thing: each part between commas may, and the first must."""
    first = thing.split(",", 1)[0].strip()
    words = first.split()
    return len(thing.split()) <= _LONGEST and names_a_thing(" ".join(words[-6:])) and names_a_thing(words[0])
