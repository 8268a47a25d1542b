"""What stands before a sentence's verb: the thing that it is about, and the attribute where it is named.

Knows phrases. Must not know verbs or values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from atocore.knowledge.extraction.claims.terms import ANY, is_known, one_form, own, split
from atocore.knowledge.extraction.claims.values import condition_in

_MAX_WORDS = 6  # of a thing's name
_OPENING = re.compile(
    r"(?:(?:the|an?|our|each|every|any|all|both)(?: of (?:the|our))? )?(?:(?:whole|entire|complete) )?",
    re.IGNORECASE,
)
_WORD = r"[\w/.'’+#&()-]"
_PHRASE = re.compile(rf"{_WORD}+(?: {_WORD}+)*")
_OWNED = re.compile(r"(?P<subject>.+)['’]s (?P<attribute>.+)", re.IGNORECASE)
_NOUNS = re.compile(r"[a-z][a-z-]+(?: [a-z][a-z-]+){0,3}", re.IGNORECASE)
_ARTICLED = re.compile(r" of (?:the|our|an?) ", re.IGNORECASE)
_NO_ATTRIBUTE = re.compile(
    r"\b(?:one|part|parts|rest|half|most|some|all|end|start|beginning|side|top|bottom|front|back|set"
    r"|pair|lot|kind|type"
    r"|list|copy|instance|piece|use|result|results|test|example|case|way|number|amount|case|owner|out"
    r"|because|instead"
    r"|inside|outside|middle|each|any|none|both|many|few|thinking|idea|point|majority|bulk|section"
    r"|chapter|version"
    r"|difference|increase|decrease|change|drop|rise|loss|maximum|minimum|average|total|measured|sum"
    r"|value)$"
    r"|\b(?:the|is|are|was|in|on|at|for|to|we|it|that|this|not|no|and|or|by|with|as|if|when|has|have)\b",
    re.IGNORECASE,
)
_OF = re.compile(r" (?:of|for|on|in|at|inside|between) ", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?P<attribute>.+?) (?:from (?P<from>.+?) to|between (?P<between>.+?) and) (?P<to>.+)", re.IGNORECASE
)
_CONDITION = re.compile(
    r"(?P<name>.+?) (?P<condition>(?:in|at|during|on|for|under|when|while|after|before|with|without"
    r"|per) .+)",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"\b(?:in|on|at|for|with|when|if|that|which|is|are|was|were|we|you|i|and|or|all|not|this|to|by|from"
    r"|as|than"
    r"|shall|must|should|will|can|has|have|had|both|its?|their|our|your|my|only|no|after|before|during"
    r"|while"
    r"|under|how|why|what|who|there|they|he|she|but|so|because|about|then|also|says?|said)\b"
    r"|(?<!\bof )\bthe\b|\b(?:of|the|an?)$",
    re.IGNORECASE,
)
_HOLLOW = re.compile(
    r"(?:this|that|it|its|their|these|those|there|which|what|one|ones|they|he|she|my|your|following"
    r"|above|below"
    r"|same|other|others|another|new|old|latest|last|first|second|next|previous|some|most|many|few"
    r"|several|each"
    r"|everything|something|anything|nothing|everyone|someone|every|any|such|more|less|no|current|and"
    r"|or|but|so|if|when|then|here|now|e\.g\.|i\.e\.|default"
    r"|project)\b"
    r"|(?:the )?(?:total|rest|sum)$",
    re.IGNORECASE,
)
_NAME_AND = re.compile(r"(?<=\w) and (?=[A-Z])")  # "Nuts and Bolts 3" is one name
_NO_THING = re.compile(  # words that name no thing that could have an attribute of its own
    r"(?:prompt|response|answer|question|overview|notes?|warning|error|tip|example|hint|nb|todo|fact"
    r"|fyi|btw|ps"
    r"|edit|update|reminder|summary|conclusion|correction|drop|ripple|steps?|range|setpoint|goal|target"
    r"|option|reason"
    r"|idea|things?|case|users?|people|rule|point|way|time|today|yesterday|tomorrow|rest|remainder"
    r"|figure|table"
    r"|section|chapter|page|line|row|column|item|max\.?|min\.?|version|date|day|week|year|total"
    r"|measured|nominal"
    r"|assumption|decision)|(?:.* )?(?:results?|readings?|values?|settings?|difference|change|increase"
    r"|decrease|loss"
    r"|rise|delta|measurements?|estimate|number|amount|sum|limit|maximum|minimum|average|mean|requirements?"
    r"|constraints?|problem|issue|parameters?|properties|specifications?|status)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A thing, its attribute in its one form ("" where the phrase names none), the kind of that attribute's
    value (-1 where there is none), and the condition that the phrase holds."""

    subject: str
    attribute: str = ""
    kind: int = -1
    condition: str = ""


