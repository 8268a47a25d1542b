"""Claims: the subject, attribute and value that a sentence itself states. Never a guess.

One reader for documents and for plain speech, so that two people who say one thing in two ways claim one
slot: "the arm weighs at most 4 kg", "the arm's mass must not exceed 4 kg", "maximum mass of the arm: 4 kg"."
" A limit is
an attribute of its own ("maximum mass"), and so is a value that holds under a condition ("power in eclipse").

Knows sentences. Must not know rules or records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from atocore.knowledge.extraction.claims.joined import joined, labelled, loose, titled
from atocore.knowledge.extraction.claims.listed import listed
from atocore.knowledge.extraction.claims.phrased import (
    built_with,
    has,
    named_by_verb,
    role,
    there_are,
    within,
)
from atocore.knowledge.extraction.claims.regulated import done_at, held
from atocore.knowledge.extraction.claims.shape import UNCLAIMED, Claim
from atocore.knowledge.extraction.claims.terms import NUMBER, QUANTITY, limited, named, split
from atocore.knowledge.extraction.claims.values import condition_in
from atocore.knowledge.ingestion.outline import plain

__all__ = ["UNCLAIMED", "Claim", "claim_in", "of_heading", "owned", "said_claim", "settled", "stated"]

MAX_READ = 400
"""Characters of a passage that are read for a claim."""
_SENTENCE = re.compile(r"(?<=[^\W\d_]{2}[.!])\s+(?=[A-Z\"“])|(?<=[\d%)][.!])\s+(?=[A-Z\"“])")
_MAY = re.compile(
    r"\d|\b(?:of|from|in|by|under|is|are|owns|for|supplies|leads|manages|builds|responsible|maintains"
    r"|delivers|manufactures|makes)\b|[:=]",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:or(?! (?:less|more|below|above|better|fewer|shorter|lower|higher|longer)\b)|if|unless|except"
    r"|either|maybe|perhaps|might|would|could|whether|versus|vs)\b|\?",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"(?P<condition>(?:in|at|during|on|for|under|when|with|without|after|before) [^,;:]{2,50}),"
    r" (?P<rest>.+)",
    re.IGNORECASE,
)
_SYMBOL = re.compile(r"(?<!\bis)(?<!\bare)(?<!\bbe)(?<!:)(?<!=) ?(<=|>=|≤|≥|<|>) ?(?=[-+]?\d)")
_JOINT = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|but|yes|no|well|fyi|btw|actually|also|(?:please )?(?:note|remember|keep"
    r" in mind|assume"
    r"|bear in mind) that),? )+"
    r"|[,:;—–] (?:(?:and|so|but|that|actually,?|now) )*| - |\b(?:that|decided|agreed) (?=the |our |all )",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r",? (?:and |but )?not (?!counting|including|at\b|in\b|when)[\w.,+-]+(?: [\w.%°/+-]+){0,3}[.!]*$|,?"
    r" (?:because|since|as|so) .*$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"\W*(?:for (?:example|instance)|e\.g\.|let['’]s say|say,|suppose|imagine|in theory)\b", re.I
)
_CLAUSES = 4
_ARTICLE = re.compile(r"^(?:the|an?) ", re.IGNORECASE)
_PREFERRED = re.compile(
    r"(?:i|we)(?: \w+)? prefer (?:to use )?(?P<value>[\w.+ -]{1,40}?) (?:over|to|instead of|rather than)"
    r" [\w.+ -]{1,40}? (?:for|in) (?P<subject>[\w -]{3,40})[.!]*$",
    re.IGNORECASE,
)


def of_heading(subject: str, attribute: str, value: str) -> Claim | None:
    """A claim about what the heading above names; None where that names nothing."""
    if not subject:
        return None
    claim = settled(subject, attribute, value)
    return replace(claim, borrowed=True) if claim else None


def settled(subject: str, attribute: str, value: str) -> Claim | None:
    """A claim of a form whose parts are known: the attribute in its one form, with a value's sign."""
    term = split(attribute)
    if term and term.rest and f" {term.rest} ".casefold() in f" {subject} ".casefold():
        subject, attribute = term.rest, term.attribute  # "Maximum hull mass" below "Hull of the boat"
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
    return _first(text, (*_SURE, labelled, loose))


def stated(text: str) -> Claim | None:
    """The claim of a whole sentence whose words are known: sure enough to be a fact by itself."""
    return _first(text, _SURE)


def owned(text: str, owner: str) -> Claim | None:
    """The claim of a sentence that names an attribute and not of what: of `owner`, the heading above."""
    claim = claim_in(f"{owner} {_ARTICLE.sub('', plain(text[:MAX_READ]))}") if owner else None
    return replace(claim, borrowed=True) if claim and claim.subject == owner else None


Reader = Callable[[str], Claim | None]
_SURE: tuple[Reader, ...] = (
    joined,
    titled,
    there_are,
    built_with,
    has,
    within,
    held,
    done_at,
    named_by_verb,
    role,
)


def _first(text: str, readers: Sequence[Reader]) -> Claim | None:
    words = _SENTENCE.split(plain(text[:MAX_READ]), maxsplit=1)[0]
    condition = ""
    if match := _AHEAD.fullmatch(words):
        condition = condition_in(match["condition"])
        if not condition:
            return None
        words = match["rest"]
    if _UNSURE.search(words):
        return None
    words = _SYMBOL.sub(r" is \1 ", words)
    claim = next(filter(None, (reader(words) for reader in readers)), None)
    if claim and condition and claim.attribute:
        return replace(claim, attribute=f"{claim.attribute} {condition}")
    return claim


def said_claim(text: str) -> Claim | None:
    """The claim that one of the first clauses of a sentence states; None where none does."""
    if not _MAY.search(text[:MAX_READ]):
        return None
    words = plain(text[:MAX_READ])
    if _EXAMPLE.match(words):
        return None
    for said in _clauses(words):
        if claim := claim_in(said) or _preferred(said) or listed(said):
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
