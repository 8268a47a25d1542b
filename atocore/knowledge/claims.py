"""Claims: the subject, attribute and value that a sentence itself states. Never a guess.

One reader for documents and for plain speech, so that two people who say one thing in two ways claim one
slot: "the arm weighs at most 4 kg", "the arm's mass must not exceed 4 kg", "maximum mass of the arm: 4 kg"."
" A limit is
an attribute of its own ("maximum mass"), and so is a value that holds under a condition ("power in eclipse").

Knows sentences. Must not know rules or records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from atocore.knowledge.chunks_outline import plain
from atocore.knowledge.claims_names import Name, name_in, names_a_thing, thing_in
from atocore.knowledge.claims_terms import ANY, COUNT, NUMBER, QUANTITY, limited, named, split
from atocore.knowledge.claims_units import dimension
from atocore.knowledge.claims_values import Said, bare, condition_in, ended, measured_in, worded
from atocore.knowledge.claims_verbs import Verb, verb_in, worded_in

MAX_READ = 400
"""Characters of a passage that are read for a claim."""

_VERBS = 4  # of a sentence that are tried
_SENTENCE = re.compile(r"(?<=[^\W\d_]{2}[.!])\s+(?=[A-Z\"“])|(?<=[\d%)][.!])\s+(?=[A-Z\"“])")
_MAY = re.compile(
    r"\d|\b(?:of|from|in|by|under|is|are|owns|for|supplies|maintains|delivers|manufactures|makes)\b|[:=]",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:or|if|unless|except|either|maybe|perhaps|might|would|could|whether|versus|vs)\b|\?",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"(?P<condition>(?:in|at|during|on|for|under|when|with|without|after|before) [^,;:]{2,50}),"
    r" (?P<rest>.+)",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"(?P<subject>.+?) (?:(?:must|shall|should|will|can) )?(?P<verb>has|have|provides?|delivers?"
    r"|achieves?|offers?"
    r"|uses?|supports?|contains?|with|reach(?:es)?|handles?|accepts?|holds?|stores?|includes?|carries|takes|needs"
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
    r"|pages|words|less|is|was|this|its|percent|as|plus|minus|series)"
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
    r"there (?:are|is|must be|shall be) (?P<counted>.+?) (?:in|on|per|for) (?P<thing>the .+|each .+|an? .+)",
    re.I,
)
_SYMBOL = re.compile(r"(?<!\bis)(?<!\bare)(?<!\bbe)(?<!:)(?<!=) ?(<=|>=|≤|≥|<|>) ?(?=[-+]?\d)")
_LASTING = re.compile(r"(?:operate|run|work|function)(?: continuously| autonomously)?", re.I)
_SINCE = re.compile(
    r"\s*(?:of|after|from|following) (?:the |an? )?(?P<what>[\w-]+(?: [\w-]+){0,5}?)(?=[.;!]?\s*$"
    r"|[.;!]\s|\s?\()",
    re.I,
)
_PURPOSE = re.compile(r"\s*(?:in order )?to (?P<deed>[\w-]+(?: [\w/-]+){0,5}?)[.;!]?\s*$", re.I)
_LABEL = re.compile(r"(?P<label>[^:=–—]{2,90}?)\s*(?P<mark>:|=| [–—-])\s+(?P<says>\S.*)")
_OWNS = re.compile(
    r"(?P<who>(?-i:[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2})) (?P<verb>owns|maintains|supplies|delivers"
    r"|manufactures|makes)"
    r" the (?P<what>.+?)[.!]?\s*$"
)
_BUILT_WITH = re.compile(
    r"(?P<thing>.+?) (?:runs|uses|is built with|is built on|is pinned to|targets|runs on|is on)"
    r" (?P<what>(?-i:[A-Z][\w+#-]*(?: [A-Z][\w+#-]*)?)) (?:version )?(?P<version>v?\d+(?:\.\d+)+(?:-\w+)?)[.!]?\s*",
    re.IGNORECASE,
)
_ROLES = {"owns": "owner", "maintains": "maintainer", "supplies": "supplier", "delivers": "supplier"}
_EMITS = re.compile(  # what draws one power and gives another
    r"(?:.* )?(?:transmitter|laser|amplifier|heater|motor|engine|supply|panels?|array|generator|battery"
    r"|led|leds|radio"
    r"|antenna|source|converter|inverter|charger|fuel cell|solar cells?|turbine|transceiver|lamp|psu"
    r"|speaker)",
    re.IGNORECASE,
)
_IMPLIED = {  # what "the sensor is 5 V" leaves out
    "voltage": "voltage",
    "mass": "mass",
    "temperature": "temperature",
    "pressure": "pressure",
    "money": "cost",
    "power": "power",
}
_COMPARED = {  # what "shorter than 2 m" compares
    **dict.fromkeys(("longer", "shorter"), {"length": "length", "time": "duration"}),
    **dict.fromkeys(("heavier", "lighter"), {"mass": "mass"}),
    **dict.fromkeys(("wider", "narrower"), {"length": "width"}),
    **dict.fromkeys(("thicker", "thinner"), {"length": "thickness"}),
    **dict.fromkeys(("hotter", "colder", "warmer", "cooler"), {"temperature": "temperature"}),
    **dict.fromkeys(("larger", "smaller", "bigger"), {"memory": "size", "volume": "volume"}),
    **dict.fromkeys(("faster", "slower"), {"time": "duration"}),
    "taller": {"length": "height"},
    "deeper": {"length": "depth"},
    "cheaper": {"money": "cost"},
}
_PLAIN_MATERIAL = re.compile(
    r"(?:the|a|an|this|that|one|two|three|four|several|many|some|what|parts|scratch)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed of what: `value` holds the number and its unit as typed; a limit is in the attribute.

    `component` is the part whose material or vendor `value` names. `borrowed`: the heading above, not the
    passage, says what it is about.
    """

    subject: str
    attribute: str
    value: str
    component: str = ""
    borrowed: bool = False


