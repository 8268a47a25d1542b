"""The verbs that name their attribute and take no quantity: what runs on a port, is due on a
day, is made of a matter.

Knows wording. Must not know what stands before or behind the verb.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from atocore.knowledge.extraction.claims.terms import DATE, MOMENT, PERSON, PLACE, PORT, VERSION, WORD

_WORDED: tuple[tuple[str, str, int], ...] = (
    (
        r"(?:runs|listens|is (?:running|reachable|available|served|listening))(?: \w+)? on (?:(?:tcp"
        r"|udp) )?(?:port )?"
        r"|uses port ",
        "port",
        PORT,
    ),
    (
        r"(?:runs|lives|is (?:hosted|deployed|running|located)) in (?:(?:the )?region"
        r" )?(?=[a-z]{2,12}-[a-z]+-?\d)",
        "region",
        WORD,
    ),
    (
        r"(?:(?:must|shall|will|should) be|is|are) (?:made|machined|milled|cast|turned|printed|built"
        r"|welded)"
        r" (?:of|from|in|out of) ",
        "material",
        WORD,
    ),
    (r"(?:is|are) (?:supplied|delivered) by (?:the company )?", "supplier", PERSON),
    (r"(?:is|are) (?:bought|purchased|sourced|ordered) from ", "supplier", PERSON),
    (r"(?:is|are) (?:manufactured|made|built|produced) by ", "manufacturer", PERSON),
    (r"(?:is|are) owned by ", "owner", PERSON),
    (r"(?:is|are) maintained by ", "maintainer", PERSON),
    (r"(?:is|are) (?:looked after|led|managed|run) by ", "lead", PERSON),
    (r"(?:is|are) hosted (?:on|at|by) (?:host )?", "host", WORD),
    (r"(?:is|are) (?:stored|kept|located|installed|mounted) in (?:the )?", "location", PLACE),
    (
        r"(?:runs?|starts?|begins?|happens|happen|is|are|takes place|opens) (?:daily |every (?:day"
        r"|night|week) |nightly )?at ",
        "start time",
        MOMENT,
    ),
    (r"(?:ends?|stops?|closes) (?:daily |every (?:day|night) )?at ", "end time", MOMENT),
    (r"(?:is|are) encoded (?:in|as) ", "encoding", WORD),
    (r"(?:is|are) painted (?:in )?", "color", WORD),
    (r"(?:is|are) coated (?:with|in) ", "coating", WORD),
    (r"(?:is|are) encrypted with ", "encryption", WORD),
    (r"(?:is|are) signed with ", "signature", WORD),
    (r"(?:is|are) (?:written|implemented|coded|programmed) in ", "language", WORD),
    (r"(?:is|are) (?:scheduled|planned|set|booked|fixed) (?:for|on) ", "date", DATE),
    (
        r"(?:was|is|has been|got|have been|were) (?:moved|postponed|rescheduled|shifted|delayed|pushed)"
        r" to ",
        "date",
        DATE,
    ),
    (r"(?:slipped|moved) to ", "date", DATE),
    (
        r"(?:is|are|will be|takes place|will take place) (?:on|in) "
        r"(?=\d|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)",
        "date",
        DATE,
    ),
    (r"(?:starts?|begins?|will start|will begin) (?:on|in) ", "start date", DATE),
    (r"(?:ends?|will end) (?:on|in) ", "end date", DATE),
    (r"runs (?:the )?(?:firmware|FW)(?: version)? ", "firmware version", VERSION),
    (r"(?:is|are) licen[cs]ed under (?:the )?", "licence", WORD),
    (r"(?:is|are|falls) due (?:on|by|at|in)? ?", "deadline", DATE),
    (r"expires on ", "expiry date", DATE),
    (r"reaches (?:its )?end of life on ", "end of life", DATE),
    (r"(?:was|will be) released on ", "release date", DATE),
    (r"(?:is|are) (?:at|on|pinned to) version ", "version", VERSION),
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A verb that names its attribute and takes a value that is no quantity."""

    start: int
    end: int
    attribute: str
    kind: int


@cache
def _worded() -> re.Pattern[str]:
    rows = "|".join(rf"(?P<w{n}>{pattern})" for n, (pattern, _, _) in enumerate(_WORDED))
    return re.compile(rf"(?<=[\w)\"'’.]) (?:currently |now )?(?:{rows})", re.IGNORECASE)


def worded_in(words: str) -> Worded | None:
    """The first verb that names its attribute and takes a name or a day."""
    match = _worded().search(words)
    if not match:
        return None
    number = next(n for n in range(len(_WORDED)) if match[f"w{n}"])
    _, attribute, kind = _WORDED[number]
    return Worded(match.start(), match.end(), attribute, kind)
