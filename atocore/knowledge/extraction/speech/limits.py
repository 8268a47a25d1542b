"""Cues of requirements, constraints and assumptions.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import TASK_NOUN, is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import THING, WE

_SUBJECT = (
    rf"(?!(?:the |this |that |your |my |each |every |an? )?(?:[\w-]+ )?{TASK_NOUN} )(?!(?:it|this|that"
    rf"|these|those|they|he|she|you|i|there"
    r"|which|what|who|one|everything|nothing|something|anything|if|when|to|and|or|but|because|user|users) )"
)


_MEASURE = r"(?:[-+<>≤≥~]?\s?\d|one|two|three|four|five|six|seven|eight|nine|ten|half|zero)"


_LIMITS = (
    r"(?:exceed|be (?:more|less|greater|higher|lower|larger|smaller|longer|shorter|heavier|wider|taller"
    r"|thicker|louder|hotter|colder|faster|slower|deeper) than"
    r"|be (?:above|below|under|over|within|at (?:least|most))|go (?:above|over|below|beyond)|weigh"
    r" (?:more|less|under|at most)"
    r"|cost (?:more|less|under)|take (?:more|less|longer)|draw (?:more|less)|stay (?:below|under|within"
    r"|above|inside)"
    r"|remain (?:below|under|within|above)|fit\b|last (?:at least|longer)|withstand|survive|reach|drop"
    r" below|rise above"
    r"|consume (?:more|less)|use (?:more|less) than|need more than|be (?:limited|kept|restricted) to|run"
    r" (?:without|on|under)"
    r"|work (?:without|offline|with)|operate|tolerate|handle at least|support at least|comply with"
    r"|conform to|meet)"
)


def _binding(of: str, clause: str) -> bool:
    return enough(of, 1) and not re.search(r"\b(?:could|might|maybe|perhaps|would|in order to)\b", clause)


def _our_limit(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not is_hypothetical(clause)
        and not is_passing(clause)
        and not re.search(
            r"\b(?:error|fails?|failing|crash\w*|broken|bug|because it (?:returns|throws))\b", clause
        )
    )


CONSTRAINTS = (
    cue(
        "spoken-requirement",
        "requirement require required requires demands insists",
        r"(?:(?:an?|the|one|our|another|key|hard|main|top-level|customer|their|its)(?: [\w-]+){0,2}"
        r" requirement(?: (?:for|on|of) [\w -]{2,40}?)?"
        rf" (?:is|was|says)(?: that|:| to)|{WE} require that|it is required (?:that|to)"
        r"|(?:the )?(?:customer|client|regulator|standard|spec(?:ification)?)(?: [\w-]+){0,2}?"
        r" (?:requires|demands|insists)(?: that| on)?)"
        r" (?P<of>.+)",
        PEOPLE,
        lambda of, clause: enough(of, 3) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-constraint",
        "constraint limit limitation cap restriction",
        r"(?:(?:an?|the|one|our|another|there is an?)(?: [\w-]+){0,2} (?:constraint|limit|limitation|cap"
        r"|restriction)(?: (?:for|on|of) "
        r"[\w -]{2,40}?)? (?:is|was)(?: that|:)?(?! [\w]+ed\b)|(?:hard |design )?constraint\s?[:—–])"
        r" (?P<of>.+)",
        PEOPLE,
        lambda of, clause: enough(of, 2) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-constraint",
        "must shall cannot may has have should needs need",
        rf"{_SUBJECT}(?P<of>{THING}) (?:(?:must|shall|may|should|can|is allowed to|are allowed to)(?:"
        rf" not| never)|cannot) (?:ever )?"
        rf"{_LIMITS}\b",
        PEOPLE,
        _binding,
    ),
    cue(
        "spoken-constraint",
        "must shall has have needs need",
        rf"{_SUBJECT}(?P<of>{THING}) (?:must|shall|has to|have to|needs to|need to) (?:always |also "
        rf"|still )?{_LIMITS}\b",
        PEOPLE,
        _binding,
    ),
    cue(
        "spoken-constraint",
        "must shall may",
        rf"{_SUBJECT}(?P<of>(?:our|all|every) {THING}) (?:must|shall|may) (?:not|never)"
        r" (?:ever )?[a-z]+ [a-z].*",
        PEOPLE,
        _binding,
    ),
    cue(
        "spoken-constraint",
        "limited capped restricted",
        rf"{_SUBJECT}(?P<of>{THING}) (?:is|are) (?:strictly |contractually )?(?:limited|capped"
        rf"|restricted) (?:to|at) {_MEASURE}",
        PEOPLE,
        _binding,
    ),
    cue(
        "spoken-constraint",
        "hard limit budget cap",
        r"(?:there is|we have) an? (?:hard |strict |firm |fixed |upper |lower |absolute"
        r" ){1,2}(?:[\w-]+ )?(?:limit|cap|budget|ceiling|floor|deadline)"
        r" (?:of|at|on) (?P<of>.*\d.*)",
        PEOPLE,
        lambda of, clause: enough(of, 2) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-constraint",
        "cannot must may allowed",
        rf"{WE} (?:cannot|must not|may not|must never|are not allowed to|are not permitted to) (?:ever"
        rf" )?(?:use|store|ship|send|share|log|depend"
        r" on|rely on|deploy|exceed|spend|export|import|link|include|transfer|process|keep|sell|buy"
        r"|modify|touch) (?P<of>.+)",
        PEOPLE,
        lambda of, clause: enough(of, 2) and _our_limit(of, clause),
    ),
)


_GIVEN = (
    r"(?:(?:we|i|our|let us|we can|we will|you can|you may|you should|please|one can|it is|i am|we are) )?"
)


def _assumed(of: str, clause: str) -> bool:
    return (
        enough(of, 3)
        and not re.search(
            r"^assume nothing|\b(?:could|might|would|maybe|for (?:a|the|this) (?:moment|second|sake)|for"
            r" argument|you"
            r" mean|you meant|you want|we want|you have|you are)\b",
            clause,
        )
        and not re.match(
            r"(?:that )?(?:the |an? |your |this |my )?(?:(?:given|input|output|new|current|existing"
            r"|following"
            rf"|last|first) )?{TASK_NOUN}\b",
            of,
        )
        and not re.match(
            r"(?:that )?(?:we have (?:an?|some|two|the)|nothing|anything|[a-z] ?=|i|you|we are (?:at|in"
            r"|given)|everything|all (?:goes"
            r"|went)|no one|so)\b",
            of,
        )
    )


ASSUMPTIONS = (
    cue(
        "spoken-assumption",
        "assume presume",
        rf"{_GIVEN}(?:presume|(?:safely )?assume) (?:here |throughout )?(?:that )?(?P<of>.+)",
        PERSON,
        _assumed,
    ),
    cue(
        "spoken-assumption",
        "assume assuming",
        r"(?:we (?:can |may )?(?:safely )?assume(?: (?:here|throughout))?|assume that"
        r"|we are assuming(?: here)?)(?: that)? (?P<of>.+)",
        PEOPLE,
        _assumed,
    ),
    cue(
        "spoken-assumption",
        "assuming assumption",
        r"(?:(?:we|i) (?:are|am) (?:assuming (?:here )?|working on the assumption )(?:that )?)(?P<of>.+)",
        PERSON,
        _assumed,
    ),
    cue(
        "spoken-assumption",
        "assuming",
        r"assuming (?:that )?(?P<of>[^,]{5,200}), (?:then )?(?:we|the|our|each|all|one|there|this"
        r" (?:gives|means|leaves))\b",
        PERSON,
        _assumed,
    ),
    cue(
        "spoken-assumption",
        "take taken",
        r"(?:(?:we|let us) (?:take it|take (?:it )?(?:as given|for granted))|it is taken (?:as given|for"
        r" granted)) (?:that )?(?P<of>.+)",
        PEOPLE,
        _assumed,
    ),
    cue(
        "spoken-assumption",
        "assumption premise assumed",
        r"(?:(?:the|our|one|my|an|another|this rests on the|a)(?: [\w-]+){0,2} (?:assumption|premise)(?:"
        r" (?:here|is here|behind this))?"
        r" (?:is|was)(?: that|:)?|it is assumed (?:that)?|(?:under|on) the assumption (?:that)?"
        r"|(?:working )?assumption\s?[:—–]) (?P<of>.+)",
        PEOPLE,
        _assumed,
    ),
    cue(
        "spoken-assumption",
        "assumed",
        rf"{_SUBJECT}(?P<of>{THING}) (?:is|are) assumed to (?:be|have|stay|remain|work|hold)\b",
        PEOPLE,
        lambda of, clause: enough(of, 1) and not is_hypothetical(clause),
    ),
)
