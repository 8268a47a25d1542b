"""Claims in plain speech: the subject, attribute and value that a person states in passing. Never a guess.

Knows how facts are said in a chat. What `rules_claims` reads is left to it.
"""

from __future__ import annotations

import re
from functools import cache

from atocore.knowledge.chunks_outline import plain
from atocore.knowledge.rules_claims import Claim, claim_in
from atocore.knowledge.speech_gates import TASK_NOUN

_MAX = 400  # characters of a sentence that are read for a claim
_CLAUSES = 4

_JOINT = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|but|yes|well|fyi|btw|actually|also|(?:note|remember|keep in mind) that) )+"
    r"|[,:;—–] (?:(?:and|so|but|that|actually,?|now) )*| - |\b(?:that|decided|agreed) (?=the |our |all )",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r",? (?:and |but )?not [\w.,+-]+(?: [\w.%°/+-]+){0,3}[.!]*$|,? (?:because|since|as|so) .*$", re.IGNORECASE
)
_NAME = r"(?P<subject>(?:[\w/.'’+-]+ ){0,4}?[\w/.'’+-]+)"
_ONE = rf"(?:the |our )?{_NAME}"
_VALUE = r"(?P<value>[^\s,;:!?](?:[^,;!?]{0,60}[^\s,;:!?.])?)"
_MEASURE = r"(?P<value>[-+]?\d[\d.,]*(?: ?\d{3})* ?(?:%|°C|K|[a-zA-ZµΩ][\w/²³·^-]{0,8}))"
_HARD = r"(?P<value>(?=[^\s,;:!?]{0,30}\d)[^\s,;!?]+(?: [\w.%°/²³-]+){0,2}?)"
_KEY = (
    r"(?P<attribute>port|url|ip address|address|version|branch|host ?name|host|endpoint|path|bucket|cluster"
    r"|region|baud rate|sample rate|part number|serial number|drawing number|torque|voltage|supplier|vendor"
    r"|licen[cs]e|threshold|colou?r|material|owner|maintainer|lead|point of contact|deadline|due date|budget)"
)
_SHAPES = (
    (
        "port",
        rf"{_ONE} (?:runs|listens|is (?:running|reachable|available|served|listening))(?: \w+)? on"
        r" (?:(?:tcp|udp) )?(?:port )?(?P<value>\d{2,5})",
    ),
    ("", rf"(?:the|our) {_KEY} (?:of|for|on) {_ONE} (?:is|are|will be) (?:now )?{_VALUE}"),
    ("", rf"{_ONE}(?:['’]s)? {_KEY} (?:is|are) (?:now )?{_VALUE}"),
    ("mass", rf"{_ONE} weighs (?:about |around |exactly )?{_MEASURE}"),
    ("cost", rf"{_ONE} costs (?:about |around |exactly )?{_MEASURE}"),
    ("", rf"{_ONE} is {_MEASURE} (?P<adjective>high|tall|long|wide|deep|thick|heavy)"),
    ("", rf"(?:the|our) (?P<attribute>[a-z][a-z -]{{2,40}}) of {_ONE} (?:is|was) (?:now )?{_HARD}"),
    ("", rf"{_NAME}: (?:the )?(?P<attribute>[a-z][a-z -]{{2,30}}?) (?:is|=) {_HARD}"),
)
_DIMENSIONS = {
    "high": "height",
    "tall": "height",
    "long": "length",
    "wide": "width",
    "deep": "depth",
    "thick": "thickness",
    "heavy": "mass",
}
_NO_SUBJECT = re.compile(
    r"(?:this|that|it|its|their|these|those|there|which|what|one|they|he|she|my|your|same|other|new|current"
    r"|default|latest|last|first|next|previous|old|minimum|maximum|total|number|note|error|warning"
    r"|example)\b|.*\b(?:is|are|was|were|we|you|i|if|when|that|which|and|or|not)\b",
    re.IGNORECASE,
)
_OF_THE_TASK = re.compile(rf"(?:[\w-]+ )?{TASK_NOUN}", re.IGNORECASE)
_NO_VALUE = re.compile(
    r"(?:the|an?|our|my|your|not|too|in|on|at|to|also|very|only|still|already|up|what|set|used|wrong"
    r"|unknown)\b",
    re.IGNORECASE,
)
_PREFERRED = re.compile(
    r"(?:i|we)(?: \w+)? prefer (?:to use )?(?P<value>[\w.+ -]{1,40}?) (?:over|to|instead of|rather than)"
    r" [\w.+ -]{1,40}? (?:for|in) (?P<subject>[\w -]{3,40})[.!]*$",
    re.IGNORECASE,
)


def said_claim(text: str) -> Claim | None:
    """The claim that one of the first clauses of a sentence states; None where none does."""
    words = plain(text[:_MAX])
    starts = [0, *(match.end() for match in _JOINT.finditer(words))][:_CLAUSES]
    for start in starts:
        for said in dict.fromkeys((words[start:], _CONTRAST.sub("", words[start:]))):
            if claim := claim_in(said) or _fact(said) or _preferred(said):
                return claim
    return None


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(rf"{shape}[.!]*", re.IGNORECASE)) for name, shape in _SHAPES)


def _fact(words: str) -> Claim | None:
    for name, pattern in _patterns():
        match = pattern.fullmatch(words)
        if match is None:
            continue
        found = match.groupdict()
        attribute = name or found.get("attribute") or _DIMENSIONS[found["adjective"].casefold()]
        subject, value = found["subject"], found["value"].strip(" `\"'")
        if not value or _NO_VALUE.match(value) or _NO_SUBJECT.match(subject):
            continue
        if not _OF_THE_TASK.fullmatch(subject) and not _NO_SUBJECT.match(attribute):
            return Claim(re.sub(r"['’]s$", "", subject), attribute.casefold(), value)
    return None


def _preferred(words: str) -> Claim | None:
    match = _PREFERRED.match(words)
    return Claim(match["subject"].strip(), "", match["value"].strip()) if match else None
