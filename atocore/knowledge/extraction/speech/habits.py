"""More cues of preferences: likes and dislikes, ways of working, and how a person wants to be answered.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import TASK_NOUN, is_passing
from atocore.knowledge.extraction.speech.preferences import is_instruction
from atocore.knowledge.extraction.speech.words import BOARD

_POINTED = r"(?:this|that|these|those|it|the|your last|your first)\b"
_FOR_GOOD = re.compile(
    r"\b(?:every|each|always|all|any|never|ever|whenever|no|only|before you|without (?:asking|being asked"
    r"|telling)|unless i|first)\b"
)
_REASON = re.compile(
    r"(?:,|;| -| —| –|:|\.) ?(?:i (?:find|think|cannot|hate|do not|never|only|read|prefer|have)|they|it"
    r"|because|since|that|we"
    r" (?:do not|have|cannot|only))\b|\bbecause\b"
)


def _generic(of: str, clause: str) -> bool:
    return enough(of, 1) and not re.match(_POINTED, of) and not is_passing(clause)


def _wish(of: str, clause: str) -> bool:
    return enough(of, 2) and not is_passing(clause) and bool(_FOR_GOOD.search(clause))


def _kept_off(of: str, clause: str) -> bool:
    if is_passing(clause) or re.match(_POINTED, of) or not enough(of, 1):
        return False
    return bool(_REASON.search(clause)) or bool(
        re.match(r"(?:any |new )*[a-z-]+(?: [a-z-]+)?s (?:in|for|unless|without) ", of)
    )


HABITS = (
    cue(
        "spoken-preference",
        "would rather",
        r"i (?:would|had) (?:much |really )?rather (?:you |have |see |keep |use |not (?:have |use )|get "
        r"|read |work )(?P<of>.+)",
        PERSON,
        lambda of, clause: (
            enough(of, 1) and not is_passing(clause) and not re.match(r"(?:do|this|that|it)\b", of)
        ),
    ),
    cue(
        "spoken-preference",
        "like hate dislike stand fan favour favor love",
        r"i (?:(?:really|do|much|generally|personally|absolutely) )?(?:do not (?:really )?like|hate|dislike"
        r"|cannot stand|am not a"
        r" (?:big )?fan of|favou?r|am a (?:big )?fan of|am no fan of) (?P<of>(?!when\b|to\b|how\b).+)",
        PERSON,
        lambda of, clause: (
            (_generic(of, clause) or bool(re.match(r"it when (?:you|people|code|tests)", of)))
            and not re.match(
                rf"(?:the |my |your )?(?:[\w-]+ )?(?:{TASK_NOUN}|idea|colou?r|look|it\b)(?!s)\b[.!]*$", of
            )
        ),
    ),
    cue(
        "spoken-preference",
        "like",
        r"i like (?:my|to have|to see|having|seeing|when) (?P<of>.+)",
        PERSON,
        lambda of, clause: enough(of, 2) and not is_passing(clause) and " would " not in clause,
    ),
    cue(
        "spoken-preference",
        "want like need expect",
        r"i (?:do not )?(?:want|need|expect|would like)(?: to (?:see|have|get|be))?(?P<of> (?!to )(?:you to"
        r" |you not to |[a-z]).+)",
        PERSON,
        lambda of, clause: (
            _wish(of, clause)
            and not re.match(rf" (?:an? |the |this |that |my )(?:[\w-]+ )?(?:{TASK_NOUN}|way)\b", of)
            and not re.match(
                r" you to (?:fix|add|check all|write|look|find|run|update|list|go|review"
                r"|make)\b(?!.*\b(?:always|every time|whenever|before you)\b)",
                of,
            )
        ),
    ),
    cue(
        "spoken-preference",
        "not dont avoid never",
        r"(?:please |pls )?(?:do not|avoid|never) (?:use|using|touch|add|adding|write|put|create|include"
        r"|insert|make|leave|mix) (?P<of>.+)",
        PERSON,
        _kept_off,
    ),
    cue(
        "spoken-preference",
        "stop",
        r"(?:please |and )?stop (?P<of>(?:apologi[sz]ing|suggesting|asking|explaining|using|adding|writing"
        r"|calling|repeating|giving"
        r"|telling|sending|offering|recommending|putting|renaming|summari[sz]ing|praising)\b.*)",
        PERSON,
        lambda of, clause: (
            enough(of, 1)
            and not is_passing(clause)
            and (
                bool(_REASON.search(clause))
                or not re.search(rf"\b(?:so many|this|that|in the|the) (?:\w+ )?{TASK_NOUN}\b", clause)
            )
        ),
    ),
    cue(
        "spoken-preference",
        "only please always ever",
        r"(?:no (?P<of>[\w -]{3,50}?)(?:,)? (?:ever|please|for me)|(?P<what>[\w -]{3,40}?) (?:only|always"
        r"|for me)(?: for me)?,"
        r" (?:please|always|ever)|[\w -]{3,40}? over [\w -]{3,30} for me(?:, always)?|[\w -]{3,40} for me,"
        r" always)[.!]*(?: .*)?$",
        PERSON,
        lambda of, clause: (
            not is_passing(clause)
            and not re.match(r"(?:yes|ok|it|this|that|do|run|the)\b", clause)
            and not re.search(rf"\b{TASK_NOUN} (?:only|please)\b", clause)
        ),
    ),
    cue(
        "spoken-preference",
        "for",
        r"for (?P<of>(?!now\b|the\b|this\b|that\b|my\b|example\b|each\b|me\b|a\b)[\w -]{3,30}?),? (?:i|we)"
        r" (?:always |only |usually |mostly )?"
        r"(?:use|take|prefer|write|stick to|work with|like) (?P<what>(?!this\b|the same\b|it\b|an?\b).+)",
        PERSON,
        lambda of, clause: not is_passing(clause),
    ),
    cue(
        "spoken-preference",
        "usually work use mostly write code program",
        r"i (?:(?:usually|mostly|mainly|normally|always|only|generally) (?:work|use|write|code|program"
        r"|develop|run|edit|test|draw|read)"
        r"|work (?:in|with|on) (?=[\w. -]{2,30}? (?:and|with|so|on)\b)|only (?:think|read|work|use|write"
        r"|speak)) (?P<of>.+)",
        PERSON,
        lambda of, clause: (
            enough(of, 1)
            and not is_passing(clause)
            and not re.match(r"(?:this|that|it|around|the|on the|with the|on it|on this|on a|in two)\b", of)
        ),
    ),
    cue(
        "spoken-preference",
        "editor shell keyboard ide terminal os browser language",
        r"my (?P<of>(?:[\w-]+ )?(?:editor|shell|keyboard(?: layout)?|ide|terminal|browser|operating system"
        r"|os|layout)) is (?!not|broken|slow"
        r"|showing|stuck|in\b|on\b)(?P<what>.+)",
        PERSON,
        lambda of, clause: not is_passing(clause),
    ),
    cue(
        "spoken-preference",
        "your answer answers reply explain explanations messages speak write keep me",
        r"(?:please |pls |and )?(?:keep your (?:answers|replies|explanations|messages|comments|responses)"
        r"|(?:answer|reply|speak|respond|write to me|talk"
        r" to me)(?: me)? in(?= (?!one\b|a\b|this\b|the\b|detail|short|json|two\b))|explain things|treat me"
        r"|talk to me|you can (?:skip|leave out|drop)"
        r"|spare me|give me (?:always|only)|(?:always )?show me the) (?P<of>.+)",
        PERSON,
        lambda of, clause: enough(of, 1) and not is_passing(clause) and not re.match(r"show me", clause),
    ),
    cue(
        "spoken-preference",
        "when whenever",
        r"when(?:ever)? you (?:write|make|create|draw|send|prepare|give me|answer|review|show|plot|generate"
        r"|propose|change)(?P<what> (?!the |this |that |it )"
        r"[\w ~-]{2,60}?)?(?: (?:for|to) me)?, (?:please |always |then )*(?P<of>[a-z].+)",
        PERSON,
        lambda of, clause: is_instruction(of) and not is_passing(clause) and enough(of, 2),
    ),
    cue(
        "spoken-preference",
        "we",
        r"we (?:do not|never|only) (?:squash|rebase|force-push|push|merge|commit|use|write|mock|test|format"
        r"|abbreviate|translate|sign|deploy|print)"
        r"(?P<of> (?!it\b|this\b|that\b|the\b).+)",
        PERSON,
        lambda of, clause: (
            enough(of, 1)
            and not is_passing(clause)
            and not re.search(r"\b(?:yet|because|any more|if)\b", clause)
        ),
    ),
    cue(
        "spoken-preference",
        "write draw name dimension format label number spell tag",
        r"we (?:write|draw|name|dimension|format|label|number|spell|tag|abbreviate) (?P<of>(?:our|all|every"
        r"|the|units|dates|branches|drawings|[a-z]+s)\b.+"
        r" (?:in|as|with|by|after|from|on|before) .+)",
        PERSON,
        lambda of, clause: not is_passing(clause) and not re.search(rf"\bthe (?:\w+ )?{TASK_NOUN}\b", clause),
    ),
    cue(
        "spoken-preference",
        "always time everything anything me avoid",
        r"(?:(?:please )?(?P<of>[a-z]+ .+?),? (?:always|every time|each time)[.!]*$|(?:please )?(?P<use>use"
        r" .+ in (?:everything|anything|all (?:the )?\w+)"
        r" (?:you|i|we)\b.*)|(?:please )?do not (?P<no>(?:explain|repeat|send|show|give|read|suggest) .+ to"
        r" me\b.*)|we avoid (?P<we>(?!the|this|that|it)"
        r".+ (?:in|on|for|at) .+))",
        PERSON,
        lambda of, clause: (
            not is_passing(clause)
            and not re.search(r"\b(?:this|that) (?:one|time)\b", clause)
            and (not of or (enough(of, 3) and is_instruction(of)))
        ),
    ),
    cue(
        "spoken-preference",
        "prefers prefer",
        rf"{BOARD} prefers? (?P<of>.+)",
        PEOPLE,
        lambda of, clause: enough(of, 2) and not re.match(r"(?:to (?:wait|meet|discuss)|this|that|it)\b", of),
    ),
)
