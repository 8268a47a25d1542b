"""Claims of the form THING, ATTRIBUTE, VERB, VALUE, and of labels, which are that without a verb.

Knows how the parts are put together. Must not know other forms, or how a sentence is found.
"""

from __future__ import annotations

import re
from dataclasses import replace

from atocore.knowledge.extraction.claims.loose import implied, verbed
from atocore.knowledge.extraction.claims.names import Name, name_in
from atocore.knowledge.extraction.claims.shape import Claim
from atocore.knowledge.extraction.claims.terms import ANY, COUNT, NUMBER, QUANTITY, limited, named, split
from atocore.knowledge.extraction.claims.units import dimension
from atocore.knowledge.extraction.claims.values import Said, bare, ended, measured_in, worded
from atocore.knowledge.extraction.claims.verbs import Verb, verb_in

_VERBS = 4  # of a sentence that are tried
_PURPOSE = re.compile(r"\s*(?:in order )?to (?P<deed>[\w-]+(?: [\w/-]+){0,5}?)[.;!]?\s*$", re.I)
_INNER = re.compile(
    r"(?:the |an? )?(?P<attribute>[\w -]{2,40}?)(?:\s*[:=]| is| was)\s+(?P<value>.+)", re.IGNORECASE
)
_LABEL = re.compile(r"(?P<label>[^:=–—]{2,90}?)\s*(?P<mark>:|=| [–—-])\s+(?P<says>\S.*)")
_EMITS = re.compile(  # what draws one power and gives another
    r"(?:.* )?(?:transmitter|laser|amplifier|heater|motor|engine|supply|panels?|array|generator|battery"
    r"|led|leds|radio"
    r"|antenna|source|converter|inverter|charger|fuel cell|solar cells?|turbine|transceiver|lamp|psu"
    r"|speaker)",
    re.IGNORECASE,
)
_SPREAD = re.compile(
    r"\b(?:accuracy|error|tolerance|uncertainty|precision|drift|offset|jitter|noise|budget|resolution"
    r"|roughness|flatness|latency)\b"
)
_EVENTS = re.compile(  # what lasts for a time, and has no lifetime
    r"(?:.* )?(?:mission|test|meeting|campaign|phase|run|flight|burn|review|outage|trial|session"
    r"|exposure|sprint"
    r"|training|visit|window|pass|eclipse|journey|commissioning|warranty|cycle|pulse|shift|break|round)s?",
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
    **{key: {"length": "length", "time": "duration"} for key in ("longer", "shorter")},
    **{key: {"mass": "mass"} for key in ("heavier", "lighter")},
    **{key: {"length": "width"} for key in ("wider", "narrower")},
    **{key: {"length": "thickness"} for key in ("thicker", "thinner")},
    **{key: {"temperature": "temperature"} for key in ("hotter", "colder", "warmer", "cooler")},
    **{key: {"memory": "size", "volume": "volume"} for key in ("larger", "smaller", "bigger")},
    **{key: {"time": "duration"} for key in ("faster", "slower")},
    "taller": {"length": "height"},
    "deeper": {"length": "depth"},
    "cheaper": {"money": "cost"},
}


def joined(words: str) -> Claim | None:
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
    if verb.word == "was" or (name.kind == ANY and verb.word != "be"):
        return None  # what was so may be so no more
    found = measured_in(says) or (bare(says, unitless=name.kind != QUANTITY) if name.attribute else None)
    if not found:
        return _other(name, verb, says) if name.kind in (NUMBER, ANY) else None
    said, tail = found
    if (said.sign and verb.sign) or (verb.negated and not verb.sign):
        return None
    said = replace(said, sign=verb.sign or said.sign)
    attribute = name.attribute or verb.names.get(dimension(said.value), "")
    if verb.word == "take" and (match := _PURPOSE.match(tail)):
        attribute, tail = f"time to {match['deed'].casefold()}" if attribute == "duration" else "", ""
    if verb.word == "fit":
        tail = re.sub(r"^ of ", " in ", tail)
        said = replace(said, sign=said.sign or "<=")
    if verb.word == "lift":
        tail = re.sub(r"^ (?:payload|load|mass|weight)\b", "", tail)
    whole = ended(said, tail)
    if not _bounds(verb.compares, name.attribute, said.value):
        return None
    if whole is None or (whole.named and name.attribute):
        return None
    compared = _COMPARED.get(verb.compares, {}).get(dimension(said.value), "")
    attribute = (
        attribute
        or whole.named
        or compared
        or (_IMPLIED.get(dimension(said.value), "") if verb.word == "be" else "")
    )
    if verb.word == "last" and _EVENTS.fullmatch(name.subject):
        attribute = "duration"
    return claim_of(name, attribute, whole)


