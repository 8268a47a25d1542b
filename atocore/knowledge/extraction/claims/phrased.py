"""Claims of other forms: what a thing has, how many, how fast it does what, what it is made of, whose it is.

Knows these forms. Must not know how a sentence is found.
"""

from __future__ import annotations

import re
from dataclasses import replace

from atocore.knowledge.extraction.claims.joined import claim_of
from atocore.knowledge.extraction.claims.names import Name, attribute_in, names_a_thing, thing_in
from atocore.knowledge.extraction.claims.shape import Claim
from atocore.knowledge.extraction.claims.terms import ANY, NUMBER, QUANTITY, one_form
from atocore.knowledge.extraction.claims.units import dimension
from atocore.knowledge.extraction.claims.values import Said, ended, measured_in, worded
from atocore.knowledge.extraction.claims.worded import worded_in

_HAS = re.compile(
    r"(?P<subject>.+?) (?:(?:must|shall|should|will|can|now|only|always) )?"
    r"(?P<verb>has|have|provides?|delivers?"
    r"|achieves?|offers?"
    r"|uses?|supports?|contains?|reach(?:es)?|handles?|accepts?|holds?|stores?|includes?|carries"
    r"|takes|needs"
    r"|comprises|consists of|exposes|features|seats) (?P<object>.+)",
    re.IGNORECASE,
)
_OF_VALUE = re.compile(
    r"(?:an? |the )?(?P<attribute>[\w-]+(?: [\w-]+){0,4}) (?:of|between|from|in the range of|in the"
    r" range) (?P<value>.+)",
    re.I,
)
_COUNTED = re.compile(
    r"(?:exactly |only )?(?P<limit>at least |at most |up to |no more than |no fewer than |more than |a"
    r" maximum of "
    r"|a minimum of )?(?P<count>\d{1,6}(?:,\d{3})?) (?P<things>(?:[a-z-]+ )?[a-z-]{3,}s)(?P<tail>.*)",
)
_UNCOUNTED = re.compile(
    r"(?:.* )?(?:options|problems|issues|bugs|comments|causes|reasons|ways|errors|failures|files|lines"
    r"|commits|things"
    r"|steps|goals|changes|questions|points|cases|tests|times|results|answers|examples|changes|items"
    r"|warnings|tasks"
    r"|pages|words|columns|rows|fields|arguments|less|is|was|this|its|percent|as|plus|minus|series)"
)
_HOLDING = re.compile(
    r"(?P<amount>.+?) of (?P<what>[\w-]+(?: [\w-]+)?)(?P<tail>[.;!]?\s*|[.;!]\s.*|,? (?:in|on|at|for|so"
    r"|because) .*)$"
)
_WITHIN = re.compile(
    r"(?P<subject>.+?) (?:(?:must|shall|should|will|has to|have to|needs? to|can)(?: be able to| be"
    r" capable of)? )"
    r"(?P<deed>[a-z][\w-]*(?: [\w/-]+){0,8}?) (?P<how>within|in less than|in under|in at most|at least"
    r" every|every"
    r"|at least once every|for at least|for up to|for a minimum of) (?P<value>.+)",
    re.IGNORECASE,
)
_BARE_DEEDS = re.compile(
    r"(?:complete|finish|occur|happen|end|execute|be (?:complete|completed|finished|done))", re.I
)
_DEEDS = {
    "boot": "boot time",
    "boot up": "boot time",
    "start": "start-up time",
    "start up": "start-up time",
    "load": "load time",
    "respond": "response time",
    "answer": "response time",
    "settle": "settling time",
    "open": "opening time",
    "close": "closing time",
    "charge": "charging time",
    "warm up": "warm-up time",
}
_THERE_ARE = re.compile(
    r"there (?:are|is|must be|shall be) (?P<counted>.+?) (?:in|on|per|for) (?P<thing>the .+|each .+|an?"
    r" .+)",
    re.I,
)
_LASTING = re.compile(r"(?:operate|run|work|function)(?: continuously| autonomously)?", re.I)
_SINCE = re.compile(
    r"\s*(?:of|after|from|following) (?:the |an? )?(?P<what>[\w-]+(?: [\w-]+){0,5}?)(?=[.;!]?\s*$"
    r"|[.;!]\s|\s?\()",
    re.I,
)
_OWNS = re.compile(
    r"(?P<who>(?-i:[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2})) (?P<verb>owns|maintains|supplies|delivers"
    r"|manufactures|makes|builds|leads|manages|is responsible for)"
    r" the (?P<what>.+?)[.!]?\s*$"
)
_BUILT_WITH = re.compile(
    r"(?P<thing>.+?) (?:runs|uses|is built with|is built on|is pinned to|targets|runs on|is on)"
    r" (?P<what>(?-i:[A-Z][\w+#-]*(?: [A-Z][\w+#-]*)?)) (?:version"
    r" )?(?P<version>v?\d+(?:\.\d+)+(?:-\w+)?)[.!]?\s*",
    re.IGNORECASE,
)
_IS_ROLE = re.compile(
    r"(?P<who>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}) is (?:the|our)"
    r" (?P<role>owner|maintainer|supplier|vendor|manufacturer|contact|reviewer|approver) (?:of|for)"
    r" (?P<what>(?:the|our) .+?)[.!]?\s*"
)
_ROLES = {
    "owns": "owner",
    "maintains": "maintainer",
    "supplies": "supplier",
    "leads": "lead",
    "manages": "manager",
    "is responsible for": "owner",
    "delivers": "supplier",
}
_PLAIN_MATERIAL = re.compile(
    r"(?:the|a|an|this|that|one|two|three|four|several|many|some|what|parts|scratch)\b", re.IGNORECASE
)


