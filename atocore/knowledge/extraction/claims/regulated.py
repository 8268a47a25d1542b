"""Claims of what a thing does to a quantity: "limits the pressure to 6 bar", "keeps the tank at 20 °C",
"shall sample the probe at a rate of 10 Hz".

Knows these forms. Must not know how a sentence is found.
"""

from __future__ import annotations

import re
from dataclasses import replace

from atocore.knowledge.extraction.claims.joined import claim_of
from atocore.knowledge.extraction.claims.loose import IMPLIED
from atocore.knowledge.extraction.claims.names import Name, name_in, thing_in
from atocore.knowledge.extraction.claims.shape import Claim
from atocore.knowledge.extraction.claims.terms import NUMBER, QUANTITY, is_known, split
from atocore.knowledge.extraction.claims.units import dimension
from atocore.knowledge.extraction.claims.values import ended, measured_in

_MODAL = r"(?:(?:must|shall|should|will|can|has to|needs to) )?"
_HOLDS = re.compile(
    rf"(?P<thing>.+?) {_MODAL}(?P<verb>limits?|restricts?|keeps?|holds?|maintains?|regulates?) (?:the"
    rf" )?(?P<what>.+?)"
    r" (?P<side>to|at|below|under|above|(?=between))(?: (?:an? )?(?:maximum|max\.) of)?"
    r" (?P<value>(?:at most |between )?[-+]?\d.*)",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"(?P<thing>.+?) (?:must|shall|should|will|can|has to|needs to) (?P<deed>[a-z][\w-]*(?:"
    r" [\w/-]+){0,7}?) (?:at|with|within|in|to) (?:an?"
    r" |the )"
    r"(?P<attribute>[a-z-]+(?: [a-z-]+){0,3}) of (?P<value>.+)",
    re.IGNORECASE,
)
_NO_DEED = re.compile(r"(?:is|are|was|be|has|have|not|never|cannot|it|which|that)\b.*", re.IGNORECASE)


def held(words: str) -> Claim | None:
    """Read "THING limits ATTRIBUTE to VALUE" and "THING keeps OTHER at VALUE"."""
    match = _HOLDS.fullmatch(words)
    thing, read = (thing_in(match["thing"]), measured_in(match["value"])) if match else ("", None)
    whole = ended(*read) if read else None
    if not match or not thing or not whole or whole.sign[:1] == ">" or whole.named:
        return None
    side, most = match["side"].casefold(), match["verb"].casefold().startswith(("limit", "restrict"))
    sign = "<=" if most or side in ("below", "under") or whole.sign else ">=" if side == "above" else ""
    whole, what = replace(whole, sign=sign), match["what"]
    if term := split(what) if is_known(what) else None:
        return claim_of(Name(thing), term.attribute, whole)
    name = name_in(what)
    return claim_of(name, name.attribute or IMPLIED.get(dimension(whole.value), ""), whole) if name else None


def done_at(words: str) -> Claim | None:
    """Read "THING shall DO SOMETHING at an ATTRIBUTE of VALUE"."""
    match = _DOES.fullmatch(words)
    thing = thing_in(match["thing"]) if match else ""
    term = split(match["attribute"]) if match else None
    read = measured_in(match["value"]) if match else None
    if not match or not thing or not term or term.rest or term.kind not in (QUANTITY, NUMBER) or not read:
        return None
    if _NO_DEED.match(match["deed"]):
        return None
    return claim_of(Name(thing), f"{term.attribute} to {match['deed'].casefold()}", ended(*read))
