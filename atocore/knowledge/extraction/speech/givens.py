"""More cues of assumptions: what is taken as given.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import TASK_NOUN

_TASK_GIVEN = re.compile(
    r"(?:that )?(?:we have (?:an?|some|two|the)|nothing|good|the worst|anything|everything|[a-z]\b ?(?:="
    r"|is)|i|you|(?:the |an? |your "
    r"|this |my )?(?:(?:given|input"
    rf"|output|new|current|existing|following|last|first) )?{TASK_NOUN}\b)"
)


def _given(of: str, clause: str) -> bool:
    return (
        enough(of, 3)
        and not _TASK_GIVEN.match(of)
        and not re.search(r"\b(?:could|might|you mean|moment)\b", clause)
    )


GIVENS = (
    cue(
        "spoken-assumption",
        "assume suppose presume counting count expect hypothesis",
        r"(?:let us (?:assume|suppose|presume)(?: (?:here|for (?:the|this) (?:whole )?(?:study|model"
        r"|analysis|estimate|budget)))?"
        r"|for (?:the|our|this) [\w -]{3,40}?,? (?:we |i |let us )?assume|we (?:are counting|count) on"
        r"|(?:our |the |my )?working"
        r" hypothesis(?: is|:)) (?:that )?(?P<of>.+)",
        PERSON,
        _given,
    ),
    cue(
        "spoken-assumption",
        "given granted assumption assume basis take",
        r"(?:(?:i am|we are) going on the basis that (?P<basis>.+)|let us take (?P<what>the [\w -]{2,40}?"
        r"|[\w -]{2,40}?) (?:as|to be|at) (?P<n>[~<>]?\d.*)|(?:i|we) take (?:it )?(?:as (?:a )?given|for"
        r" granted) (?:that )?(?P<of>.+)"
        r"|(?P<said>.{15,200}?)(?:,| -| —| –) ?(?:and )?"
        r"(?:let us |we |i |please )?(?:take (?:that|it|this) (?:as (?:a )?(?:given|assumption|assumed)|for"
        r" granted)|(?:that|this)"
        r" is (?:our|my|an?|the) (?:working )?assumption|(?:we|i) assume (?:that|this|so))(?:[.!]*$|,? and"
        r" .*))",
        PERSON,
        lambda of, clause: not re.match(r"(?:it|this|that|i|you)\b(?! (?:take|am going on))", clause),
    ),
)
