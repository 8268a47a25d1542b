"""Claims of sentences whose verb is in no table: "the panels are baked at 80 °C", "the fuel inlet is 3 bar".
The verb itself, with what the unit measures, is the attribute: only those who use the same words claim one
slot.

Knows phrases. Must not know tables of verbs. Not sure enough to make a document's sentence a candidate.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.claims.names import thing_in
from atocore.knowledge.extraction.claims.terms import is_known
from atocore.knowledge.extraction.claims.units import dimension

_ANY = re.compile(
    r"(?P<thing>[^,;:]{2,80}?) (?:(?P<modal>(?:must|shall|should|will|can|has to|have to|needs? to))"
    r" (?:be able to )?)?"
    r"(?P<verb>(?:(?:is|are|be) )?[a-z]+(?:-[a-z]+)?)(?P<how> (?:at|in|to|for|within|after|every|by"
    r"|with|from|on|up to|down to))?"
    r" (?=(?:about |at least |at most |up to |less than |more than |no more than |exactly"
    r" )?[-+<>≤≥~]?\s?\d)",
    re.IGNORECASE,
)
_NO_VERB = re.compile(
    r"(?:is|are|be|was|has|have|had|does|do|it|its|this|says?|shows?|reads?|reports?|returns?|fails?"
    r"|crash(?:es)?|hangs?"
    r"|changes?|increases?|decreases?|drops?|rises?|falls?|grows?|differs?|var(?:y|ies)|improves?"
    r"|means?|makes?|gets?"
    r"|goes|go|comes?|becomes?|seems?|looks?|happens?|wants?|thinks?|knows?|plus|minus|less|across"
    r"|versus|times"
    r"|lets?|helps?|gives?|tells?|asks?|sees?|adds?|removes?|fix(?:es)?|prints?|displays?|gained|lost"
    r"|and|or|not)",
    re.IGNORECASE,
)
_DONE = re.compile(r"(?:is|are|be) (?P<done>[a-z-]+(?:ed|en|wn|ilt|eld|ept|ound|et|ut))", re.IGNORECASE)
IMPLIED = {
    "voltage": "voltage",
    "mass": "mass",
    "temperature": "temperature",
    "pressure": "pressure",
    "money": "cost",
    "power": "power",
    "current": "current",
    "torque": "torque",
    "force": "force",
    "memory": "size",
    "length": "size",
    "time": "duration",
    "flow": "flow rate",
    "rotation": "speed",
    "volume": "volume",
    "charge": "capacity",
    "energy": "energy",
    "angle": "angle",
    "frames": "frame rate",
    "low frequency": "frequency",
    "high frequency": "frequency",
}
"""The attribute that a value's unit names where no word does."""


def implied(subject: str, value: str) -> str:
    """The attribute that "the inlet is 3 bar" leaves out; "" where a subject of one word says too little."""
    return IMPLIED.get(dimension(value), "") if " " in subject else ""


def verbed(words: str) -> tuple[str, str, int] | None:
    """The thing, what its verb says of it, and where the value begins."""
    match = _ANY.match(words)
    thing = thing_in(match["thing"]) if match else ""
    if not match or not thing or is_known(thing):
        return None
    verb = match["verb"].casefold()
    if done := _DONE.fullmatch(verb):
        name = done["done"]
    elif " " in verb or _NO_VERB.fullmatch(verb):
        return None
    elif match["modal"]:
        name = verb
    elif verb.endswith("s") and not verb.endswith("ss") and not thing.endswith("s"):
        name = _base(verb)
    else:
        return None
    return thing, f"{name}{(match['how'] or '').casefold()}", match.end()


def _base(verb: str) -> str:
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:ch|sh|ss|x|zz)es$", verb) else verb[:-1]
