"""More cues of requirements and constraints: what must be, and what may not.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import TASK_NOUN, is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.tasks import is_order
from atocore.knowledge.extraction.speech.words import THING, WORKED_ON

_NUMBER = (
    r"(?:[-+<>≤≥~]{0,2}\s?\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|ten\b|half\b|zero\b)"
)
_NOT_IT = (
    rf"(?!(?:(?:the|this|that|your|my|each|every|an?) )?(?:[\w-]+ )?{WORKED_ON}\b)(?!(?:it|this|that|these"
    r"|those|they|he|she|you|i|we|there|here|which|what|who|one|everything|nothing|something|anything|if"
    r"|when|to|and|or|but|because|so|then|as|why|how|where|from now|user|users|please|make|add|check"
    r"|answers?|people|someone)\b)"
)
_WHO = (
    r"(?:(?:the|our) (?:[\w-]+ ){0,2}(?:customer|client|regulator|standard|hospital|operators?|operations"
    r"|users|pilots?|maintenance|team|lab|safety officer|authority|contract|insurance|insurer|auditors?"
    r"|law|regulations?|norm|directive|board|mayor|city|port|buyer|project|company|group|officer|department"
    r"|office|crew|staff|scientists?)|ops|operations|regulations?|procurement|legal|quality|marketing|sales"
    r"|safety|security|management|customers?|they)"
)
_SOFT = re.compile(r"\b(?:could|might|maybe|perhaps|would|in order to|probably|if you)\b")
_LOOSE = re.compile(
    r"\b(?:i|you|he|she|they|it|me|your|that|which|who|is|are|was|why|when|if|so)\b|^[a-z]+ing\b(?! \w+"
    r" (?:for|of))"
)
_DEDUCED = re.compile(
    r"\bmust (?:have [a-z]+(?:ed|en)|be (?:so|really|very|an?|the|[a-z]+ing|fun|hard|nice|great|cool|why"
    r"|because))\b"
)
_QUANTITY = (
    r"\d[\d.,]* ?(?:mm|cm|m|km|g|kg|t|s|ms|min|h|v|mv|a|ma|w|kw|hz|khz|mhz|°c|k|bar|mbar|nm|n|%|years?"
    r"|months?|weeks?|days?|hours?|minutes?|seconds?"
    r"|cycles|people|persons)(?!\w)"
)
_WEIGHTY = re.compile(
    r"\d|^(?:every|each|all|both|any)\b|\bshall\b|\b(?:one|two|three|four|five|six|ten|both|half)\b"
    r"|\bto be able to\b|\bmust be able to\b|\b(?:withstand|survive|comply|conform|tolerate|endure|resist)\b"
)
_ERRORS = re.compile(r"\b(?:error|found|changed|failed|listed|shown|returned|printed|displayed|needed)\b")
_NOW = re.compile(
    r"(?:fix|look|check|talk|discuss|wait|see|go(?! (?:through|into|under|over|below|above|inside|in|on))"
    r"|think|find|decide|ask|get|do|try|finish|start|be (?:done"
    r"|fixed|ready|there|here|careful|a bug|something|able to see|green|red|blue|shorter|longer|faster"
    r"|updated|changed|merged|adapted|some|wrong|possible to)|update|change|add|remove|return|print|say"
    r"|pass before|sum|agree|admit)\b"
)


def _needed(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not _SOFT.search(clause)
        and not is_passing(clause)
        and not _NOW.match(
            re.sub(r"^.*?\b(?:must|shall|(?:has|have|needs?) to) (?:not |also |always )?", "", clause)
        )
        and not is_order(clause)
        and not _LOOSE.search(of)
        and not _DEDUCED.search(clause)
    )


def _bounded(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not is_hypothetical(clause)
        and not is_passing(clause)
        and not re.search(
            rf"\b(?:words?|sentences?|paragraphs?|characters|bullets?|chars|pages?|examples?|{TASK_NOUN}"
            r"|errors?|warnings?|failing|fails|left|attempts?|tries|please)\b",
            clause,
        )
    )


NEEDS = (
    cue(
        "spoken-requirement",
        "require requires want wants insist insists demand demands need needs expects expect says asks asked"
        " prescribes wishes",
        rf"{_WHO} (?:(?:also|now|really|definitely|still) )?(?:requires?|wants?|insists?|demands?|needs?"
        rf"|expects?"
        r"|prescribes?|wish(?:es)?|asks? for|asked for|says?(?= that [^,]* (?:must|shall|need|has to|have"
        r" to)))"
        r"(?: (?:that|on|to have|to see))? (?P<of>.+)",
        PEOPLE,
        lambda of, clause: (
            enough(of, 3)
            and not _SOFT.search(clause)
            and not is_passing(clause)
            and not re.match(
                r"(?:to (?:know|talk|discuss|see|meet|hear|be|go|do)|you|me|us|it|this|that|a call)\b", of
            )
            and not re.match(r"they (?:need|expect|say)", clause)
        ),
    ),
    cue(
        "spoken-requirement",
        "need",
        r"(?:we|our (?:users|operators|customers|pilots)|the (?:operators|users|customer)) need (?:the|all"
        r"|every"
        r"|each|an?) (?P<of>[\w -]{3,60}?) (?:to be|to have|to work|to last|to fit|to survive|to stay|that)"
        r" .+",
        PERSON,
        lambda of, clause: (
            not _SOFT.search(clause)
            and not re.match(rf"(?:[\w-]+ )?{TASK_NOUN}\b", of)
            and not is_passing(clause)
        ),
    ),
    cue(
        "spoken-requirement",
        "mandatory obligatory required compulsory essential",
        r"it is (?:mandatory|obligatory|required|compulsory|essential)(?: (?:for|by) [\w -]{2,40}?)?,? that"
        r" (?P<of>.+)",
        PEOPLE,
        _needed,
    ),
    cue(
        "spoken-requirement",
        "contract law regulation regulations standard customer agreement spec",
        r"(?:per|by|according to|as per|under) (?:the |our )?(?:contract|law|regulations?|standard|customer"
        r"|agreement|statement of work)(?: \w+)?,? (?P<of>.+ (?:must|shall|has to|have to|needs? to|may not"
        r"|cannot) .+)",
        PEOPLE,
        _needed,
    ),
    cue(
        "spoken-constraint",
        "must shall may cannot can should",
        rf"{_NOT_IT}(?P<of>{THING}) (?:(?:must|shall|may|should|can) (?:not|never|only)|cannot|may no"
        rf" longer) (?:ever "
        r"|be |only )?(?P<what>[a-z]+.*)",
        PERSON,
        lambda of, clause: (
            _needed(of, clause)
            and (
                not re.search(r" (?:can ?not|can never|can not) ", f" {clause} ")
                or bool(
                    re.search(r"\b(?:at the same time|more than|without|both|only|simultaneously)\b", clause)
                )
            )
            and (" should " not in clause or bool(re.search(r"\d", clause)))
            and not re.match(r"(?:[\w-]+ ){0,3}(?:be (?:wrong|right|true|the))\b", clause)
        ),
    ),
    cue(
        "spoken-constraint",
        "cannot must may",
        r"(?:you|one|nobody|no one|we) (?:cannot|must not|may not|may|can) (?P<of>(?:run|use|open|operate"
        r"|power|start"
        r"|enter|combine|mount|connect|charge|drive|heat|lift|touch|clean|mix|store|weld|fly|change"
        r"|work)\b.+"
        r"(?:at the same time|at once|together|without|unless|while|on the|in the|above|below|more than"
        r"|during"
        r"|with).*)",
        PERSON,
        lambda of, clause: (
            _bounded(of, clause)
            and (" not " in clause or clause.startswith(("no", "you cannot", "we cannot")))
        ),
    ),
    cue(
        "spoken-constraint",
        "only most than more have has",
        rf"(?:we|our [\w -]{{2,40}}?|the [\w -]{{2,40}}?) (?:only (?:have|has|get|gets|allows?|accepts?)"
        rf"|(?:have|has) (?:only|at"
        rf" most|no more than|a maximum of)|(?:allows?|accepts?|takes?|supports?) (?:only|at most|no more"
        rf" than))"
        rf" (?P<of>{_NUMBER}.+)",
        PERSON,
        _bounded,
    ),
    cue(
        "spoken-constraint",
        "no most nothing nobody",
        r"(?:no more than|at most|not more than|max(?:imum)?\.?) (?P<of>\d[\w.,]* [\w -]{3,60}(?:per|each"
        r"|at a time|on|in|for) .+)",
        PERSON,
        _bounded,
    ),
    cue(
        "spoken-constraint",
        "no nothing nobody",
        r"(?:no (?P<of>[\w -]{3,50}?)|nothing (?:in|on|at|inside) [\w -]{3,40}?|nobody) (?:is|are|may|can"
        r"|must|shall) (?:be "
        r"|ever )?(?:allowed|permitted|used|lubricated|stored|left|[\w]+ed|enter|leave|touch|exceed|contain"
        r"|shed)\b.*",
        PEOPLE,
        lambda of, clause: (
            not is_hypothetical(clause) and not is_passing(clause) and not _ERRORS.search(clause)
        ),
    ),
    cue(
        "spoken-constraint",
        "no allowed",
        r"no (?P<of>[\w -]{3,40}?) (?:allowed|permitted)\b.*",
        PERSON,
        _bounded,
    ),
    cue(
        "spoken-constraint",
        "max maximum min minimum most least limit cap capped allowed",
        rf"(?:(?:the|our) )?(?:(?:max|min)(?:imum)?\.?|highest|lowest|permissible|allowed)(?: (?:allowed"
        rf"|allowable|permitted|"
        rf"permissible|safe))? (?P<of>[\w -]{{3,60}}?)(?: (?:is|are|=)|:) ?{_NUMBER}.*",
        PEOPLE,
        _bounded,
    ),
    cue(
        "spoken-constraint",
        "max maximum most limit budget cap allowance least limited capped",
        rf"(?:(?:the|our) )?(?P<of>[\w -]{{2,40}}?(?:budget|limit|cap|allowance|ceiling)(?: (?:for|of|on)"
        rf" [\w -]{{2,40}}?)?)"
        rf" (?:is|are) (?:limited to |capped at |max\.? |at most |maximum |no more than |only |under |below"
        rf" )?{_NUMBER}.*",
        PEOPLE,
        _bounded,
    ),
    cue(
        "spoken-constraint",
        "least most under below above within over more less",
        rf"{_NOT_IT}(?P<of>{THING}) (?:must|shall|has to|have to|needs to|need to|should) be (?:at least|at"
        rf" most|under|below|above"
        rf"|within|over|between|no more than|less than|more than) {_NUMBER}.*",
        PEOPLE,
        _needed,
    ),
    cue(
        "spoken-constraint",
        "must shall has have need needs",
        rf"{_NOT_IT}(?P<of>{THING}) (?:must|shall|has to|have to|needs to|need to) (?:always |also |still"
        rf" )?(?P<what>(?:stay|remain|run (?:on|in|with|under)"
        r"|use|fit|come from|go through|rely on|keep to|live in|be (?:kept|stored|hosted|processed|built"
        r" (?:on|with|from|in)|compatible|written in|licensed"
        r"|open[- ]source|offline|local|available (?:on|under|offline)|bought|ordered|made (?:of|from|in)"
        r"|done (?:by|before|in)|finished (?:by|before)"
        r"|manufactured in|powered (?:by|from))).*)",
        PERSON,
        lambda of, clause: (
            _needed(of, clause) and enough(clause, 6) and not re.search(rf"\b{WORKED_ON}$", of)
        ),
    ),
    cue(
        "spoken-requirement",
        "must shall has have needs need",
        rf"{_NOT_IT}(?P<of>{THING}) (?:must|shall|has to|have to|needs to|need to) (?P<what>(?:always |also"
        rf" |be able to )?[a-z]+.*)",
        PERSON,
        lambda of, clause: _needed(of, clause) and enough(clause, 6) and bool(_WEIGHTY.search(clause)),
    ),
    cue(
        "spoken-requirement",
        "must shall",
        r"(?:the|each|every|all) (?P<of>[\w -]{3,50}?) (?:shall|must) (?P<what>[a-z]+.*\d.*)",
        PEOPLE,
        lambda of, clause: _needed(of, clause) and not re.match(rf"(?:[\w-]+ )?{TASK_NOUN}\b", of),
    ),
    cue(
        "spoken-requirement",
        "has have must",
        rf"(?:the|our|each|every|all) (?P<of>[\w -]{{3,50}}?) (?:has to|have to|must) (?P<what>[a-z]+"
        rf" .*{_QUANTITY}.*)",
        PEOPLE,
        lambda of, clause: _needed(of, clause) and not re.search(rf"\b{WORKED_ON}$", of),
    ),
    cue(
        "spoken-constraint",
        "not",
        r"(?:the|our|each|every|all|no) (?P<of>[\w -]{3,50}?) (?:must|may|shall) not (?P<what>(?:be"
        r" )?[a-z]+.* (?:while|unless|without|during|before"
        r"|until)\b.+)",
        PEOPLE,
        lambda of, clause: (
            _needed(of, clause) and not re.search(rf"\b{WORKED_ON}$", of) and "~code~" not in clause
        ),
    ),
    cue(
        "spoken-requirement",
        "needs must",
        rf"{_NOT_IT}(?P<of>(?:every|each|all) {THING}) needs? (?!to )(?P<what>an? [a-z]+.*)",
        PERSON,
        _needed,
    ),
)
