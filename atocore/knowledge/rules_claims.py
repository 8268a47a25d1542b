"""Claims: the subject, attribute and value, or the question, that a passage itself states. Never a guess.

Knows sentences and units. Must not know rules or records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from atocore.knowledge.chunks_outline import plain

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
_SUBJECT = r"(?P<subject>(?:[\w/.'-]+ ){0,4}?[\w/.'-]+)"
_NUMBER = r"[-+]?\d(?:[\d,_ ]*\d)?(?:\.\d+)?(?:[eE][-+]?\d+)?"
_UNIT = (
    r"(?:%|°\s?[CFK]?|[µunmkMGTh]?(?:m|g|s|A|V|W|Hz|N|Pa|J|K|B|b|bit|Ω|F|H|T|L|l|eV|bar|rad|sr|cd|lm|lx"
    r"|Wh|Ah|mol)"
    r"(?:[²³]|\^?-?[123])?|[kMGT]i?B|ppm|dB[a-z]?|rpm|RPM|psi|inch(?:es)?|in|ft|lb|lbs|oz|arcsec|arcmin"
    r"|deg(?:rees?)?|"
    r"px|pixels?|bytes?|bits?|seconds?|sec|minutes?|min|hours?|hrs?|h|days?|weeks?|months?|years?"
    r"|milliseconds?|"
    r"microseconds?|ms|kilograms?|grams?|tonnes?|tons?|t|met(?:er|re)s?|millimet(?:er|re)s?"
    r"|centimet(?:er|re)s?|"
    r"kilomet(?:er|re)s?|microns?|volts?|watts?|amps?|amperes?|kelvin|percent|euros?|dollars?|EUR|USD"
    r"|GBP|cycles?|fps)"
)
_QUANTITY = rf"(?P<number>{_NUMBER})\s?(?P<unit>{_UNIT}(?:\s?[/·*]\s?{_UNIT}|\s?/\s?(?:min|h|day|s))*)"
_RELATIONS = (
    (
        "<=",
        r"(?:must|shall|should|may|can|will|does)(?: not|n't) (?:exceed|be (?:more|greater|higher|larger"
        r"|longer|heavier) than|be above)",
    ),
    (
        "<=",
        r"(?:(?:must|shall|should|will) be |is |are )?(?:limited to|at most|no more than|not more than"
        r"|no greater than|up to)",
    ),
    (">=", r"(?:must|shall|should|may|will)(?: not|n't) be (?:less|lower|smaller|shorter) than"),
    (">=", r"(?:(?:must|shall|should|will) be |is |are )?(?:at least|no less than|not less than)"),
    ("<", r"(?:(?:must|shall|should|will) be |is |are )(?:(?:less|lower|smaller|shorter) than|below|under)"),
    (
        ">",
        r"(?:(?:must|shall|should|will) be |is |are )(?:(?:more|greater|higher|larger|longer) than|above"
        r"|over)",
    ),
    ("", r"(?:(?:must|shall|should|will) be|is|are|equals|is set to|is fixed at)(?: exactly)?"),
)
_ENDS = (
    r"(?=\s*(?:[.;]?\s*$|[.;]\s+[A-Z]|,? (?:including|with its|with the|when|during|under|at all times|in all"
    r"|over the|throughout|for all|because|per\b)))"
)
_HAVING = (
    ("<=", "(?:at most|no more than|not more than|no greater than|up to|a maximum of)"),
    (">=", "(?:at least|no less than|not less than|a minimum of)"),
    ("<", "(?:less|lower|smaller|shorter) than"),
    (">", "(?:more|greater|higher|larger|longer) than"),
)
_OPENING = "(?:the |an? |each |every )?"
_BODIES = (rf"{_SUBJECT} {_ATTRIBUTE}", rf"{_ATTRIBUTE} (?:of|for) {_OPENING}{_SUBJECT}")
_HAS = rf"{_SUBJECT} (?:(?:shall|must|should|will) have|has) an? {_ATTRIBUTE} of"
_PATTERNS = tuple(
    (sign, re.compile(rf"{_OPENING}{text} {_QUANTITY}{_ENDS}", re.IGNORECASE))
    for sign, text in (
        *((sign, f"{body} {relation}") for sign, relation in _RELATIONS for body in _BODIES),
        *((sign, f"{_HAS} {relation}") for sign, relation in _HAVING),
        ("", _HAS),
    )
)
_MEASURED = re.compile(rf"\d\s?{_UNIT}(?!\w)", re.IGNORECASE)
_ATTRIBUTE_ALONE = re.compile(_ATTRIBUTE, re.IGNORECASE)
_TWO_SIDED = re.compile(r"\b(?:and|or|if|unless|except|between|either)\b|±", re.IGNORECASE)
_HOLLOW = re.compile(
    r"(?:this|that|it|its|their|these|those|there|which|what|one|maximum|minimum|total|average)\b", re.I
)

_CHOSEN = re.compile(
    r"\W*(?:chosen|selected|preferred|accepted)(?: (?:option|solution|alternative|approach|design))?s?"
    r"(?:[*_]{0,3}\s*[:=][*_]{0,3})?\s*"
    r"""(?:"(?P<a>[^"]{2,150})"|“(?P<b>[^“”]{2,150})”|\*{1,3}(?P<c>[^*]{2,150})\*|\[(?P<d>[^\[\]]{2,150})\]"""
    r"|`(?P<e>[^`]{2,150})`"
    r"|(?P<f>[^,;\n\"“*\[`]{2,80}?)\s*(?:[,;(]|\.\s|\.$|\b(?:because|as|since|for|to)\b|$))",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(
    r"(?:(?:option|alternative|solution|proposal|approach|variant|number|no\.?|#)\W*)*\W*(?:\d+"
    r"|[A-Z])?(?:\.\d+)*\W*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed of what: `value` holds the relation (`<=`, `>=`, `<`, `>`), the number and its unit."""

    subject: str
    attribute: str
    value: str


def quantity(text: str) -> Claim | None:
    """Read "the SUBJECT ATTRIBUTE must not exceed NUMBER UNIT" and its relatives; None for anything else."""
    words = plain(text[:_MAX])
    if not _MEASURED.search(words):
        return None
    for sign, pattern in _PATTERNS:
        match = pattern.match(words)
        if match and not _TWO_SIDED.search(match[0]) and not _HOLLOW.match(match["subject"]):
            subject, attribute = match["subject"].removesuffix("'s"), match["attribute"].casefold()
            if _ATTRIBUTE_ALONE.fullmatch(f"{subject} {attribute}"):
                return None  # "boot time": of what is not stated
            return Claim(subject, attribute, f"{sign} {match['number']} {match['unit']}".strip())
    return None


def chosen(text: str) -> str:
    """Give the option a decision names as chosen; "" where it names none, or only its number."""
    match = _CHOSEN.match(text[:_MAX])
    if not match:
        return ""
    named = next(group for group in match.groups() if group)
    value = plain(named.strip().strip("\"'“”*_")).strip()
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1].strip()
    return "" if _BARE_NUMBER.fullmatch(value) else value


_ASKING = re.compile(
    r"\W*(?:(?:in|to|for|at|by|with|on|from) )?(?:which|what|how|who|whom|where|when|should|shall|do"
    r"|does|is|are|can|must)\b",
    re.I,
)
_LEANING = re.compile(
    r"\b(?:this|these|that|those|it|its|they|them|their|ones?|such|there|latter|former|too|also|above)\b",
    re.I,
)


def question_in(text: str) -> str:
    """Give the one question that a passage asks; "" where it asks none or several."""
    words = plain(text)
    if not 0 < words.count("?") < 3:
        return ""
    asked = re.findall(r"(?:^|(?<=[.!?:;]\s))([A-Z“\"'][^.!?\n]{8,200}\?)(?=\s|$)", words)
    whole = [q.strip() for q in asked if _ASKING.match(q) and not _LEANING.search(q)]
    return whole[0] if len(whole) == 1 else ""
