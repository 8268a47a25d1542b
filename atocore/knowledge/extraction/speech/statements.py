"""Statements: a definite subject with a verb of state, which say how things are in the team's own systems.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import TASK_NOUN, is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.tasks import is_order
from atocore.knowledge.extraction.speech.words import BUG, WORKED_ON

_HEAD = (
    rf"(?!(?:(?:the|this|that|my|your|a|an|its|their|first|second|last|next|current|new|old|same)"
    rf" )*(?:[\w-]+ )?{WORKED_ON} )"
    r"(?!(?:it|this|that|these|those|they|he|she|you|i|we|me|him|there|here|what|who|which|where|when|why"
    r"|how|whose|if|unless|while"
    r"|because|since|and|or|but|so|then|as|to|for|in|on|at|by|from|with|without|of|about|than|not|no|yes|ok"
    r"|please|also|everything"
    r"|nothing|something|anything|someone|everyone|nobody|one|ones|both|such|maybe|perhaps|now|today"
    r"|yesterday|still|just|only|an?"
    r"|my|your|given|according|sorry|thanks|hi|hello|more|most|much|many|some|any|same|let|after|before"
    r"|until|during|once|actual"
    r"|expected|current|problem|reason|point|idea|thing|question|answer|issue|error|bug|cause) )"
)
_SUBJECT = rf"{_HEAD}(?P<of>(?:the |our |all |every |each )?(?:[\w~./'+#&%°-]+ ){{0,6}}?[\w~./'+#&%°-]+)"
_ADVERB = (
    r"(?:(?:now|currently|always|also|only|usually|normally|typically|both|all|never|each|already"
    r"|automatically) ){0,2}"
)
_SET = (  # what was done to a thing for good
    r"(?:made|built|coated|painted|anodi[sz]ed|wired|stored|kept|mounted|booked|calibrated|written|licensed"
    r"|hosted|located|deployed"
    r"|installed|served|pinned|bolted|glued|welded|screwed|rated|powered|supplied|fed|clocked|set|connected"
    r"|attached|grounded|routed"
    r"|labelled|labeled|numbered|named|tagged|encoded|formatted|measured|logged|sampled|archived|backed up"
    r"|filtered|sealed|cured"
    r"|baked|vacuum-baked|annealed|hardened|lubricated|greased|cooled|heated|driven|controlled|shared|owned"
    r"|ordered|machined|printed"
    r"|cast|milled|turned|assembled|tested|inspected|shipped|delivered|signed|encrypted|replicated|compiled"
    r"|cleaned|balanced|aligned"
    r"|swapped|reserved|terminated|isolated|insulated|insured|certified|versioned|maintained|serviced"
    r"|refilled|sterili[sz]ed|designed"
    r"|limited|specified|based|done|fitted|locked|(?:stainless|tungsten|carbon fibre|aluminium|aluminum"
    r"|titanium|brass|copper|steel|ceramic|granite|oak|larch|nylon|pom|ptfe|peek"
    r"|epoxy|rubber|invar|glass|plastic|concrete|cast iron|bronze)(?: \w+)?(?=$|[.,;])|normally (?:open"
    r"|closed)|active (?:low|high)|day-first"
    r"|month-first)"
)
_ACTS = (  # what a thing does as it is
    r"(?:lives?|sits?|hangs?|stands?|goes|go|comes?|points?|belongs?|talks?|speaks?|listens?|runs?|replaces"
    r"|starts? with|ends? with|ships? with"
    r"|shares?|allows?|accepts?|connects?|resolves?|feeds?|drives?|uses?|needs?|requires?|takes?|holds?"
    r"|contains?|carries|carry|weighs?"
    r"|measures?|draws?|costs?|lasts?|supports?|consumes?|has|have|delivers?|provides?|cures?|melts?|opens?"
    r"|closes?|rotates?|counts?"
    r"|sends?|lands?|checks?|monitors?|controls?|protects?|stores?|logs?|writes?|reads?|follows?|covers?"
    r"|gets?|reports?|expects?|stays?|works? (?:at|on"
    r"|in|from|with|only)"
    r"|operates?|samples?|spans?|wakes?|expires?|reaches|reach|handles?)"
)
_FORMS = "go goes carry carries reach reaches has have " + re.sub(
    r"(\w+)",
    r"\1 \1s",
    "live sit hang stand come point belong talk speak listen run replace start end ship share allow"
    " accept connect resolve feed drive use need require take hold contain weigh measure draw cost"
    " last support consume deliver provide cure melt open close rotate count send land store log write"
    " read follow cover get report expect stay work operate sample check monitor control protect span wake"
    " expire handle",
)
_HARD = re.compile(
    r"\d|~code~|~link~|[\w.-]+/[\w./-]+|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b|,?"
    r" (?:and )?not (?!just|only|really|so|very|that)[\w~]"
)
_PASSING_STATE = re.compile(
    r"\b(?:now|today|yet|again|at the moment|already|in \w+ minutes)[.!]*$"
    r"|\b(?:warnings?|commits? behind"
    r"|percent done"
    r"|results?|lines long"
    r"|of them|elements|px|items|rows|columns|characters)\b|\b(?:the )?(?:previous|above|below|attached"
    r"|following|given)\b"
)
_ACADEMIC = re.compile(r"\b(?:how (?:long|many|much|far|fast)|find the|calculate|prove|solve)\b")
_OTHERS_STATE = re.compile(
    r"(?:down|up|red|green|empty|ready|broken|fine|ok|okay|good|done|gone|slow|fast|stuck|full|running"
    r"|failing|merged|open in|closed in)\b"
)
_OF_ME = re.compile(r"\b(?:my|me|you|your|i)\b")
_LOOSE = re.compile(
    r"\b(?:that|which|who|if|when|because|although|whereas|and (?:i|we|you|it|then)|i|you|me|my|your|is|are"
    r"|was|were|to|not)\b"
)


def _state(of: str, clause: str) -> bool:
    """What is so for good: nothing wrong with it, nothing that only stands so now, no order."""
    says = clause[len(of) :]
    return (
        enough(re.sub(r"^(?:the|our|all|every|each) ?", "", of), 1)
        and not BUG.search(re.sub(r"\bstill (?=uses?|has|have|runs?|needs?)", "", clause))
        and not is_hypothetical(clause)
        and not is_passing(clause)
        and not is_order(clause)
        and not _OF_ME.search(clause)
        and not re.match(
            r"(?!wiring|string|spring|ring|bearing|casing|housing|coating|tubing)[a-z]+ing\b", of
        )
        and not _PASSING_STATE.search(clause)
        and not _LOOSE.search(of)
        and (of.startswith("our ") or not re.search(rf"\b{TASK_NOUN}$", of))
        and " but " not in says
    )


def _with_value(of: str, clause: str) -> bool:
    return _state(of, clause) and bool(_HARD.search(clause[clause.index(of) + len(of) :]))


def _for_good(of: str, clause: str) -> bool:
    return _state(of, clause) and enough(clause, 5)


def _remarked(of: str, clause: str) -> bool:
    """Of what is told with `note:` and the like: a statement about a thing, not about the talk."""
    return (
        enough(of, 4)
        and bool(_STATED.search(of))
        and not is_order(of)
        and not is_hypothetical(of)
        and not is_passing(of)
        and not BUG.search(re.sub(r"\b(?:instead of|still|cannot|is not|are not|does not)\b", "", of))
        and not re.match(
            rf"(?:(?:i|this|it|that|you|these|those|they|there|let|my|your|if|when|for|do|in this|the"
            rf" (?:above|following|same))\b|(?:the |this |a )?(?:[\w-]+ )?{TASK_NOUN}\b)",
            of,
        )
    )


_STATED = re.compile(
    r"\b(?:is|are|was|were|has|have|must|needs?|uses?|runs?|lives?|does|will|cannot|only|means|takes?|goes"
    r"|comes|belongs?|requires?|expects?"
    r"|stays?|owns?|works?|replaces|shows?|sticks?|closes|opens|moved|shares?|changed|counts|reads|holds"
    r"|starts|ends)\b"
)
_REMARK = (
    r"(?:(?:please |also |but )?(?:note(?: for (?:later|the record|next time|the future))?|fyi|for"
    r" info(?:rmation)?|for your (?:information|memory|notes)|heads[- ]up|important|btw"
    r"|by the way|just so you know|so you know|you should know|good to know|careful|watch out|be aware|one"
    r" (?:more )?thing to (?:remember|know|note)|reminder"
    r"|write (?:this|that) down|keep (?:this |that )?in mind(?: for (?:next time|later|the future))?|make a"
    r" (?:mental )?note|take note|please note|do not forget|remember|beware|attention|caution|warning|nota"
    r" bene|nb"
    r"|context|background|for context))"
)
_WRONG = (
    r"(?:no|nope|nah|actually|not quite|not correct|wrong(?: again| sign| side| way round| unit)?|almost"
    r"|incorrect|sorry|correction"
    r"|careful"
    r"|(?:that|this|it) is (?:wrong|not (?:right|correct|true)|incorrect|the wrong \w+)"
    r"|you (?:got|have|mixed|confused|swapped|misread) (?:that|this|it|them|the \w+|me)"
    r"(?: (?:up|wrong|mixed up|backwards|the wrong way round))?|i told you wrong|my mistake"
    r"|the (?:manual|doc|datasheet|readme|wiki|comment|drawing) is wrong(?: there| here)?"
    r"|you are (?:wrong|mistaken)(?: there| here)?)"
)
_PLACED = re.compile(
    r" (?:lives?|sits?|hangs?|goes|go|comes?|belongs?|shares?|points?|talks?|speaks?|replaces|ships? with"
    r"|connects?|runs? on|allows? only|starts? with|ends? with) "
)
_OF_OURS = re.compile(r"(?:the|our|every|each|all)\b")
_MARKED = re.compile(
    r"(?:^| )(?:board|unit|rack|rev|site|machine|line|bench|node|pump|channel|port|room|hall|line|motor"
    r"|camera|tank) (?:rev )?(?:\d+|[a-z])$"
)
_USUAL = re.compile(r"\b(?:before|after|every|always|via|automatically|once an?|per)\b")
REMARKS = (
    cue(
        "spoken-remember",
        "keep mind note fyi info information memory notes heads important btw way know careful watch aware"
        " thing"
        " reminder write forget remember beware attention caution"
        " warning bene nb context background",
        rf"{_REMARK}(?:,|:|;| -| —| –|!|\.| that)+ ?(?:that |is that )?(?P<of>.+)",
        PERSON,
        _remarked,
    ),
    cue(
        "spoken-correction",
        "no nope wrong correct quite mixed confused told actually right correction again careful forgetting"
        " incorrect mistaken",
        rf"(?:(?:{_WRONG}(?:\s?[,:;.!—–-]+\s*+| (?=the |our ))){{1,2}}(?:(?:actually|sorry|but),? )?"
        r"|you (?:always |keep )(?:forget(?:ting)?|mix(?:ing)? up) (?:that )?)"
        r"(?P<of>(?!(?:i|you|let|do|please|can|there|no|wait|not|it|this|that|try|use|go|what|why|same|look"
        r"|see"
        r"|stop|just|revert|undo) ).+)",
        PERSON,
        lambda of, clause: (
            enough(of, 3)
            and bool(_STATED.search(of) or re.search(r"\b(?:sits|for)\b", of))
            and not is_order(of)
            and not is_passing(of)
            and not is_hypothetical(of)
            and not re.search(
                r"\b(?:fails?|failing|errors?|crash\w*|broken|bug|still|does not work|doesn't)\b", of
            )
            and not re.match(
                rf"(?:the |this |a |my )?(?:[\w-]+ )?{TASK_NOUN} (?:is|was|should|must|does|has|still)\b", of
            )
        ),
    ),
)


STATEMENTS = (
    cue(
        "spoken-fact",
        "is are has was",
        rf"{_SUBJECT} (?:is|are) {_ADVERB}{_SET}(?:\b.+|$)",
        PERSON,
        _for_good,
    ),
    cue(
        "spoken-fact",
        "is are",
        rf"{_SUBJECT} (?:is|are|=) {_ADVERB}(?P<says>.+)",
        PERSON,
        lambda of, clause: (
            _with_value(of, clause)
            and not re.search(r" (?:is|are) (?:not )?(?:a bit |very |so |too )?\w+ing\b", clause)
            and not _OTHERS_STATE.match(clause.split(" is ")[-1])
        ),
    ),
    cue(
        "spoken-fact",
        _FORMS,
        rf"{_SUBJECT} {_ADVERB}{_ACTS} (?P<says>.+)",
        PERSON,
        lambda of, clause: (
            _with_value(of, clause)
            or (
                _for_good(of, clause)
                and bool(
                    _PLACED.search(clause)
                    or _MARKED.search(of)
                    or (_OF_OURS.match(of) and _USUAL.search(clause))
                )
            )
        ),
    ),
    cue(
        "spoken-fact",
        "is are come comes",
        rf"{_SUBJECT} (?:is|are|comes?) (?:(?:called|from|by|in|at|made by|with|supplied by)"
        rf" )?(?P<who>(?!ok\b|done\b|i\b|yes\b|no\b|not\b)[\w&.-]{{2,20}})\b(?P<says>.*)",
        PERSON,
        lambda of, clause: _for_good(of, clause) or (_state(of, clause) and enough(clause, 4)),
        named=True,
    ),
    cue(
        "spoken-fact",
        "is are",
        r"(?P<of>our [\w -]{3,50}?) (?:is|are) (?:on|in|at|under|behind|next to|inside|above|below|near)"
        r" (?P<says>(?:the|our|a) .+)",
        PERSON,
        lambda of, clause: (
            _state(of, clause)
            and not re.search(r"\b(?:way|trouble|progress|process|danger|meantime)\b", clause)
        ),
    ),
    cue(
        "spoken-fact",
        "own checks",
        rf"{_SUBJECT} (?:has|have) (?:its|their) own (?P<says>.+)",
        PERSON,
        _state,
    ),
    cue(
        "spoken-fact",
        "we",
        r"we (?:currently |now |all )?(?:use|run|host|store|keep|build|deploy|buy|get|order|track|manage"
        r"|ship|measure|calibrate|log|document|test|have(?=.*\d))"
        r" (?P<of>(?!(?:it|this|that|these|those|the same|a problem|an issue|to|no|a bug|an error|some|been"
        r"|already|not)\b).+? (?:for|on|in|from|with|at|every|via|to|under|through|as)\b.+)",
        PERSON,
        lambda of, clause: (
            enough(clause, 6)
            and not BUG.search(clause)
            and not is_hypothetical(clause)
            and not is_passing(clause)
            and not _PASSING_STATE.search(clause)
            and not re.match(rf"(?:the |an? |two |three |\d+ )?(?:[\w-]+ )?{TASK_NOUN}\b", of)
        ),
    ),
)
