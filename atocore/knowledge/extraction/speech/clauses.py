"""Clauses: where in a sentence somebody may begin to say something.

Knows openers, adverbials and what joins clauses, in folded words. Must not know cues.
"""

from __future__ import annotations

import re

from atocore.knowledge.ingestion.voices import Voice

MAX_CLAUSES = 6

_OPENER = re.compile(
    r"(?:(?:ok(?:ay)?|so|and|but|also|well|hi|hey|hello|yes|yeah|yep|yup|right|alright|all right|good"
    r"|great|perfect|thanks|thank"
    r" you|cool|sure|fine|fyi|btw|by the way|just so you know|for your information|for info|for context"
    r"|ps|p\.s\.|done|finally|then|therefore|thus"
    r"|hence|consequently|in the end|in summary|to summari[sz]e|in short|after (?:some|a lot of|much"
    r"|long|more) (?:discussion|thought|debate|thinking)"
    r"|as (?:discussed|agreed|a result|a consequence|a reminder|of (?:now|today|this week))|reminder"
    r"|note|note that|update|important|one more thing|another thing"
    r"|for (?:clarity|completeness)|to be clear|to clarify|just to (?:be clear|clarify|confirm)|heads[-"
    r" ]up|one thing|h+m+|uh|oh|for the (?:record|minutes)|i would like to (?:record|note|mention|add) that"
    r"|please note|please note that)"
    r"(?:[,:;!.—–-]+ ?| (?=(?:we|i|no|our|the|let us|please|always|never|it was|my|remember|so|and|but|then"
    r"|after|for|in)\b)))"
)
_ADVERBIAL = re.compile(
    r"(?:after|at|in|during|following|based on|given|for|since|because|to|with|due to|on|as of|from|by"
    r"|until|despite|because of|instead of"
    r"|last|yesterday|today|this (?:morning|week|month)|regarding|concerning|as for|throughout|within)"
    r" (?:[^,;:.?!]{2,120}, (?=\S)|(?:the|our|this|that|all|an?|some|much|two|several|\w+ing) [\w -]{2,50}?"
    r" (?=(?:we|it was) )|[\w.-]{1,20}(?: [\w.-]{1,20})? (?=(?:we|it was) )"
    r"|(?:of|to|the|our|all|an?|export|safety|cost|legal) [\w -]{3,40}?,? (?=(?:the|our|all|every)"
    r" [\w -]{2,40}? (?:must|shall|may|has|have|cannot)\b))"
)
_OCCASION = re.compile(
    r"(?:when(?:ever)?|if|before|after|once|every time) (?:i|you|we) [^,;:.?!]{3,80}, (?=(?:please"
    r" )?(?:always|never|do not ever)\b)"
)
_SPEAKER = re.compile(
    r"\W*(?:\[?\d{1,2}[:.]\d\d(?:[:.]\d\d)?\]?\s*)?[A-Z][\w.-]{1,20}(?:"
    r" [A-Z][\w.-]{0,20})?\W{0,3}:\W{0,3}\s"
)
_NO_SPEAKER = re.compile(
    r"\W*(?:decided|agreed|decision|lesson|lessons|note|remember|assumption|constraint|resolved|approved"
    r"|consensus|verdict|important"
    r"|correction|update|reminder|agreement|takeaway|fyi|todo|action|ai|final|example)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[;:—–] (?:(?:and|so|but|then|therefore|hence|thus|instead|plus) )*|, (?:(?:and|so|but|then"
    r"|therefore|hence|thus|instead|plus) )*"
    r"(?=(?:we|i|let us|it was|our|my|please|remember|keep in mind|the (?:team|board|group|deadline"
    r"|decision))\b)"
    r"| (?:and|so|but) (?=(?:we|i|let us|it was|our|my|please)\b)| - "
)


def clauses(source: str, words: str, voice: Voice) -> list[int]:
    """Give where clauses begin in folded words: after openers, and after what joins two clauses. In minutes
    a sentence may open with its speaker's name, which `source` shows by its capital.
    """
    begin = 0
    if voice is Voice.DOCUMENT and _SPEAKER.match(source) and not _NO_SPEAKER.match(source):
        begin = words.find(": ") + 2 if ": " in words else 0
    for _ in range(4):
        match = _OPENER.match(words, begin)
        if match is None or match.end() >= len(words):
            break
        begin = match.end()
    starts = [0, begin]
    for opening in (_ADVERBIAL, _OCCASION):
        if match := opening.match(words, begin):
            starts.append(match.end())
    for match in _CLAUSE.finditer(words, begin):
        starts.append(match.end())
        if len(starts) > MAX_CLAUSES:
            break
    return list(dict.fromkeys(starts))
