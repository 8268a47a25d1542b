"""Claims: the subject, attribute and value that a sentence itself states. Never a guess.

Knows sentences. Must not know rules or records. A value that holds only under a condition ("when idle") is no
claim: two such would seem to contradict each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from atocore.knowledge.chunks_outline import plain
from atocore.knowledge.rules_values import LIMIT, VALUE, has_quantity, told

_MAX = 400  # characters of a passage that are read for a claim

_QUANTITIES = (
    "mass|weight|length|width|height|depth|thickness|diameter|radius|area|volume|density|temperature"
    "|pressure|voltage|"
    "current|power|energy|capacity|resistance|impedance|frequency|bandwidth|wavelength|latency|throughput|"
    "duration|timeout|delay|interval|period|lifetime|rate|speed|velocity|acceleration|force|torque|load"
    "|stiffness|"
    "stress|strain|angle|distance|range|clearance|gap|tolerance|accuracy|precision|resolution|error"
    "|noise|gain|"
    "efficiency|availability|reliability|humidity|cost|budget|price|size|limit|flow|age|count|time|usage"
    "|consumption|"
    "dissipation|draw|jitter|offset|drift|margin|level|altitude|retention|overhead|uptime|downtime"
    "|roughness|flatness"
)
_COMPOUNDS = (
    "(?:response|boot|start-?up|settling|rise|dwell|cycle|reaction|recovery|exposure|integration|flight"
    "|life|lead|"
    "operating|storage|working|nominal|peak|average|total|maximum|minimum|max|min|supply|input|output"
    "|data|sample|"
    "sampling|frame|refresh|error|power|memory|disk|cpu|fuel|energy|mass|surface|ambient|flow|clock|bit"
    "|update|wall|"
    "focal|retention)"
)
_ATTRIBUTE = rf"(?P<attribute>(?:{_COMPOUNDS} )*(?:{_QUANTITIES}))"
_SUBJECT = r"(?P<subject>(?:[\w/.'’-]+ ){0,4}?[\w/.'’-]+)"
_OPENING = "(?:the |an? |each |every )?"
_MODAL = "(?:must|shall|should|will)"
_IS = (
    rf"(?:{_MODAL} be|is|are|equals|is set to|are set to|is fixed at|was measured (?:at|as|to be)"
    "|was found to be)"
)
_NEVER_MORE = (
    r"(?:must|shall|should|may|can|will|does)(?: not|n't) (?:exceed|be (?:more|greater|higher|larger|longer"
    r"|heavier)"
    r" than|be above|rise above)"
)
_NEVER_LESS = (
    r"(?:must|shall|should|may|can|will)(?: not|n't) (?:be (?:less|lower|smaller|shorter) than|be below"
    r"|drop below|fall below)"
)
_VERB = rf"(?:(?P<never_more>{_NEVER_MORE})|(?P<never_less>{_NEVER_LESS})|{_IS}(?: exactly)?|(?={LIMIT}))"
_ENDS = (
    r"(?=\s*(?:[.;]?\s*$|[.;]\s+[A-Z]|\([^()]{0,80}\)[.;]?\s*$|,? (?:including|with its|at all times|in all"
    r"|throughout|for all|because|so that|to (?:avoid|ensure|allow|meet|keep|prevent)|according to"
    r"|as measured)\b))"
)
_BODY = (
    rf"(?:{_SUBJECT} {_ATTRIBUTE}|{_ATTRIBUTE.replace('<attribute>', '<of_attribute>')} (?:of|for) {_OPENING}"
)
_BODY += rf"{_SUBJECT.replace('<subject>', '<of_subject>')})"
_SAID = re.compile(rf"{_OPENING}{_BODY} {_VERB} ?(?:{VALUE}){_ENDS}", re.IGNORECASE)
_HAS = re.compile(
    rf"{_OPENING}{_SUBJECT} (?:(?:{_MODAL} )?(?:have|use|provide|deliver)|has|uses|provides"
    rf"|delivers) (?:an? |the )?"
    rf"{_ATTRIBUTE} (?:of|between|from)? ?(?:{VALUE}){_ENDS}",
    re.IGNORECASE,
)
_MADE = re.compile(
    rf"{_OPENING}{_SUBJECT} (?:{_MODAL} be|is|are) (?:made|machined|milled|cast|turned|printed|built"
    rf"|welded) (?:of|from|in"
    r"|out of) (?P<material>[\w()/.,°+-]+(?: [\w()/.°+-]+){0,4}?)[.;]?\s*$",
    re.IGNORECASE,
)
_DAY = r"\d{4}-\d\d-\d\d|\d{1,2}\.? (?:[A-Z][a-z]{2,8}) \d{4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4}"
_VERSION = r"v?\d+(?:\.\d+)+[\w.+-]*"
_PLAIN_ATTRIBUTE = (  # what has a day or a version for its value
    r"(?:end[ -]of[ -](?:life|(?:active |security |extended )?support)|(?:release|launch|delivery|due|start"
    r"|expiry) date|date of the latest (?:version|release)|deadline|(?:latest|current|minimum"
    r"|required) (?:version|release))"
)
_THING = r"[\w/.'’+#()-]+(?: [\w/.'’+#()-]+){0,6}?"
_PLAIN = re.compile(
    rf"(?:(?:The )?(?P<of_attribute>{_PLAIN_ATTRIBUTE}) (?:of|for) (?:the )?(?P<of_subject>{_THING})"
    rf"|(?:The )?(?P<subject>{_THING})['’]s (?P<attribute>{_PLAIN_ATTRIBUTE}))"
    rf" (?:is|was|will be) (?:on )?(?P<value>{_DAY}|{_VERSION})\.?\s*$",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"(?P<subject>{_THING})(?::| [—–-]) (?:the )?(?:(?P<plain>{_PLAIN_ATTRIBUTE})(?:\s*[:=]| is"
    rf"| was) (?P<said>{_DAY}|{_VERSION})|{_ATTRIBUTE}(?:\s*[:=]| is| was)\s*(?:{VALUE}))\.?\s*$",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(r"(?:note|warning|tip|example|hint|nb|todo|result|fact|\d+[.)]?)$", re.IGNORECASE)
_LOOSE = re.compile(
    r"\b(?:in|on|at|for|with|when|if|that|which|is|are|was|we|you|and|or|all|not|this|to|by|from|as|than"
    r"|shall|must|should|will|can|has|have|both|its?|their|our|your|only|no|after|before|during|while"
    r"|under)\b|(?<!\bof )\bthe\b",
    re.IGNORECASE,
)
_HOLLOW = re.compile(
    r"(?:this|that|it|its|their|these|those|there|which|what|one|ones|they|maximum|minimum|total|average"
    r"|overall|entire|whole|following|above|below|same|other|new|current)\b",
    re.IGNORECASE,
)
_NOT_ALONE = re.compile(r"\b(?:or|if|unless|except|either)\b", re.IGNORECASE)
_QUANTITY_LAST = re.compile(rf"\b(?:{_QUANTITIES})$", re.IGNORECASE)
_ATTRIBUTE_ALONE = re.compile(_ATTRIBUTE, re.IGNORECASE)
_MAY_CLAIM = re.compile(r"\d|\b(?:of|from|in)\b")
_PLAIN_MATERIAL = re.compile(
    r"(?:the |a |an |this |that |one |two |three |several |many |some )", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed of what: `value` holds the relation (`<=`, `>=`, `<`, `>`), the number and its unit.

    `component` is the part whose material or vendor `value` names. `borrowed`: the heading above, not the
    passage, says what it is about.
    """

    subject: str
    attribute: str
    value: str
    component: str = ""
    borrowed: bool = False


