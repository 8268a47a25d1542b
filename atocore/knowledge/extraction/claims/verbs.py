"""The verbs that join a thing to a value, and the attribute that a verb names by itself: what weighs 4 kg
has a mass.

Knows wording. Must not know what stands before or behind the verb.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_ROWS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("weigh", r"weighs?|weighed", {"mass": "mass"}),
    ("cost", r"costs?", {"money": "cost"}),
    (
        "run",
        r"(?:runs?|operates?|works?|(?:is|are|be) (?:operated|run|clocked|driven|kept|held)|stays?|stay"
        r"|(?:is|are|be)"
        r" running) at",
        {
            "low frequency": "rate",
            "high frequency": "frequency",
            "temperature": "operating temperature",
            "voltage": "operating voltage",
            "pressure": "operating pressure",
            "rotation": "speed",
            "frames": "frame rate",
        },
    ),
    ("at", r"opens at", {"pressure": "opening pressure", "temperature": "opening temperature"}),
    ("at", r"closes at", {"pressure": "closing pressure", "temperature": "closing temperature"}),
    (
        "at",
        r"trips at",
        {"current": "trip current", "temperature": "trip temperature", "pressure": "trip pressure"},
    ),
    ("at", r"cures? at|(?:is|are|be) cured at", {"temperature": "cure temperature"}),
    ("at", r"melts? at", {"temperature": "melt temperature"}),
    ("at", r"emits? at", {"length": "wavelength", "high frequency": "frequency"}),
    ("at", r"(?:flies|flying|fly|orbits?|cruises?) at", {"length": "altitude"}),
    ("at", r"(?:moves?|travels?|drives?|turns?) at", {"rotation": "speed", "speed": "speed"}),
    (
        "give",
        r"(?:delivers?|provides?|supplies|supply|outputs?|generates?|produces?|pumps?)",
        {
            "voltage": "output voltage",
            "power": "output power",
            "current": "output current",
            "flow": "flow rate",
            "torque": "torque",
            "force": "force",
            "pressure": "output pressure",
            "rotation": "speed",
        },
    ),
    ("open", r"closes? (?:in|within)", {"time": "closing time"}),
    ("open", r"opens? (?:in|within)", {"time": "opening time"}),
    ("boot", r"boots?(?: up)? (?:in|within)", {"time": "boot time"}),
    ("boot", r"starts?(?: up)? (?:in|within)", {"time": "start-up time"}),
    ("boot", r"loads? (?:in|within)", {"time": "load time"}),
    ("boot", r"settles? (?:in|within)", {"time": "settling time"}),
    ("boot", r"responds? (?:in|within|after)|answers? (?:in|within)", {"time": "response time"}),
    ("boot", r"(?:charges?|recharges?) (?:in|within)", {"time": "charging time"}),
    ("boot", r"warms? up (?:in|within)", {"time": "warm-up time"}),
    ("time out", r"times? out after", {"time": "timeout"}),
    ("valid", r"(?:is|are|be) valid for", {"time": "validity"}),
    ("valid", r"expires? after", {"time": "lifetime"}),
    ("keep", r"(?:is|are|be) (?:kept|retained|stored|archived|held) for", {"time": "retention"}),
    ("cure", r"cures? (?:for|in|within)|(?:is|are|be) cured for", {"time": "cure time"}),
    (
        "every",
        r"(?:runs?|repeats?|happens?|occurs?|(?:is|are|be) (?:sent|run|repeated|triggered|emitted)) every",
        {"time": "interval"},
    ),
    ("every", r"(?:is|are|be) calibrated every", {"time": "calibration interval"}),
    ("every", r"(?:is|are|be) (?:serviced|maintained) every", {"time": "service interval"}),
    ("every", r"(?:is|are|be) inspected every", {"time": "inspection interval"}),
    ("every", r"(?:rotates?|(?:is|are|be) rotated) every", {"time": "rotation interval"}),
    ("every", r"(?:samples?|(?:is|are|be) sampled) every", {"time": "sample interval"}),
    ("keep at", r"(?:runs?|works?|operates?) (?:on|off)", {"voltage": "supply voltage"}),
    ("every", r"(?:is|are|be) replaced every", {"time": "replacement interval"}),
    ("every", r"(?:is|are|be) cleaned every", {"time": "cleaning interval"}),
    ("every", r"(?:is|are|be) backed up every", {"time": "backup interval"}),
    ("every", r"(?:updates?|(?:is|are|be) updated) every", {"time": "update interval"}),
    ("every", r"(?:refreshes|(?:is|are|be) refreshed) every", {"time": "refresh interval"}),
    ("every", r"(?:polls?|(?:is|are|be) polled) every", {"time": "poll interval"}),
    ("fed", r"(?:is|are|be) (?:powered|supplied|fed) (?:with|by|from|at)", {"voltage": "supply voltage"}),
    (
        "draw",
        r"draws?|consumes?|uses?|dissipates?",
        {"power": "power consumption", "current": "current", "voltage": "supply voltage"},
    ),
    (
        "take",
        r"takes?|needs?|requires?|lasts? for",
        {
            "time": "duration",
            "voltage": "supply voltage",
            "power": "power consumption",
            "current": "current",
        },
    ),
    (
        "complete",
        r"(?:completes?|finish(?:es)?|ends?|(?:is|are|be) (?:complete|completed|finished|done|over))",
        {"time": "duration"},
    ),
    ("last", r"lasts?|lives? for|(?:is|are|be) good for", {"time": "lifetime"}),
    ("operate", r"(?:operates?|runs?|works?) (?:continuously )?for", {"time": "operating duration"}),
    (
        "lift",
        r"lifts?|carry|carries|holds?|bears?|stores?",
        {"mass": "capacity", "volume": "capacity", "memory": "capacity"},
    ),
    ("preload", r"(?:is|are|be) preloaded (?:by|to|with|at)", {"force": "preload", "torque": "preload"}),
    ("torque", r"(?:is|are|be) (?:torqued|tightened) to", {"torque": "torque"}),
    (
        "rate",
        r"(?:is|are|be) rated (?:at|for|to)",
        {
            "voltage": "rated voltage",
            "current": "rated current",
            "power": "rated power",
            "pressure": "rated pressure",
            "mass": "rated capacity",
            "torque": "rated torque",
        },
    ),
    ("spin", r"(?:spins?|rotates?|turns?) at", {"rotation": "speed", "low frequency": "speed"}),
    (
        "sample",
        r"(?:samples?|(?:is|are|be) sampled) at",
        {"low frequency": "sample rate", "high frequency": "sample rate"},
    ),
    (
        "transmit",
        r"(?:transmits?|broadcasts?|operates?) (?:at|on)",
        {"high frequency": "frequency", "power": "transmit power"},
    ),
    ("store at", r"(?:is|are|be) stored at", {"temperature": "storage temperature"}),
    ("fit", r"fits? (?:into|in|within)", {"memory": "size", "length": "size"}),
)
_MODAL = (
    r"(?:(?:must|shall|should|will|may|can|cannot|could|does|do|has to|have to|needs? to|is required to"
    r"|are required"
    r" to|(?:shall |must )?be able to|(?:shall|must) be capable of|is able to|is allowed to|is to|are"
    r" to)(?P<cant>n['’]t)? "
    r"(?P<not>not |never |at no time )?(?:be able to |always |still |in total |only )?)?"
)
_MORE = (
    r"(?:worse|more|greater|higher|larger|bigger|longer|heavier|wider|taller|thicker|deeper|hotter"
    r"|warmer|louder"
    r"|faster) than"
)
_LESS = (
    r"(?:better|less|lower|smaller|shorter|lighter|narrower|thinner|colder|cooler|quieter|cheaper|slower"
    r"|fewer) than"
)
_BE = (
    r"(?:be|is|are|was|get|become|equals?|measures?|amounts? to|comes? (?:out )?(?:at|to)|(?:is|are|be)"
    r" (?:set"
    r"|fixed|specified"
    r"|defined|kept|held|maintained|configured) (?:at|to|as)|was (?:measured|found) (?:at|as|to be)"
    r"|(?:is|are|be) now|(?:stays?|remains?|lies)(?= between| from| in the range)"
    r"|stays? at|remains? at|must be|(?:is|are) to be)"
)
_BOUND = (
    r"(?:(?:stay|remain|be kept|be held|lie|keep|be|is|are|stays|remains|lies|must stay)"
    r" (?P<side>below|under|above|over|within|inside|beneath))"
)
_CAP = r"(?:(?:is|are|be) (?:limited|capped|restricted|bounded) (?:to|at)|tops out at|(?:is|are) rated up to)"
_PASS = r"(?P<past>exceeds?|rise above|go (?:above|over|beyond)|climb above|surpass)"
_FALL = r"(?P<fall>(?:drop|fall|go|sink|be (?:depleted|discharged)|decrease) (?:below|under))"


@dataclass(frozen=True, slots=True)
class Verb:
    """One reading of a verb: where it begins and ends, the sign that its words set, and the attribute that it
    names by what the value's unit measures.
    """

    start: int
    end: int
    sign: str
    names: Mapping[str, str]
    word: str
    negated: bool
    compares: str = ""


@cache
def _verbs() -> re.Pattern[str]:
    rows = "|".join(rf"(?P<v{n}>{pattern})" for n, (_, pattern, _) in enumerate(_ROWS))
    return re.compile(
        rf"(?<=[\w)\"'’.]) (?:currently |now |also |always |typically |never )?{_MODAL}"
        rf"(?:{_PASS}|{_FALL}|{_BOUND}|(?P<cap>{_CAP})|{rows}|(?P<be>{_BE}))(?P<more>"
        rf" {_MORE})?(?P<less> {_LESS})?(?: |$)",
        re.IGNORECASE,
    )


def verb_in(words: str, start: int = 0) -> Verb | None:
    """The first verb at or after `start` that may join a thing and a quantity."""
    match = _verbs().search(words, start)
    if not match:
        return None
    negated = bool(match["not"] or match["cant"] or re.match(r" (?:cannot|never)\b", match[0], re.IGNORECASE))
    number = next((n for n in range(len(_ROWS)) if match[f"v{n}"]), -1)
    word, _, names = _ROWS[number] if number >= 0 else (_being(match), "", {})
    return Verb(
        match.start(), match.end(), _sign(match, negated=negated), names, word, negated, _compared(match)
    )


def _being(match: re.Match[str]) -> str:
    return "was" if (match["be"] or "").casefold() == "was" else "be"


def _compared(match: re.Match[str]) -> str:
    if (match["side"] or "").casefold() in ("within", "inside") or match[0].casefold().endswith(" within "):
        return "within"
    return (match["more"] or match["less"] or "").strip().split(" ")[0].casefold()


def _sign(match: re.Match[str], *, negated: bool) -> str:
    """The sign that the verb's words set: "?" where a negation leaves none that is sure."""
    side = (match["side"] or "").casefold()
    above = bool(match["past"] or match["more"] or side in ("above", "over"))
    below = bool(match["fall"] or match["less"] or side in ("below", "under", "beneath"))
    if side in ("within", "inside") or match["cap"] or match[0].casefold().endswith(" within "):
        return "?" if negated else "<="
    if above == below:
        return "?" if negated or above else ""
    if negated:
        return "<=" if above else ">="
    return ">" if above else "<"
