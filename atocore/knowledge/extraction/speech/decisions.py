"""Cues of decisions.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import EVERYONE, PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import DONE, OVER, THING, WE

_PUTS_OFF = re.compile(
    r"(?:to )?(?:discuss|talk|revisit|think|wait|defer|roll over|report back|bring|meet|reconvene|hold"
    r" off|push (?:it|this|that|the discussion|back)|postpone (?:the|this|that) (?:decision"
    r"|discussion)|table|take a break"
    r"|look (?:at|into)|meet(?: again)?\b(?! the)|have (?:lunch|dinner|a (?:call|meeting))|call it a day"
    r"|continue|circle back"
    r"|go (?:home|back to|ahead)|keep (?:going|talking|looking|discussing)|investigate|evaluate|explore"
    r"|consider|disagree"
    r"|give (?:it|this|that)|follow up|see (?:if|how|what|whether)|check|try\b|start\b(?! with)|move on"
    r"|do (?:it|this|that)"
    r"|get (?:started|going)|proceed|schedule a|set up a (?:call|meeting)|ask\b|make (?:it|this|that)|be\b"
    r"|take (?:it|this|that|the discussion|discussion)|leave (?:it |this |that )?(?:on|open|for)\b"
    r"|put (?:it|this|that) on|there (?:is|are|was|were)\b|(?:no|yes|ok(?:ay)?|maybe|not sure)(?=[,.;!]|$))"
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


_SETS_OUT = re.compile(
    rf"(?:^|[.!;,] )(?:(?:ok|so|and|today|in the end|in the meeting),? )*(?:{WE}{DONE}|it was)"
    rf" (?:decided|agreed|resolved)"
    r"(?: (?:on|that|to|upon))?(?: (?:the following|these|this|as follows)(?: \w+){0,3})?:$"
)


def agrees_on_list(words: str) -> bool:
    """Whether a paragraph ends by saying that the list below it was decided or agreed on."""
    return bool(_SETS_OUT.search(words))


_AFTER = r"(?:(?:then|now|just|rather|instead|all|simply|therefore|definitely) )?"


DECISIONS = (
    cue(
        "spoken-decision",
        "decided decide",
        rf"{WE}{DONE} decided (?:(?:up)?on|that(?! (?:in|at|before|already|for|then|yesterday|last)\b)"
        rf"|for|against|in favou?r of|not to|to|we|unanimously (?:to"
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
        "chose chosen",
        rf"{WE}{DONE} (?:chose|chosen) (?:not )?to (?P<of>.+)",
        PEOPLE,
        _decided,
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
        lambda of, clause: _decided(of, clause) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-decision",
        "decided agreed approved resolved consensus verdict agreement decision call",
        r"(?:agreed|decided|resolved|approved|consensus|verdict|agreement|final call|(?:final"
        r" )?decision)\s?(?::|->|→)\s*(?P<of>.+)",
        PEOPLE,
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
        rf"|deploy|add|offer|port|maintain)"
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