def has(words: str) -> Claim | None:
    """Read "THING has an ATTRIBUTE of VALUE", "has 8 positions", "has 4 GB of RAM"."""
    match = _HAS.fullmatch(words)
    thing = thing_in(match["subject"]) if match else ""
    if not match or not thing:
        return None
    name, says = Name(thing), match["object"]
    if of := _OF_VALUE.fullmatch(says):
        noun = attribute_in(of["attribute"])
        found = measured_in(of["value"]) if noun and noun[1] in (QUANTITY, NUMBER, ANY) else None
        if noun and found:
            return claim_of(name, noun[0], ended(*found))
    if counted := _COUNTED.fullmatch(says):
        return _count(name, counted)
    found = measured_in(says)
    if not found:
        return None
    if match["verb"].casefold() in ("has", "have") and (held := _HOLDING.fullmatch(f"x{found[1]}")):
        tail = held["tail"] if held["tail"].strip(".;! ") else ""
        return claim_of(name, held["what"].casefold(), ended(found[0], tail))
    whole = ended(*found)
    return claim_of(name, whole.named, whole) if whole and whole.named else None


def there_are(words: str) -> Claim | None:
    """Read "there are 8 slots in the rack"."""
    match = _THERE_ARE.fullmatch(words.rstrip(".! "))
    thing = thing_in(match["thing"]) if match else ""
    counted = _COUNTED.fullmatch(match["counted"]) if match else None
    return _count(Name(thing), counted) if thing and counted else None


def _count(name: Name, match: re.Match[str]) -> Claim | None:
    if _UNCOUNTED.fullmatch(match["things"]) or dimension(f"1 {match['things']}"):
        return None
    sign = {"at l": ">=", "no f": ">=", "a mi": ">=", "more": ">", "": ""}.get(
        (match["limit"] or "")[:4].casefold(), "<="
    )
    said = ended(Said(match["count"], sign), match["tail"])
    return claim_of(name, f"number of {match['things']}", said) if said and not said.named else None


def within(words: str) -> Claim | None:
    """Read "THING shall DO SOMETHING within VALUE of AN EVENT"."""
    match = _WITHIN.fullmatch(words)
    thing = thing_in(match["subject"]) if match else ""
    found = measured_in(match["value"]) if match else None
    if not match or not thing or not found or dimension(found[0].value) != "time" or found[0].sign:
        return None
    name, (said, tail) = Name(thing), found
    deed, how = match["deed"].casefold(), match["how"].casefold()
    event = ""
    if since := _SINCE.match(tail):
        event, tail = f" after {since['what']}", tail[since.end() :]
    whole = ended(said, tail)
    if whole is None or whole.sign or whole.named or re.search(r"\b(?:not|never|be)\b", deed):
        return None
    if how.startswith("for "):
        if not _LASTING.fullmatch(deed):
            return None
        return claim_of(
            name, f"operating duration{event}", replace(whole, sign="<=" if "up to" in how else ">=")
        )
    if "every" in how:
        return claim_of(
            name, f"interval to {deed}{event}", replace(whole, sign="<=" if "least" in how else "")
        )
    attribute = _DEEDS.get(deed) or f"time to {deed}"
    if _BARE_DEEDS.fullmatch(deed) and not event:
        attribute = "duration"
    return claim_of(name, f"{attribute}{event}", replace(whole, sign="<="))


def named_by_verb(words: str) -> Claim | None:
    """Read "THING is made of MATTER", "runs on port 8080", "is supplied by FIRM"."""
    verb = worded_in(words)
    thing = thing_in(words[: verb.start]) if verb else ""
    if not verb or not thing:
        return None
    name = Name(thing)
    says = words[verb.end :]
    if verb.attribute == "material":
        return _made(name, says)
    found = worded(says, verb.kind)
    whole = ended(Said(found[0]), found[1]) if found else None
    return claim_of(name, verb.attribute, whole) if whole and not whole.named and not whole.sign else None


def _made(name: Name, says: str) -> Claim | None:
    match = re.fullmatch(r"(?P<material>[\w()/.,°+-]+(?: [\w()/.°+-]+){0,4}?)[.;]?\s*", says)
    if not match or _PLAIN_MATERIAL.match(match["material"]) or not names_a_thing(match["material"]):
        return None
    return Claim(name.subject, "material", match["material"].rstrip(".,;"))


def built_with(words: str) -> Claim | None:
    """Read "THING runs Python 3.12": one version of something else."""
    match = _BUILT_WITH.fullmatch(words)
    thing = thing_in(match["thing"]) if match else ""
    return Claim(thing, f"{match['what'].casefold()} version", match["version"]) if match and thing else None


def role(words: str) -> Claim | None:
    """Read "PERSON owns the THING", "FIRM supplies the THING"."""
    if match := _IS_ROLE.fullmatch(words):
        thing = thing_in(match["what"])
        return Claim(thing, one_form(match["role"]), match["who"]) if thing else None
    match = _OWNS.fullmatch(words)
    thing = thing_in(match["what"]) if match else ""
    if not match or not thing:
        return None
    return Claim(thing, _ROLES.get(match["verb"], "manufacturer"), match["who"])
