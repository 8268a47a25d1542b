"""Cues of plain speech that name a type of the ontology: decisions, requirements, constraints, assumptions.

Knows wording and gates. Must not know documents. A cue matches at the beginning of a clause, in folded words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from atocore.knowledge.speech_gates import TASK_NOUN, is_hypothetical, is_passing, leans
from atocore.knowledge.speech_words import DONE, OVER, THING, WE
from atocore.knowledge.voices import Voice

EVERYONE = frozenset(Voice)
PEOPLE = frozenset([Voice.DOCUMENT, Voice.PERSON])
PERSON = frozenset([Voice.PERSON])

Check = Callable[[str, str], bool]
"""Says of (what the cue speaks of, the whole clause) whether it may count."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One wording of a rule. `needs` are words of which one stands in every such clause; the group"
    " `of`, where
    the pattern has one, is what must not lean on other text. `lasting` cues hold in passing, too.
    """

    rule: str
    needs: frozenset[str]
    pattern: re.Pattern[str]
    voices: frozenset[Voice]
    check: Check
    lasting: bool = False
    may_lean: bool = False


def cue(
    rule: str,
    needs: str,
    pattern: str,
    voices: frozenset[Voice] = PEOPLE,
    check: Check = lambda of, clause: True,
    *,
    lasting: bool = False,
    may_lean: bool = False,
) -> Cue:
    """Make a cue; `needs` are words apart by spaces."""
    return Cue(rule, frozenset(needs.split()), re.compile(pattern), voices, check, lasting, may_lean)


def enough(of: str, least: int = 2) -> bool:
    """Whether words say enough to be remembered without the text around them."""
    return len(re.findall(r"[^\W_]{2,}|~code~|~link~|\d+", of)) >= least


_PUTS_OFF = re.compile(
    r"(?:to )?(?:discuss|talk|revisit|think|wait|defer|postpone (?:the|this|that) (?:decision"
    r"|discussion)|table|take a break"
    r"|look (?:at|into)|meet(?: again)?\b(?! the)|have (?:lunch|dinner|a (?:call|meeting))|call it a day"
    r"|continue|circle back"
    r"|go (?:home|back to|ahead)|keep (?:going|talking|looking|discussing)|investigate|evaluate|explore"
    r"|consider|disagree"
    r"|give (?:it|this|that)|follow up|see (?:if|how|what|whether)|check|try\b|start\b(?! with)|move on"
    r"|do (?:it|this|that)"
    r"|get (?:started|going)|proceed|schedule a|set up a (?:call|meeting)|ask\b|make (?:it|this|that)|be\b)"
)
_TELLS = re.compile(
    r"(?:cover|discuss|describe|explain|go into|look at|see|show|assume|learn|walk|present|talk|start"
    r"|demonstrate|refer"
    r"|denote|focus|explore|need|be able|have to|get)\b"
)


def _decided(of: str, clause: str) -> bool:
    return enough(of) and not _PUTS_OFF.match(of) and not _undecided(clause)


def _undecided(clause: str) -> bool:
    return bool(
        re.search(r"\b(?:undecided|on nothing|on neither|on none|to be decided|whether)\b", clause[:120])
    )


def _going(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not is_hypothetical(clause)
        and not _TELLS.match(of)
        and not re.search(r"\bif\b", clause)
    )


def _going_for_good(of: str, clause: str) -> bool:
    return _going(of, clause) and not is_passing(clause)


_AFTER = r"(?:(?:then|now|just|rather|instead|all|simply|therefore|definitely) )?"

DECISIONS = (
    cue(
        "spoken-decision",
        "decided decide",
        rf"{WE}{DONE} decided (?:(?:up)?on|that|for|against|in favou?r of|not to|to|we|unanimously (?:to"
        rf"|that)|by (?:vote|consensus)"
        r" (?:to|that)),? (?P<of>.+)",
        EVERYONE,
        _decided,
    ),
    cue(
        "spoken-decision",
        "agreed settled opted resolved voted standardized standardised committed",
        rf"{WE}{DONE} (?:agreed (?:(?:up)?on|that|not to|to|we)|settled (?:up)?on|opted (?:for|against"
        rf"|not to|to|out of)"
        r"|resolved (?:that|not to|to)|voted (?:to|for|against|not to)|standardi[sz]ed on|committed to)"
        r" (?P<of>.+)",
        EVERYONE,
        _decided,
    ),
    cue(
        "spoken-decision",
        "chose chosen picked selected adopted went gone",
        rf"{WE}{DONE} (?:chose|chosen|picked|selected|adopted|went with|gone with) (?P<of>{THING}),?"
        rf" (?:{OVER}|because|since|as (?:the"
        r"|our|it|they)|for (?:the|our|all|its|their|every)|due to|on account of)\b",
        PEOPLE,
        _going,
    ),
    cue(
        "spoken-decision",
        "decided",
        rf"i{DONE} decided (?:(?:up)?on|that|for|against|in favou?r of|not to|to) (?P<of>.+)",
        PERSON,
        lambda of, clause: _decided(of, clause) and not is_passing(clause),
    ),
    cue(
        "spoken-decision",
        "decided agreed resolved",
        r"it (?:was|is|has been|had been) (?:\w+ly |then |therefore |also ){0,2}(?:decided|agreed"
        r"|resolved) (?:\w+ly )?(?:that|to|not to)"
        r" (?P<of>.+)",
        EVERYONE,
        _decided,
    ),
    cue(
        "spoken-decision",
        "decision consensus agreement verdict call outcome",
        r"(?:the|our|my|final|team's|board's)(?: \w+){0,2} (?:decision|consensus|agreement|verdict|call)"
        r"(?: (?:here|of the \w+|on [\w -]{2,40}?|for [\w -]{2,40}?))?"
        r" (?:is|was|has been|was made|was taken|has been made|has been taken|is made)(?: now)?(?: that"
        r"|:| to(?! be\b)| not to|,) (?P<of>.+)",
        EVERYONE,
        _decided,
    ),
    cue(
        "spoken-decision",
        "decided agreed approved resolved consensus verdict agreement decision call",
        r"(?:agreed|decided|resolved|approved|consensus|verdict|agreement|final call|(?:final"
        r" )?decision)\s?(?::|—|–|->|→)\s*(?P<of>.+)",
        EVERYONE,
        lambda of, clause: enough(of, 3) and not _PUTS_OFF.match(of) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-decision",
        "us",
        rf"let us {_AFTER}(?:(?:go|stick|stay|proceed) with|settle (?:up)?on|standardi[sz]e on|agree"
        rf" (?:to|on|that)) (?P<of>.+)",
        PEOPLE,
        _going_for_good,
    ),
    cue(
        "spoken-decision",
        "us",
        rf"let us {_AFTER}(?:not )?(?:use|adopt|keep|drop|switch to|move to|build on|support|buy|ship"
        rf"|take) (?P<of>{THING}),?"
        rf" (?:{OVER}|everywhere|across|as our|from now on|going forward|for (?:all|every|everything))\b",
        PEOPLE,
        _going_for_good,
    ),
    cue(
        "spoken-decision",
        "will going",
        rf"{WE} (?:will|are going to|shall) {_AFTER}(?:use|go with|stick with|stay with|keep|adopt|build"
        rf" on|build|standardi[sz]e on"
        rf"|switch to|migrate to|move to|ship|buy|take|make|run|write|store|support|deploy|mount|weld"
        rf"|cast|print|machine) (?P<of>{THING}),?"
        rf" ?(?:{OVER}|from now on|going forward)\b",
        PEOPLE,
        _going_for_good,
    ),
    cue(
        "spoken-decision",
        "going switching moving migrating standardizing standardising sticking dropping abandoning",
        rf"{WE} are {_AFTER}(?:going with|switching (?:from {THING} )?to|migrating (?:from {THING} )?to"
        rf"|moving from {THING} to"
        r"|standardi[sz]ing on|sticking with|dropping|abandoning|phasing out) (?P<of>.+)",
        PEOPLE,
        _going_for_good,
    ),
    cue(
        "spoken-decision",
        "not",
        rf"{WE} (?:will not|are not going to) (?:use|support|ship|adopt|implement|build|buy|migrate"
        rf"|deploy|do|add|offer|port|maintain)"
        r" (?P<of>.+)",
        PEOPLE,
        lambda of, clause: _going_for_good(of, clause) and enough(of, 2) and "until" not in clause,
    ),
    cue(
        "spoken-decision",
        "switched migrated moved replaced",
        rf"{WE}{DONE} (?:(?:switched|migrated|moved) from {THING} to|replaced {THING} (?:with|by))"
        rf" (?P<of>.+)",
        PEOPLE,
        _going_for_good,
    ),
    cue(
        "spoken-decision",
        "chosen selected picked adopted",
        rf"(?P<of>{THING}) (?:was|were|has been|have been) (?:\w+ly )?(?:chosen|selected|picked|adopted)"
        rf" (?:{OVER}|because\b|due to\b"
        r"|by (?:us|the (?:\w+ )?(?:team|board|committee|group))\b)",
        PEOPLE,
        _going,
    ),
    cue(
        "spoken-decision",
        "it",
        r"(?!(?:\w+ )?(?:what|how|as|there|here|so|that|this|why|when|if|where|like|and|or|yes|no|indeed"
        r"|sure|course|but|well|because|sounds?|think|know|whatever|than|is|of|good|bad|true|though)"
        r" )(?P<of>(?:[\w.+#-]+ ){0,2}[\w.+#-]{2,20}) it is(?:,? then)?[.!]*$",
        PERSON,
        _going,
    ),
)

_SUBJECT = (
    rf"(?!(?:the |this |that |your |my |each |every |an? )?(?:[\w-]+ )?{TASK_NOUN} )(?!(?:it|this|that"
    rf"|these|those|they|he|she|you|i|there"
    r"|which|what|who|one|everything|nothing|something|anything|if|when|to|and|or|but|because|user|users) )"
)
_MEASURE = r"(?:[-+<>≤≥~]?\s?\d|one|two|three|four|five|six|seven|eight|nine|ten|half|zero)"
_LIMITS = (
    r"(?:exceed|be (?:more|less|greater|higher|lower|larger|smaller|longer|shorter|heavier|wider|taller"
    r"|thicker) than"
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
        rf" (?:is|was|says)(?: that|:| to)?|{WE} require(?: that)?|it is required (?:that|to)"
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
            r"\b(?:could|might|would|maybe|you mean|you meant|you want|you have|you are)\b", clause
        )
        and not re.match(
            r"(?:that )?(?:the |an? |your |this |my )?(?:(?:given|input|output|new|current|existing|following"
            rf"|last|first) )?{TASK_NOUN}\b",
            of,
        )
        and not re.match(
            r"(?:that )?(?:i|you|we are (?:at|in|given)|everything|all (?:goes|went)|no one|so)\b", of
        )
    )


ASSUMPTIONS = (
    cue(
        "spoken-assumption",
        "assume assumes assuming presume",
        rf"{_GIVEN}(?:assume|presume|(?:safely )?assume) (?:here |throughout )?(?:that )?(?P<of>.+)",
        PEOPLE,
        _assumed,
    ),
    cue(
        "spoken-assumption",
        "assuming",
        r"(?:(?:we|i|our team) (?:are|am) assuming (?:here )?(?:that )?(?P<of>.+)|(?:we|i) (?:are|am)"
        r" working on the assumption (?:that )?.+)",
        PEOPLE,
        _assumed,
    ),
    cue(
        "spoken-assumption",
        "assuming",
        r"assuming (?:that )?(?P<of>[^,]{8,200}), (?:then )?(?:we|the|our|each|all|one|there|this"
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

ENTITY_CUES = (*DECISIONS, *CONSTRAINTS, *ASSUMPTIONS)


def wordings(cues: tuple[Cue, ...], words: frozenset[str]) -> Iterator[Cue]:
    """Give the cues that may stand in a sentence of these words."""
    return (one for one in cues if not one.needs.isdisjoint(words))


_TO_OBJECT = re.compile(
    r"(?:not )?(?:go |just |also )?\w+"
    r"(?: (?:up|out|on|with|to|for|from|in|at|off|over|by|into|against|all))? "
)


def stands_alone(of: str) -> bool:
    """Whether what a cue speaks of needs no other sentence to be understood: neither it nor its object"
    " leans."""
    return not leans(of) and not leans(_TO_OBJECT.sub("", of, count=1))
