"""More cues of who somebody is: named people with what they do, and what a person says of themselves.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import TASK_NOUN, is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import BUG, ROLE

_WHO = (
    r"(?P<who>(?:(?:dr|mr|mrs|ms|prof)\.? )?[\w’'-]{2,20}(?: [\w’'-]{2,20}){0,2}?"
    r"(?: (?:and|&) [\w’'-]{2,20})?)"
)
_TITLE = rf"(?:[\w/&-]+ ){{0,3}}?{ROLE}s?"
_NOT_NAMED = (
    r"(?!(?:it|this|that|he|she|they|you|we|i|there|here|what|who|which|if|when|the|an?|our|my|your|and|but"
    r"|so|one"
    r"|everyone|someone|nobody|also|maybe|no|yes|ok|please|to|for|in|on|at|by|with|from|as|of|when|while"
    r"|after|before|once|then|just|not) )"
)


def _somebody(of: str, clause: str) -> bool:
    return (
        not is_hypothetical(clause)
        and not is_passing(clause)
        and not BUG.search(clause)
        and not re.search(r"\b(?:on holiday|on leave|sick|out today|away|default|mistake|bug)\b", clause)
    )


_AGREES = re.compile(  # one does, two do
    r"(?:the|our|all)\b|(?:[\w.’'-]+ ){1,4}?(?:(?:and|&) |(?!(?:own|maintain|do|handle|lead|head|manage"
    r"|supervise|run)\b))"
    r"(?:[\w.’'-]+ )*"
)


def _does(of: str, clause: str) -> bool:
    return (
        _somebody(of, clause)
        and enough(of, 1)
        and _AGREES.match(clause) is not None
        and not re.match(rf"(?:the )?(?:same|{TASK_NOUN})\b", of)
    )


def _myself(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not is_hypothetical(clause)
        and not BUG.search(clause)
        and not re.search(
            r"\b(?:today|all day|right now|at the moment|confused|stuck|trying|this (?:one|bug|error))\b",
            clause,
        )
    )


ROLES = (
    cue(
        "spoken-identity",
        "is are",
        rf"{_NOT_NAMED}{_WHO} (?:is|are) (?:now |also |currently )?(?:our|the|your|my|one of (?:our|the))"
        rf" (?:new )?(?P<of>{_TITLE})\b(?! (?:problem|error))",
        PEOPLE,
        _somebody,
        named=True,
    ),
    cue(
        "spoken-identity",
        "is are",
        rf"{_NOT_NAMED}(?P<who>[\w-]{{2,20}}(?: [\w-]{{2,20}})?) (?:is|are) (?:now |also )?our (?:new"
        rf" )?(?P<of>{_TITLE})[.!]*$",
        PERSON,
        _somebody,
    ),
    cue(
        "spoken-identity",
        "runs owns maintains does handles leads heads manages supervises signs takes looks coordinates"
        " designed builds"
        " operates reviews knows do run own handle lead approves",
        rf"{_NOT_NAMED}{_WHO}(?: (?:from|at|in|of) [\w -]{{2,30}}?)? (?:(?:now|also|mostly|usually|mainly)"
        rf" )?(?:owns?|maintains?|does|do|handles?"
        r"|leads?|heads?|manages?|supervises?|runs?|operates|signs? off|takes? care of|takes? over|looks?"
        r" after"
        r"|coordinates|approves"
        r"|is (?:now )?(?:responsible|accountable) for|is in charge of) (?P<of>(?:the|our|all|purchasing"
        r"|procurement"
        r"|electronics|mechanics|software|safety"
        r"|testing|every)\b.*)",
        PEOPLE,
        _does,
        named=True,
    ),
    cue(
        "spoken-identity",
        "is one person contact",
        rf"{_NOT_NAMED}{_WHO} (?:is|are) (?:the (?:one|person|man|woman)|who) (?:to (?:ask|call|talk to"
        rf"|contact)|who (?:knows|does|runs|owns|decides)) (?P<of>.+)",
        PERSON,
        _somebody,
        named=True,
    ),
    cue(
        "spoken-identity",
        "by",
        r"(?:the|our|all) (?P<of>[\w -]{3,40}?) (?:is|are) (?:now )?(?:handled|maintained|run|owned|led"
        r"|managed|done|looked after|signed off|operated"
        r"|coordinated|reviewed|approved) by (?P<who>[\w’'-]{2,20}(?: [\w’'-]{2,20})?)\b",
        PEOPLE,
        _does,
        named=True,
    ),
    cue(
        "spoken-identity",
        "is contact owner lead",
        rf"(?:the|our)(?P<of> (?:[\w-]+ ){{0,3}}?(?:{ROLE}|contact|point of contact|boss|supplier"
        rf" contact)(?: (?:at|for|of|in) [\w -]{{2,40}}?)?) (?:is|are)"
        rf" (?:called |named )?(?P<who>(?:(?:dr|mr|mrs|ms|prof)\.? )?[\w’'-]{{2,20}}(?:"
        rf" [\w’'-]{{2,20}})?)(?:[.!,]|$| (?:from|at|and)\b)",
        PEOPLE,
        _somebody,
        named=True,
    ),
    cue(
        "spoken-identity",
        "owner manager lead contact",
        r"(?P<of>(?:product|project|test|system|technical|team|design)? ?(?:owner|manager|lead|contact)):"
        r" (?P<who>[\w’'-]{2,20}(?: [\w’'-]{2,20})?)[.!]*$",
        PERSON,
        _somebody,
        named=True,
    ),
    cue(
        "spoken-identity",
        "client customer sponsor supplier",
        r"our (?P<of>client|customer|sponsor|employer|main supplier) is (?!not\b|un\w+|happy|right|angry"
        r"|on\b|waiting|asking|also)(?P<what>.+)",
        PERSON,
        _somebody,
    ),
    cue(
        "spoken-identity",
        "am",
        r"i am (?:(?:quite|rather|fairly|pretty|very|still) )?(?:new (?:to|in|on) (?!this\b(?! (?:project"
        r"|team|company|repo|codebase|field)))|an? (?=[\w-]+ (?:person|guy|man|woman)\b)|on the"
        r" (?=[\w -]{2,30}"
        r"(?:shift|team|board)\b)|from (?=the [\w -]{2,20}(?:team|group|department|lab|office)\b)|part of"
        r" the )(?P<of>.+)",
        PERSON,
        _myself,
    ),
    cue(
        "spoken-identity",
        "work joined speak report studied background do design build test",
        r"(?:i (?:work (?:on|in|with) (?!this\b|that\b|it\b|the same\b|around\b|a fix\b"
        r"|vim\b)(?=.*\b(?:software|team|group|department|lab|firmware|section|office|side|hardware"
        r"|mechanics|electronics)\b)"
        r"|joined (?=the |this )|speak (?=[a-z]+ish\b|german|french|italian|portuguese|dutch|norwegian"
        r"|japanese|chinese|russian|greek)|report to"
        r"|studied|am (?:trained|educated) (?:as|in)|have (?:been (?:doing |working )?|done |worked |spent"
        r" )(?=.*\b(?:years|decade)s?\b)|used to be an?)|my background is"
        r"(?: in)?) ?(?P<of>.+)",
        PERSON,
        _myself,
    ),
    cue(
        "spoken-identity",
        "am name",
        rf"i am (?P<who>[\w-]{{2,20}}(?: [\w-]{{2,20}})?), (?:an? |the |your )?(?P<of>{_TITLE})\b",
        PERSON,
        _myself,
        named=True,
    ),
    cue(
        "spoken-identity",
        "ask contact call",
        r"(?:please )?(?:ask|contact|call|talk to) (?P<who>[\w-]{2,20}(?: [\w-]{2,20})?) (?:about|for|if"
        r"|when|in case|regarding) (?P<of>.+)",
        PERSON,
        lambda of, clause: enough(of, 2) and not is_passing(clause),
        named=True,
    ),
    cue(
        "spoken-identity",
        "team group crew department",
        r"we are the (?P<of>[\w -]{3,40}?(?:team|group|crew|department|lab)\b.*)",
        PERSON,
        _myself,
    ),
    cue(
        "spoken-identity",
        "team people group",
        r"we are (?:an? )?(?:small |big |large )?(?:team|group|crew|company|lab|startup|department)"
        r" (?P<of>.+)",
        PERSON,
        _myself,
    ),
)