UNCLAIMED = Claim("", "", "")
"""Said of a passage whose form shows that it claims nothing, whatever its words."""


def of_heading(subject: str, attribute: str, value: str) -> Claim | None:
    """A claim about what the heading above names; None where that names nothing."""
    if not subject:
        return None
    claim = settled(subject, attribute, value)
    return replace(claim, borrowed=True) if claim else None


def settled(subject: str, attribute: str, value: str) -> Claim | None:
    """A claim of a form whose parts are known: the attribute in its one form, with a value's sign."""
    if re.match(rf"{re.escape(subject)} (?=\S)", attribute, re.IGNORECASE):
        attribute = attribute[len(subject) + 1 :]
    name, match = named(attribute), re.match(r"(?P<sign>[<>]=?) ", value)
    if not match:
        return Claim(subject, name, value)
    name = limited(name, match["sign"])
    return Claim(subject, name, value[match.end() :]) if name else None


def is_quantity(name: str) -> bool:
    """Whether a name ends in a physical or technical quantity: "rated torque", "mass"."""
    term = split(name)
    return term is not None and term.kind in (QUANTITY, NUMBER)


def claim_in(text: str) -> Claim | None:
    """The one claim that a passage states in its first sentence; None where it states none, or more."""
    words = _SENTENCE.split(plain(text[:MAX_READ]), maxsplit=1)[0]
    condition = ""
    if match := _AHEAD.fullmatch(words):
        condition = condition_in(match["condition"])
        if not condition:
            return None
        words = match["rest"]
    if _UNSURE.search(words):
        return None
    claim = _read(words)
    if claim and condition and claim.attribute:
        return replace(claim, attribute=f"{claim.attribute} {condition}")
    return claim


def _read(words: str) -> Claim | None:
    words = _SYMBOL.sub(r" is \1 ", words)
    for reader in (_joined, _there_are, _built_with, _has, _within, _labelled, _named_by_verb, _role):
        if claim := reader(words):
            return claim
    return None


def _joined(words: str) -> Claim | None:
    """Read "THING ATTRIBUTE VERB VALUE"; "THING VERB VALUE" where verb or unit names the attribute."""
    start = 0
    for _ in range(_VERBS):
        verb = verb_in(words, start)
        if verb is None:
            return None
        name = name_in(words[: verb.start])
        if name and (claim := _about(name, verb, words[verb.end :])):
            return claim
        start = verb.start + 1
    return None