def _bounds(compares: str, attribute: str, value: str) -> bool:
    """Whether the words set a limit. "Within 2 °C" is how far something may be from where it should be;
    of an accuracy less is better, of an efficiency more.
    """
    if compares not in ("within", "better", "worse"):
        return True
    limits = compares == "within" and dimension(value) in ("time", "memory", "money")
    return limits or bool(_SPREAD.search(attribute))


def _other(name: Name, verb: Verb, says: str) -> Claim | None:
    """A value that is a day, a version, a port, a name or a number of things."""
    if verb.word not in ("be", "was") or verb.sign or verb.negated:
        return None
    if name.kind == COUNT:
        match = re.match(r"(?P<count>\d[\d,]*)[.;!]?\s*$", says)
        return Claim(name.subject, name.attribute, match["count"]) if match else None
    found = worded(says, name.kind)
    whole = ended(Said(found[0]), found[1]) if found else None
    return claim_of(name, name.attribute, whole) if whole and not whole.named and not whole.sign else None


def loose(words: str) -> Claim | None:
    """Read "THING VERB VALUE" whatever the verb, and "THING is VALUE" whatever the unit."""
    if found := verbed(words):
        thing, what, start = found
        read = measured_in(words[start:])
        whole = ended(*read) if read else None
        measures = dimension(whole.value) if whole else ""
        if whole and measures and not whole.named and (measures == "time" or not what.endswith(" within")):
            return claim_of(Name(thing), f"{what} ({measures})" if " " in what else what, whole)
    verb = verb_in(words)
    name = (
        name_in(words[: verb.start])
        if verb and verb.word == "be" and verb.sign != "?" and not verb.compares
        else None
    )
    read = measured_in(words[verb.end :]) if verb and name and not name.attribute else None
    if not verb or not name or not read or (read[0].sign and verb.sign) or (verb.negated and not verb.sign):
        return None
    whole = ended(replace(read[0], sign=verb.sign or read[0].sign), read[1])
    return claim_of(name, implied(name.subject, whole.value), whole) if whole and not whole.named else None


def claim_of(name: Name, attribute: str, said: Said | None) -> Claim | None:
    """The claim that a name, its attribute and a value make; None where one of them is missing or unclear."""
    if said is None or not attribute or (name.condition and said.condition):
        return None
    if dimension(said.value) == "mass":
        attribute = re.sub(r"\bweight$", "mass", attribute)
    if not _EMITS.fullmatch(name.subject):
        attribute = re.sub(r"\bpower consumption$", "power", attribute)
    attribute = re.sub(r"\bcurrent consumption$", "current", attribute)
    attribute = limited(named(attribute), said.sign)
    if not attribute:
        return None
    if said.hedged:
        attribute = f"approximate {attribute}"
    return Claim(name.subject, f"{attribute} {name.condition or said.condition}".strip(), said.value)


def labelled(words: str) -> Claim | None:
    """Read "ATTRIBUTE of THING: VALUE", "THING ATTRIBUTE = VALUE", "THING: ATTRIBUTE is VALUE"."""
    match = _LABEL.fullmatch(words)
    name = name_in(match["label"]) if match else None
    if not match or name is None:
        return None
    if name.attribute:
        return value_of(name, match["says"])
    if claim := titled(words):
        return claim
    found = measured_in(match["says"]) if match["mark"] in ":=" else None
    if not found or found[1].strip(" .;"):
        return None
    attribute = {"voltage": "voltage", "mass": "mass"}.get(dimension(found[0].value), "")
    return claim_of(name, attribute, found[0])


def titled(words: str) -> Claim | None:
    """Read "THING: ATTRIBUTE is VALUE" and "THING – ATTRIBUTE: VALUE"."""
    match = _LABEL.fullmatch(words)
    name = name_in(match["label"]) if match else None
    inner = _INNER.fullmatch(match["says"]) if match and name and not name.attribute else None
    term = split(inner["attribute"]) if inner else None
    if not name or not inner or not term or term.rest:
        return None
    return value_of(replace(name, attribute=term.attribute, kind=term.kind), inner["value"])


def value_of(name: Name, says: str) -> Claim | None:
    """The value that a label gives, which says nothing else."""
    if name.kind in (QUANTITY, NUMBER, ANY):
        found = measured_in(says) or bare(says, unitless=name.kind != QUANTITY)
        if not found and name.kind != QUANTITY:
            return _other(name, Verb(0, 0, "", {}, "be", negated=False), says)
        return claim_of(name, name.attribute, ended(*found)) if found else None
    return _other(name, Verb(0, 0, "", {}, "be", negated=False), says)