_NOTHING = Name("")
_VERBAL = re.compile(r".* (?:can|cannot|must|shall|should|will|may|not|never|to)", re.IGNORECASE)


def name_in(phrase: str) -> Name | None:
    """Read "the arm's mass", "mass of the arm", "arm mass", "arm"; None where that names no one thing."""
    phrase = _OPENING.sub("", phrase.strip(" ,*_`\"'"), count=1)
    if not _PHRASE.fullmatch(phrase) or len(phrase.split()) > 3 * _MAX_WORDS or _VERBAL.fullmatch(phrase):
        return None  # what ends in half a verb is no name: "inlet pressure cannot"
    whole = split(phrase)
    if whole and not whole.rest:
        kept = own(phrase)  # "boot time": of what is not stated
        return Name(*kept) if kept else None
    if whole and " of " in whole.attribute:
        return _owned(phrase) or _plain(phrase)  # "the battery depth of discharge"
    found = _owned(phrase) or _of(phrase) or _plain(phrase) or _conditional(phrase)
    return found if found != _NOTHING else None


def thing_in(phrase: str) -> str:
    """The one thing that a phrase names, though it may end like an attribute: "the production cluster"."""
    phrase = _OPENING.sub("", phrase.strip(" ,*_`\"'"), count=1)
    return phrase if _PHRASE.fullmatch(phrase) and names_a_thing(phrase) else ""


def names_a_thing(subject: str) -> bool:
    """Whether a phrase names one thing, and nothing that only the sentence before explains."""
    return (
        bool(re.search(r"[^\W\d_]", subject))
        and len(subject.split()) <= _MAX_WORDS
        and not (
            _HOLLOW.match(subject)
            or _LOOSE.search(_NAME_AND.sub(" ", subject))
            or _NO_THING.fullmatch(subject)
        )
    )


def _owned(phrase: str) -> Name | None:
    match = _OWNED.fullmatch(phrase)
    if not match:
        return None
    named = attribute_in(match["attribute"])
    return Name(match["subject"], *named) if named and names_a_thing(match["subject"]) else None


def attribute_in(phrase: str) -> tuple[str, int] | None:
    """The attribute that a phrase names beside its thing, and the kind of its value: a known one, one with
    more words before it, or any plain noun.
    """
    term = split(phrase)
    if term and not term.rest:
        return term.attribute, term.kind
    if not _NOUNS.fullmatch(phrase) or _NO_ATTRIBUTE.search(phrase):
        return None
    return (f"{term.rest.casefold()} {term.attribute}", term.kind) if term else (one_form(phrase), ANY)


def _of(phrase: str) -> Name | None:
    if match := _BETWEEN.fullmatch(phrase):
        term, ends = split(match["attribute"]), [match["from"] or match["between"], match["to"]]
        bare = [_OPENING.sub("", end, count=1) for end in ends]
        if term and not term.rest and all(map(names_a_thing, bare)):
            return Name(" to ".join(bare), term.attribute, term.kind)
    for match in reversed(list(_OF.finditer(phrase))):
        before = phrase[: match.start()]
        named = attribute_in(before)
        if not named or not (is_known(before) or _ARTICLED.match(match[0] + phrase[match.end() :])):
            continue
        subject, condition = _bare(phrase[match.end() :])
        return Name(subject, *named, condition) if names_a_thing(subject) else _NOTHING
    return None


def _plain(phrase: str) -> Name | None:
    term = split(phrase)
    if term:
        named = names_a_thing(term.rest) and not is_known(term.rest)
        return Name(term.rest, term.attribute, term.kind) if named else None
    return Name(phrase) if names_a_thing(phrase) else None


def _conditional(phrase: str) -> Name | None:
    match = _CONDITION.fullmatch(phrase)
    condition = condition_in(match["condition"]) if match else ""
    found = _owned(match["name"]) or _plain(match["name"]) if match and condition else None
    return Name(found.subject, found.attribute, found.kind, condition) if found else None


def _bare(phrase: str) -> tuple[str, str]:
    """A thing without its article, and the condition after it."""
    phrase = _OPENING.sub("", phrase, count=1)
    match = _CONDITION.fullmatch(phrase)
    condition = condition_in(match["condition"]) if match else ""
    return (match["name"], condition) if match and condition else (phrase, "")