def _about(name: Name, verb: Verb, says: str) -> Claim | None:
    if verb.sign == "?":
        return None
    if name.attribute and name.kind not in (QUANTITY, NUMBER, ANY):
        return _other(name, verb, says)
    found = measured_in(says) or (bare(says) if name.kind in (NUMBER, ANY) else None)
    if not found:
        return _other(name, verb, says) if name.kind in (NUMBER, ANY) else None
    said, tail = found
    if (said.sign and verb.sign) or (verb.negated and not verb.sign):
        return None
    said = replace(said, sign=verb.sign or said.sign)
    attribute = name.attribute or verb.names.get(dimension(said.value), "")
    if verb.word in ("take", "need") and (match := _PURPOSE.match(tail)):
        attribute, tail = f"time to {match['deed'].casefold()}" if attribute == "duration" else "", ""
    if verb.word == "fit":
        tail = re.sub(r"^ of ", " in ", tail)
        said = replace(said, sign=said.sign or "<=")
    whole = ended(said, tail)
    if whole is None or (whole.named and name.attribute):
        return None
    compared = _COMPARED.get(verb.compares, {}).get(dimension(said.value), "")
    attribute = (
        attribute
        or whole.named
        or compared
        or (_IMPLIED.get(dimension(said.value), "") if verb.word == "be" else "")
    )
    if verb.word == "draw" and attribute == "power" and _EMITS.fullmatch(name.subject):
        attribute = "power draw"
    return _claim(name, attribute, whole)


def _other(name: Name, verb: Verb, says: str) -> Claim | None:
    """A value that is a day, a version, a port, a name or a number of things."""
    if verb.word != "be" or verb.sign or verb.negated:
        return None
    if name.kind == COUNT:
        match = re.match(r"(?P<count>\d[\d,]*)[.;!]?\s*$", says)
        return Claim(name.subject, name.attribute, match["count"]) if match else None
    found = worded(says, name.kind)
    whole = ended(Said(found[0]), found[1]) if found else None
    return _claim(name, name.attribute, whole) if whole and not whole.named and not whole.sign else None


def _claim(name: Name, attribute: str, said: Said | None) -> Claim | None:
    if said is None or not attribute or (name.condition and said.condition):
        return None
    attribute = limited(named(attribute), said.sign)
    if not attribute:
        return None
    if said.hedged:
        attribute = f"approximate {attribute}"
    return Claim(name.subject, f"{attribute} {name.condition or said.condition}".strip(), said.value)


def _has(words: str) -> Claim | None:
    """Read "THING has an ATTRIBUTE of VALUE", "has 8 positions", "has 4 GB of RAM"."""
    match = _HAS.fullmatch(words)
    thing = thing_in(match["subject"]) if match else ""
    if not match or not thing:
        return None
    name, says = Name(thing), match["object"]
    if of := _OF_VALUE.fullmatch(says):
        term = split(of["attribute"])
        found = measured_in(of["value"]) if term and not term.rest and term.kind == QUANTITY else None
        if term and found:
            return _claim(name, term.attribute, ended(*found))
    if counted := _COUNTED.fullmatch(says):
        return _count(name, counted)
    found = measured_in(says)
    if not found:
        return None
    if match["verb"].casefold() in ("has", "have") and (held := _HOLDING.fullmatch(f"x{found[1]}")):
        tail = held["tail"] if held["tail"].strip(".;! ") else ""
        return _claim(name, held["what"].casefold(), ended(found[0], tail))
    whole = ended(*found)
    return _claim(name, whole.named, whole) if whole and whole.named else None


def _there_are(words: str) -> Claim | None:
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
    return _claim(name, f"number of {match['things']}", said) if said and not said.named else None


def _within(words: str) -> Claim | None:
    """Read "THING shall DO SOMETHING within VALUE of AN EVENT"."""
    match = _WITHIN.fullmatch(words)
    name = name_in(match["subject"]) if match else None
    found = measured_in(match["value"]) if match else None
    if (
        not match
        or not name
        or not found
        or name.attribute
        or dimension(found[0].value) != "time"
        or found[0].sign
    ):
        return None
    said, tail = found
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
        return _claim(
            name, f"operating duration{event}", replace(whole, sign="<=" if "up to" in how else ">=")
        )
    if "every" in how:
        return _claim(name, f"interval to {deed}{event}", replace(whole, sign="<=" if "least" in how else ""))
    attribute = _DEEDS.get(deed) or f"time to {deed}"
    if _BARE_DEEDS.fullmatch(deed) and not event:
        attribute = "duration"
    return _claim(name, f"{attribute}{event}", replace(whole, sign="<="))


