"""What stands behind a sentence's verb: the value, and what the sentence says after it. A condition ("in
eclipse") is kept as a part of the attribute: two values under two conditions do not contradict each other.

Knows values and the ends of sentences. Must not know subjects or verbs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from atocore.knowledge.extraction.claims.terms import (
    DATE,
    MOMENT,
    NUMBER,
    PERSON,
    PLACE,
    PORT,
    VERSION,
    is_known,
)
from atocore.knowledge.extraction.rules.values import LIMIT, RANGE, VALUE, sign_of, told

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = (
    rf"\d{{4}}-\d\d-\d\d|\d{{1,2}}\.?(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:, \d{{4}})?|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|Q[1-4]["
    rf" /-]\d{{4}}|{_MONTH} \d{{4}}"
)
_HEDGE = r"(?:about|around|approximately|approx\.?|roughly|nearly|almost|some|ca\.?|circa|~)"
_FRONT = re.compile(
    rf"(?:(?:now|currently|exactly|only|always|still|set to|to be|going to be|a|an)"
    rf" )*(?P<hedge>{_HEDGE} ?)?",
    re.IGNORECASE,
)
_QUANTITY = re.compile(VALUE, re.IGNORECASE)
_RANGE = re.compile(f"(?P<number>(?!))?(?:{RANGE})", re.IGNORECASE)
_HOW = re.compile(r"\s(?:RMS|rms|PV|P-V|PTV|pp|p-p)\b")  # how a value is taken, which is part of it
_GOES_ON = re.compile(r"\s?(?:to\b|–|—|…|\.\.\.?|-)\s?[-+]?\d", re.IGNORECASE)
_LIMITED = re.compile(
    rf"(?:(?P<more>more than|longer than|over|above|greater than|higher than|beyond)|{LIMIT})\s",
    re.IGNORECASE,
)
_BY_KIND = {
    DATE: re.compile(rf"(?:on |by |the )?(?P<value>{_DAY})(?![\w-])", re.IGNORECASE),
    VERSION: re.compile(r"(?P<value>v?\d+(?:\.\d+)+[\w.+-]*\w|v\d+\b)", re.IGNORECASE),
    PORT: re.compile(r"(?:port )?(?P<value>\d{2,5})(?![\w:%]|\.\d|\s?[°%])"),
    MOMENT: re.compile(
        r"(?P<value>\d{1,2}[:.]\d\d(?::\d\d)?(?: ?(?:UTC|GMT|CET|CEST|am|pm|h|Z))?)(?![\w:%°]| ?[%°])",
        re.IGNORECASE,
    ),
    PLACE: re.compile(
        r"(?P<value>(?:room|rack|building|hall|cabinet|bay|slot|shelf|lab|bin|hangar|drawer|container)"
        r" [\w./-]*\w)",
        re.IGNORECASE,
    ),
    PERSON: re.compile(
        r"(?P<value>(?-i:[A-Z0-9][\w&.'’-]*\w)(?:[ ](?:(?-i:[A-Z0-9&])[\w&.'’-]*\w|GmbH"
        r"|&))*)(?=[.,;!]?(?:\s|$))"
    ),
}
_WORD = re.compile(r"(?P<value>[^\s,;:!?()]+(?: [^\s,;:!?()]+){0,3}?)(?=[.!]?\s*$|[,;] |\s?\()")
_SHAPED = re.compile(r"[\d/@_]|(?<=.)[A-Z]|\w[.:-]\w|^[A-Z]")
_MATTER = re.compile(
    r"(?:[\w-]+ )?(?:steel|alumini?um|titanium|brass|copper|bronze|oak|pine|plywood|wood|glass|rubber"
    r"|silicone"
    r"|carbon fib(?:er|re)|concrete|iron|nylon|ceramic|plastic|leather|granite|graphite|zinc|nickel|invar)",
    re.IGNORECASE,
)
_NO_WORD = re.compile(
    r"(?:the|an?|our|my|your|not|no|too|in|on|at|to|also|very|only|still|already|up|what|set|used|wrong"
    r"|unknown|by|for|of|from|with|as|that|this|we|i|you|it|never|always|being|where|which|one|tbd|tbc"
    r"|none|n/a|important|critical|part)\b",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"\b(?:is|are|was|were|has|have|will|must|shall|or|if|which|that|and|but)\b", re.IGNORECASE
)

_SIZES = {
    "high": "height",
    "tall": "height",
    "long": "length",
    "wide": "width",
    "deep": "depth",
    "thick": "thickness",
    "heavy": "mass",
    "apart": "distance",
    "old": "age",
    "efficient": "efficiency",
}
_SIZE = re.compile(
    rf"(?:{'|'.join(_SIZES)})\b|in (?P<noun>height|length|width|depth|thickness|diameter|mass|weight"
    rf"|volume|size"
    r"|area|radius)\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"(?:(?P<most>or less|or below|or shorter|or lower|at most|max(?:imum|\.)?)"
    r"|(?P<least>or more|or above|or longer|or better|or higher|at least|min(?:imum|\.)?))(?![\w])",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"[.;!]?\s*$|[.;!]\s+\S|\s*\([^()]{0,80}\)\s*[.;!]?\s*(?:$|(?<=[.;!]\s)\S)|\s+[A-Z][\w ]{2,20}: "
)
_REASON = re.compile(
    r"(?:,? ?(?:because|so that|so|since|as agreed|as measured|as specified|hence|therefore|thus|please"
    r"|including"
    r"|with its|at all times|throughout|for all|in all|according to|to (?:avoid|ensure|allow|meet|keep"
    r"|prevent"
    r"|protect)|instead of|rather than|per the|by contract|says|said)\b|,? (?:and )?(?:but )?not"
    r" (?!counting|including|more|less|at|in|only|if|when|for|with|the\b)(?=[\w.+-])"
    r"|, (?:the|our|which is|that is|this is) [^\d]+$"
    r"|, (?:please |so |then )?[a-z]+ (?:it|me|them|the|a)\b[^\d]*$)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?P<how>in|at|during|on|for|under|when|while|after|before|with|without|per|from|over|across|of"
    r"|between"
    r"|within|into|each|through|along) (?:the |an? |our )?(?P<what>[\w°%./²³µ+-]+(?: [\w°%./²³µ+-]+){0,7}?)"
    r"(?=[.;!]?\s*$|[.;!]\s+[A-Z]|\s?\([^()]{0,80}\)[.;!]?\s*$|,? (?:because|so that|since)\b)",
    re.IGNORECASE,
)
_NO_CONDITION = re.compile(r"(?:for|in) (?:example|instance|theory|principle|general|case)\b", re.IGNORECASE)
_STRANGE = re.compile(  # a unit that no table holds: "1.73 e-/ADU", a value of both signs: "±5 g"
    r"(?:now |exactly )?(?P<limit>)(?P<value>[-+]?\d[\d,]*(?:\.\d+)?"
    r" [A-Za-zµΩ°][\w²³·^*-]{0,8}/[\w²³·^*-]{1,8}|(?:±|\+/-) ?\d[\d,]*(?:\.\d+)?"
    r" ?[%°A-Za-zµΩ][\w/²³]{0,8})[.;!]?\s*$"
)
_BARE = re.compile(
    rf"(?:now |exactly |set to )?(?:(?P<limit>{LIMIT}) )?(?P<value>[-+]?\d[\d,]*(?:[.:]\d+)?)[.;!]?\s*$",
    re.IGNORECASE,
)
_EACH = re.compile(r"(?:each|apiece|in total)[.;!]?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """A value as typed, its sign, and what the words around it add: a name of the attribute ("in height"), a
    condition, that it is but roughly so.
    """

    value: str
    sign: str = ""
    named: str = ""
    condition: str = ""
    hedged: bool = False


def measured_in(text: str) -> tuple[Said, str] | None:
    """A quantity at the start of `text`, and what stands behind it; None where none does."""
    front = _FRONT.match(text)
    start = front.end() if front else 0
    hedged = bool(front and front["hedge"])
    sign = ""
    if limit := _LIMITED.match(text, start):
        sign = ">" if limit["more"] else sign_of(limit[0])
        start = limit.end()
        start += len(text[start:]) - len(text[start:].lstrip())
        if article := re.compile(r"(?:an?|the) ", re.IGNORECASE).match(text, start):
            start = article.end()
    match = _QUANTITY.match(text, start)
    if match and match["number"] and not sign and _GOES_ON.match(text, match.end()):
        match = _RANGE.match(text, start)  # "3 V to 5 V"
    if not match or (sign and not match["number"]):
        return None
    value = told(match)
    if match["number"] and match["limit"]:
        sign = sign or sign_of(match["limit"])
    value = re.sub(r"^[<>]=? ", "", value)
    if text[match.end() : match.end() + 1].isalnum():
        return None
    tail = text[match.end() :]
    if how := _HOW.match(tail):
        value, tail = f"{value} {how[0].strip()}", tail[how.end() :]
    return Said(value, sign, hedged=hedged), tail


def bare(text: str, *, unitless: bool) -> tuple[Said, str] | None:
    """A number that ends the sentence: with a unit that no table holds or, if `unitless`, without one."""
    match = (_BARE.match(text) if unitless else None) or _STRANGE.match(text)
    return (Said(match["value"], sign_of(match["limit"] or "")), "") if match else None


def worded(text: str, kind: int) -> tuple[str, str] | None:
    """A value that is no quantity, at the start of `text`, and what stands behind it."""
    front = re.compile(r"(?:(?:now|currently|still) )?", re.IGNORECASE).match(text)
    start = front.end() if front else 0
    if kind in _BY_KIND:
        match = _BY_KIND[kind].match(text, start)
        return (match["value"], text[match.end() :]) if match else None
    match = _WORD.match(text, start)
    if not match or _NO_WORD.match(match["value"]) or _LOOSE.search(match["value"]):
        return None
    value = match["value"].strip(" `\"'*.")
    if kind == NUMBER and " " in value:
        return None
    if not value or not (_SHAPED.search(value.split(" ")[0]) or _MATTER.fullmatch(value)):
        return None
    return value, text[match.end() :]


def ended(said: Said, tail: str) -> Said | None:
    """Read what stands behind a value: nothing that changes it, a size's name, a limit, or a condition. None
    where the sentence goes on in a way that may change what the value means.
    """
    sign, named = said.sign, said.named
    tail = tail.rstrip()
    for _ in range(3):
        tail = tail.lstrip()
        if match := _SIZE.match(tail):
            named = (match["noun"] or _SIZES[match[0].casefold()]).casefold()
        elif not sign and (match := _MOST.match(tail)):
            sign = "<=" if match["most"] else ">="
        else:
            break
        tail = tail[match.end() :]
    done = Said(said.value, sign, named, "", said.hedged)
    if not tail or _ENDED.match(tail) or _REASON.match(tail) or _REASON.match(f" {tail}"):
        return done
    if tail[0] == "(" and (match := re.match(r"\([^()]{0,80}\)\s*", tail)):
        return ended(done, tail[match.end() :])
    phrase = re.split(r"[.;!,(]", tail, maxsplit=1)[0].strip()
    if not named and phrase and is_known(phrase) and phrase.isascii():
        return Said(said.value, sign, phrase, "", said.hedged)
    if condition := condition_in(tail):
        return Said(said.value, sign, named, condition, said.hedged)
    return None


def condition_in(tail: str) -> str:
    """The condition that ends a sentence, "in eclipse", in one form; "" where what follows is none."""
    if _EACH.match(tail):
        return tail.rstrip(".;! ").casefold()
    match = _CONDITION.match(tail)
    if (
        not match
        or _NO_CONDITION.match(tail)
        or _LOOSE.search(match["what"])
        or re.search(r"\b(?:it|its|this|they|we|you|i)\b", match["what"], re.I)
    ):
        return ""
    how = match["how"].casefold()
    return f"{'in' if how == 'during' else how} {match['what'].rstrip('.')}"