def of_heading(subject: str, attribute: str, value: str) -> Claim | None:
    """A claim about what the heading above names; None where that names nothing."""
    return Claim(subject, attribute, value, borrowed=True) if subject else None


def is_quantity(name: str) -> bool:
    """Whether a name ends in a physical or technical quantity: "rated torque", "mass"."""
    return bool(_QUANTITY_LAST.search(name))


def claim_in(text: str) -> Claim | None:
    """The one claim that a passage states in its first sentence; None where it states none."""
    if not _MAY_CLAIM.search(text[:_MAX]):
        return None
    return quantity(text) or _made(text) or _dated(text) or _titled(text)


def quantity(text: str) -> Claim | None:
    """Read "the SUBJECT ATTRIBUTE must not exceed NUMBER UNIT" and its relatives; None for anything else."""
    words = plain(text[:_MAX])
    if not has_quantity(words):
        return None
    match = _SAID.match(words) or _HAS.match(words)
    if not match or _NOT_ALONE.search(match[0]):
        return None
    found = match.groupdict()
    subject, attribute = (
        found["subject"] or found.get("of_subject"),
        found["attribute"] or found.get("of_attribute"),
    )
    if not subject or not attribute:
        return None
    subject, attribute = _owner(subject), attribute.casefold()
    if not _names(subject) or _ATTRIBUTE_ALONE.fullmatch(f"{subject} {attribute}"):
        return None  # "boot time": of what is not stated
    sign = "<=" if found.get("never_more") else ">=" if found.get("never_less") else ""
    if sign and (found["limit"] or not found["number"]):
        return None
    return Claim(subject, attribute, told(match, sign))


def _made(text: str) -> Claim | None:
    match = _MADE.match(plain(text[:_MAX]))
    if not match or not _names(match["subject"]) or _PLAIN_MATERIAL.match(match["material"]):
        return None
    if _LOOSE.search(match["material"]):
        return None
    return Claim(match["subject"], "material", match["material"].rstrip(".,;"))


def _dated(text: str) -> Claim | None:
    """Read "the ATTRIBUTE of SUBJECT is DAY" and its relatives; a version is a value, too."""
    match = _PLAIN.match(plain(text[:_MAX]))
    if not match:
        return None
    subject = match["subject"] or match["of_subject"]
    attribute = _folded(match["attribute"] or match["of_attribute"])
    return Claim(subject, attribute, match["value"].rstrip(".")) if _names(subject) else None


def _titled(text: str) -> Claim | None:
    """Read "SUBJECT: ATTRIBUTE is VALUE" and "SUBJECT – ATTRIBUTE: VALUE"."""
    match = _TITLED.match(plain(text[:_MAX]))
    if not match or _HOLLOW.match(match["subject"]) or _NO_SUBJECT.match(match["subject"]):
        return None
    if match["plain"]:
        return Claim(match["subject"], _folded(match["plain"]), match["said"].rstrip("."))
    return Claim(match["subject"], _folded(match["attribute"]), told(match))


def _folded(attribute: str) -> str:
    return attribute.casefold().replace("-", " ")


def _owner(subject: str) -> str:
    return re.sub(r"['’]s$", "", subject)


def _names(subject: str) -> bool:
    """Whether a phrase names one thing, and nothing that only the sentence before explains."""
    return bool(re.search(r"[^\W\d_]", subject)) and not (_HOLLOW.match(subject) or _LOOSE.search(subject))