def _labelled(words: str) -> Claim | None:
    """Read "ATTRIBUTE of THING: VALUE", "THING ATTRIBUTE = VALUE", "THING: ATTRIBUTE is VALUE"."""
    match = _LABEL.fullmatch(words)
    if not match:
        return None
    label, says = match["label"], match["says"]
    name = name_in(label)
    if name is None:
        return None
    if name.attribute:
        return _value_of(name, says)
    inner = re.fullmatch(
        r"(?:the |an? )?(?P<attribute>[\w -]{2,40}?)(?:\s*[:=]| is| was)\s+(?P<value>.+)", says, re.I
    )
    term = split(inner["attribute"]) if inner else None
    if inner and term and not term.rest:
        return _value_of(Name(name.subject, term.attribute, term.kind), inner["value"])
    found = measured_in(says) if match["mark"] in ":=" else None
    if not found or found[1].strip(" .;"):
        return None
    attribute = {"voltage": "voltage", "mass": "mass"}.get(dimension(found[0].value), "")
    return _claim(name, attribute, found[0])


def _value_of(name: Name, says: str) -> Claim | None:
    """The value that a label gives, which says nothing else."""
    if name.kind in (QUANTITY, NUMBER, ANY):
        found = measured_in(says) or (bare(says) if name.kind != QUANTITY else None)
        if not found and name.kind != QUANTITY:
            return _other(name, Verb(0, 0, "", {}, "be", negated=False), says)
        return _claim(name, name.attribute, ended(*found)) if found else None
    return _other(name, Verb(0, 0, "", {}, "be", negated=False), says)


def _named_by_verb(words: str) -> Claim | None:
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
    return _claim(name, verb.attribute, whole) if whole and not whole.named and not whole.sign else None


def _made(name: Name, says: str) -> Claim | None:
    match = re.fullmatch(r"(?P<material>[\w()/.,°+-]+(?: [\w()/.°+-]+){0,4}?)[.;]?\s*", says)
    if not match or _PLAIN_MATERIAL.match(match["material"]) or not names_a_thing(match["material"]):
        return None
    return Claim(name.subject, "material", match["material"].rstrip(".,;"))


def _built_with(words: str) -> Claim | None:
    """Read "THING runs Python 3.12": one version of something else."""
    match = _BUILT_WITH.fullmatch(words)
    thing = thing_in(match["thing"]) if match else ""
    return Claim(thing, f"{match['what'].casefold()} version", match["version"]) if match and thing else None


def _role(words: str) -> Claim | None:
    """Read "PERSON owns the THING", "FIRM supplies the THING"."""
    match = _OWNS.fullmatch(words)
    thing = thing_in(match["what"]) if match else ""
    if not match or not thing:
        return None
    return Claim(thing, _ROLES.get(match["verb"], "manufacturer"), match["who"])


_JOINT = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|but|yes|no|well|fyi|btw|actually|also|(?:please )?(?:note|remember|keep"
    r" in mind|assume"
    r"|bear in mind) that),? )+"
    r"|[,:;—–] (?:(?:and|so|but|that|actually,?|now) )*| - |\b(?:that|decided|agreed) (?=the |our |all )",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r",? (?:and |but )?not [\w.,+-]+(?: [\w.%°/+-]+){0,3}[.!]*$|,? (?:because|since|as|so) .*$",
    re.IGNORECASE,
)
_CLAUSES = 4
_PREFERRED = re.compile(
    r"(?:i|we)(?: \w+)? prefer (?:to use )?(?P<value>[\w.+ -]{1,40}?) (?:over|to|instead of|rather than)"
    r" [\w.+ -]{1,40}? (?:for|in) (?P<subject>[\w -]{3,40})[.!]*$",
    re.IGNORECASE,
)


def said_claim(text: str) -> Claim | None:
    """The claim that one of the first clauses of a sentence states; None where none does."""
    if not _MAY.search(text[:MAX_READ]):
        return None
    words = plain(text[:MAX_READ])
    for said in _clauses(words):
        if claim := claim_in(said) or _preferred(said):
            return claim
    return None


def _clauses(words: str) -> Iterator[str]:
    yield words
    starts = [0, *(match.end() for match in _JOINT.finditer(words))][:_CLAUSES]
    for start in starts:
        yield from dict.fromkeys((words[start:], _CONTRAST.sub("", words[start:])))


def _preferred(words: str) -> Claim | None:
    match = _PREFERRED.match(words)
    return Claim(match["subject"].strip(), "", match["value"].strip()) if match else None
