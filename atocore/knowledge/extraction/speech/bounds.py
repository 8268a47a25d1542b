"""Cues of what is not possible or not allowed, of what there is only so much of, and of what somebody needs.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import BUG, THING, WORKED_ON

_NUMBER = r"(?:[-+<>≤≥~]{0,2}\s?\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|ten\b|half\b)"
_THING = (
    rf"(?!(?:(?:the|this|that|your|my|each|every|an?) )?(?:[\w-]+ )?{WORKED_ON}\b)(?!(?:it|this|that|these"
    rf"|those"
    r"|they|he|she|i|there|here|which|what|who|one|everything|nothing|something|anything|if|when|to|and|or"
    r"|but"
    rf"|because|so|then|as|why|how|where|please|make|add|check)\b)(?P<of>{THING})"
)
_TASKS = re.compile(
    rf"{_NUMBER}[\w.,]* (?:[\w-]+ )?(?:words?|sentences?|paragraphs?|characters|bullets?|chars|examples?"
    rf"|tokens?|lines?"
    r"|pages?|items?|elements?|columns?|rows?|px|errors?|warnings?|attempts?|tries|tests?|files?)\b"
    r"|\b(?:failing|fails|left"
    r"|limit of tokens|token limit)\b"
)
_NOT_FOUND = re.compile(
    r"(?:found|opened|read|loaded|parsed|resolved|reached|imported|installed|located|accessed|null|empty"
    r"|undefined"
    r"|connected|converted|assigned|called|deleted|merged|pushed)\b(?! (?:during|while|in flight|on site|at"
    r" sea|after))"
)


def _bound(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not is_hypothetical(clause)
        and not is_passing(clause)
        and not re.search(r"\b(?:i|you|me|my|it|who|which|that|is|are|was|if)\b", of)
        and not _TASKS.search(clause)
        and not re.search(rf"\b{WORKED_ON}$", of)
    )


def _barred(of: str, clause: str) -> bool:
    return _bound(of, clause) and not _NOT_FOUND.search(clause)


BOUNDS = (
    cue(
        "spoken-constraint",
        "cannot can may not",
        rf"{_THING} (?:cannot|can not|may not|can never|may never) be [\w-]+(?:ed|en|t|ut)\b.*"
        r"\b(?:during|before|while|until|without|above|below|because|when|on|in|at|after|by|outside)\b.*",
        PERSON,
        _barred,
    ),
    cue(
        "spoken-constraint",
        "allowed permitted forbidden prohibited banned possible admissible illegal available",
        rf"{_THING} (?:is|are) (?:(?:not|never|only|strictly|no longer|explicitly) )*(?:allowed|permitted"
        rf"|forbidden"
        r"|prohibited|banned|admissible|illegal|off limits|only (?:possible|available|open)|available"
        r" only)\b.*",
        PERSON,
        lambda of, clause: (
            _barred(of, clause)
            and bool(
                re.search(r"\b(?:not|never|only|forbidden|prohibited|banned|illegal|off limits)\b", clause)
            )
        ),
    ),
    cue(
        "spoken-constraint",
        "forbids forbid prohibits prohibit excludes bans limits restricts caps",
        rf"{_THING} (?:forbids?|prohibits?|bans?|limits?|restricts?|caps?|does not (?:allow|permit)) .+",
        PERSON,
        _bound,
    ),
    cue(
        "spoken-constraint",
        "nobody no only",
        r"(?:nobody|no one|only)(?: (?:except|but|other than))? (?P<of>[\w -]{3,50}?) (?:may|can|is allowed"
        r" to|are"
        r" allowed to|must) [a-z]+ .+",
        PERSON,
        _bound,
    ),
    cue(
        "spoken-constraint",
        "exceed stay below above keep over",
        rf"(?:please )?(?:do not|never) (?:exceed|go (?:above|over|below|beyond)) (?P<of>{_NUMBER}.+ (?:on"
        rf"|in|at|for|with"
        r"|during|of) .+)",
        PERSON,
        _bound,
    ),
    cue(
        "spoken-constraint",
        "stay keep go",
        rf"(?:you|we|one) (?:have to|must|need to|cannot|must not|may not|should never) (?:stay|keep|remain"
        rf"|go|run|load|drive)"
        rf" (?:it |them )?(?:below|under|above|over|within|beyond|inside|between) (?P<of>{_NUMBER}.+)",
        PERSON,
        _bound,
    ),
    cue(
        "spoken-constraint",
        "most max maximum more tops less",
        rf"{_THING} (?:can |may |will |could )?(?:[a-z]+ ){{1,3}}(?:about |up to )?{_NUMBER}[^.]*(?:at most"
        rf"|max(?:imum)?|,? (?:but )?(?:no|not)"
        r" more|tops|or less|at the most)[.!]*$",
        PERSON,
        _bound,
    ),
    cue(
        "spoken-constraint",
        "only up most can allow allows permits tolerates available",
        rf"{_THING} (?:only (?:[a-z]+ ){{1,3}}(?:up to |for |from |between )?|(?:can|may) (?:only )?(?:lift"
        rf"|carry|take|hold|hoist|bear|handle|support"
        r"|store|supply|deliver|cope with|stand|withstand|stick out|move)(?: only| up to| at most)? "
        r"|(?:allows?|permits?|tolerates?|accepts?"
        r"|supports?|fits?|takes?|handles?|carries|lifts?) (?:only |at most |up to |max\.? |no more than )"
        r"|(?:allows?|permits?|tolerates?) |is"
        rf" only (?:available|open|free|valid|good|rated) (?:from|for|between|until|on|at|up to)"
        rf" ){_NUMBER}.*",
        PERSON,
        _bound,
    ),
    cue(
        "spoken-constraint",
        "stuck bound tied limited restricted get only have",
        r"we (?:are (?:stuck (?:with|on)|bound (?:to|by)|tied to|limited (?:to|by)|restricted to)|only"
        r" (?:get|have|are given)|get only"
        r"|have to (?:use|work with|live with|go through|order (?:from|via)|stay (?:on|with)|make do with)"
        r"|must (?:use|stay with|go through))"
        r" (?P<of>.+)",
        PERSON,
        lambda of, clause: (
            _bound(of, clause)
            and (
                "have to use" not in clause
                or bool(re.search(r"\b(?:all|every|until|because|customer|contract|law|any)\b", clause))
            )
            and not re.match(r"(?:here|this|that|it|the (?:same|other|first|following))\b", of)
        ),
    ),
    cue(
        "spoken-constraint",
        "no",
        rf"there (?:is|are) no (?P<of>(?!{WORKED_ON}|way|need|point|reason|problem|such|doubt|hurry|rush"
        rf"|difference"
        r"|bug|change|more)[\w -]{3,30}?) (?:on|in|at|aboard|inside|outside) (?:the|our)"
        r" [\w -]{3,30}(?:[.,;!].*| so .*)?$",
        PERSON,
        lambda of, clause: _bound(of, clause) and not BUG.search(clause),
    ),
    cue(
        "spoken-constraint",
        "no",
        rf"(?!(?:the|our) (?:[\w-]+ )?{WORKED_ON}\b)(?:the|our) (?P<of>[\w -]{{3,40}}?) (?:has|have) no"
        rf" [\w -]{{3,40}}(?:[.,;!].*| so .*)?$",
        PERSON,
        lambda of, clause: _bound(of, clause) and not BUG.search(clause),
    ),
    cue(
        "spoken-constraint",
        "no",
        r"no (?P<of>[\w -]{3,40}?) (?:inside|in|near|on|within|at|during|around) (?:the|our)"
        r" [\w -]{3,40}[.!]*$",
        PERSON,
        lambda of, clause: (
            _bound(of, clause)
            and not re.search(r"\b(?:changes?|difference|problems?|way|sense|idea|error)\b", of)
        ),
    ),
    cue(
        "spoken-constraint",
        "budget limit cap allowance ceiling hard maximum max",
        rf"(?:it is a |(?:the|our) )?(?P<of>(?:hard |strict |upper |lower )?(?:limit|budget|cap|allowance"
        rf"|ceiling|maximum|max|minimum)"
        rf"(?: (?:for|of|on) [\w -]{{2,40}}?)?): ?{_NUMBER}.*",
        PEOPLE,
        _bound,
    ),
    cue(
        "spoken-constraint",
        "above below over under beyond more",
        rf"(?:any [\w-]+ |anything |[\w -]{{3,30}}? )(?:above|below|over|under|beyond|more than|less than)"
        rf" {_NUMBER}[\w °%./-]{{0,20}}? (?:destroys?|damages?"
        r"|kills?|cracks?|melts?|ruins?|voids?|trips?|needs?|requires?|is not (?:allowed|permitted)|are not"
        r" (?:allowed|permitted)|is forbidden)"
        r" ?(?P<of>.*)",
        PERSON,
        lambda of, clause: (
            not is_hypothetical(clause)
            and not _TASKS.search(clause)
            and not is_passing(re.sub(r" here\b", "", clause))
        ),
    ),
    cue(
        "spoken-requirement",
        "should",
        rf"{_THING} should (?:(?:always|also|still) )?be (?:[a-z]+able|able to|possible) ?.*",
        PERSON,
        lambda of, clause: _bound(of, clause) and enough(clause, 6),
    ),
    cue(
        "spoken-requirement",
        "need want",
        r"we (?:need|want) (?:an? )?(?P<of>[\w -]{3,50}?) (?:on|for|in|at|with) (?:every|each|all|both|any)"
        r" .+",
        PERSON,
        _bound,
    ),
    cue(
        "spoken-requirement",
        "there",
        r"there (?:has to|must|shall|needs to|have to) be (?:an? |at least |always )?+(?P<of>(?!some|way"
        r"|bug|reason|something|better|easier|an? way)[\w -]{3,60}?)"
        r" (?:on|at|in|for|between|near|with|above|below|within) .+",
        PERSON,
        _bound,
    ),
    cue(
        "spoken-requirement",
        "able possible",
        r"(?:the )?(?P<of>users|operators?|customers?|patients?|pilots?|crews?|drivers?|people|staff"
        r"|visitors|technicians?|nurses?|players|students"
        r"|clients|admins?) (?:must|have to|has to|shall|need to|should) (?:always )?be able to .+",
        PERSON,
        lambda of, clause: not is_hypothetical(clause) and not is_passing(clause),
    ),
    cue(
        "spoken-requirement",
        "must mandatory required essential negotiable requirement",
        rf"{_THING} (?:is|are) (?:a must|mandatory|required|essential|not negotiable|non-negotiable|a"
        rf" (?:hard )?requirement|obligatory)\b.*",
        PERSON,
        lambda of, clause: _bound(of, clause) and enough(clause, 5),
    ),
    cue(
        "spoken-requirement",
        "wants insists demands asked want",
        rf"(?:the|our) (?P<of>(?!{WORKED_ON})[\w-]+(?: [\w-]+)?) (?:wants? (?:to (?:see|have|be able|get"
        rf"|know|use|read|do|open|keep)|the|an?|all|every"
        r"|no|it to)|insists? (?:on|that)|demands?|asked for|has asked for|wishes) .+",
        PERSON,
        lambda of, clause: enough(clause, 6) and not is_hypothetical(clause) and not is_passing(clause),
    ),
    cue(
        "spoken-requirement",
        "contract standard law norm agreement says states specifies demands",
        r"(?:our|the|this) (?:[\w-]+ )?(?:contract|standard|law|norm|agreement|directive|regulation"
        r"|insurance|certification) (?:says|states|specifies"
        r"|demands|asks for|calls for|prescribes|guarantees) (?P<of>.+)",
        PERSON,
        lambda of, clause: enough(of, 3) and not is_hypothetical(clause),
    ),
)
