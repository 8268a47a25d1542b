"""More cues of a project: its phases, milestones that moved or were reached, what it is for.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import BUG, WHEN

_STEP = (
    r"(?:milestone|phase|stage|sprint|launch|release|review|demo|freeze|delivery|go-?live|pilot(?: line)?"
    r"|beta|alpha|campaign|grant|tender"
    r"|audit|rollout|integration|commissioning|qualification|acceptance|test campaign|fit test|prototype"
    r"|first light|deadline|contract"
    r"|pdr|cdr|srr|trr|project|kick-?off|procurement|production|series|installation|season|trial|submission"
    r"|handover|migration|\w+ test"
    r"|exhibition|testing)"
)
_AT = (
    rf"(?:(?:on|in|at|by|for|from|to|until|since|till|before|around|about|now|planned|only|the) )*(?:{WHEN}"
    rf"|week \d{{1,2}}|w\d{{1,2}}"
    r"|\w+ (?:weeks?|months?|days?)|last week|easter|christmas|summer|autumn|spring|winter|\d{4})"
)
_PROJECT = (
    r"(?:the|this|our) (?:[\w-]+ ){0,2}?(?:project|repo|repository|tool|product|mission|programme|program"
    r"|study|codebase|campaign)"
)


def _told(of: str, clause: str) -> bool:
    return (
        not is_hypothetical(clause)
        and not is_passing(clause)
        and not re.search(
            r"\b(?:errors?|fail(?:s|ed|ing)?|timer|crash\w*|script|exceeded|algorithm|function|test is)\b",
            clause,
        )
    )


STAGES = (
    cue(
        "spoken-project",
        "slipped moved starts start ends end begins closes runs reached passed goes delayed postponed"
        " planned due shifted opens kicks is was"
        " completed scheduled finished extended shortened brought pushed",
        rf"(?:(?:the|our|next|first|second|final) )*(?P<of>(?:[\w./'()-]+ ){{0,4}}?{_STEP}(?: (?:\w?\d+|of"
        rf" [\w -]{{2,30}}?|for [\w -]{{2,30}}?|at [\w -]{{2,30}}?"
        rf"|\([\w ]{{2,20}}\))){{0,2}}) (?:has |have |is |was |were |will be |will )?(?:now |been"
        rf" )?(?:slipped|moved|starts?|ends?|begins?|closes?"
        rf"|runs|reached|passed|goes live|delayed|postponed|planned|due|shifted|opens|kicks off|completed"
        rf"|scheduled|finished|extended|shortened|brought forward|pushed)\b"
        rf"[^.]{{0,60}}?\b{_AT}\b",
        PEOPLE,
        _told,
    ),
    cue(
        "spoken-project",
        "is",
        rf"(?:(?:the|our) )?(?P<of>(?:[\w./'-]+ ){{0,3}}?(?:freeze|delivery date|deadline|target date"
        rf"|launch date|ship date|due date)(?: (?:of|for) [\w -]{{2,40}}?)?)"
        rf" is {_AT}\b",
        PEOPLE,
        _told,
    ),
    cue(
        "spoken-project",
        "phase behind ahead testing bid stage schedule sprint integration commissioning",
        r"(?:currently,? |right now |at the moment )?(?:we|the project) (?:are|is) (?:now |currently |still"
        r" |already )?(?:in|at|entering|through with|done"
        r" with|\w+ (?:weeks?|months?|days?) (?:behind|ahead)|behind schedule|ahead of schedule)(?: (?:the"
        r"|a|an|of))? ?(?P<of>(?:[\w-]+ ){0,2}(?:phase"
        r"|testing|stage|schedule|integration|commissioning|sprint \d+|trial|series|production"
        r"|qualification)\b.*)?",
        PERSON,
        lambda of, clause: (
            bool(of or "schedule" in clause) and "wrong" not in clause and not is_hypothetical(clause)
        ),
    ),
    cue(
        "spoken-project",
        "ready done finished delivered complete installed shipped site",
        rf"(?:the|our|all) (?P<of>[\w -]{{3,50}}?) (?:must|has to|have to|will|should|shall|needs? to) be"
        rf" (?:ready|done|finished|delivered|complete(?:d)?"
        rf"|installed|shipped|on site|in place) (?:by|before|on|until|in|at the) {WHEN}\b",
        PEOPLE,
        _told,
    ),
    cue(
        "spoken-project",
        "next",
        rf"(?:the )?next (?P<of>[\w -]{{0,20}}?(?:review|milestone|campaign|release|delivery|freeze|audit"
        rf"|demo))(?: is|:) (?:on |in )?{WHEN}\b",
        PEOPLE,
        _told,
    ),
    cue(
        "spoken-project",
        "until have",
        rf"we (?:have|got|have got) (?:until|till|time until) (?P<of>{WHEN}\b.*)",
        PERSON,
        lambda of, clause: enough(clause, 5) and not re.match(r"\d{1,2}\b(?! \w{3})", of),
    ),
    cue(
        "spoken-project",
        "has must need will",
        rf"(?:we|{_PROJECT}) (?:has to|have to|must|will|needs? to) (?:deliver|hand over|ship|show|submit"
        rf"|present|finish)(?P<of> [\w ./-]{{3,60}}?) (?:by|on|before|until"
        rf"|in) {WHEN}\b",
        PEOPLE,
        _told,
    ),
    cue(
        "spoken-project",
        "goal aim purpose point objective target idea mission",
        rf"(?:(?:the|our)(?: [\w-]+){{0,2}} (?:goal|aim|purpose|point|objective|target|mission)(?: (?:of"
        rf"|for|with|behind) (?P<of>{_PROJECT}|(?:this|the|next|our) (?:year|quarter|phase|season|release"
        rf"|sprint|month)))?|{_PROJECT}(?:'s)? "
        rf"(?:goal|aim|purpose|objective|target|mission)) (?:is|are) (?P<what>(?:to |that |\d|an? ).+)",
        PERSON,
        lambda of, clause: (
            _told(of, clause)
            and (bool(of) or bool(re.match(rf"our|{_PROJECT}", clause)))
            and enough(clause, 5)
        ),
    ),
    cue(
        "spoken-project",
        "replaces is successor called",
        rf"{_PROJECT}(?P<of>) (?:replaces|is (?:the (?:successor|replacement|follow-?up)|called|named|about"
        rf"|for|meant|a (?:fork|rewrite|port|copy)|funded"
        r"|owned|part of)|runs until|started (?:in|on)|ends|will replace|serves|took over from)"
        r" (?P<what>.+)",
        PERSON,
        lambda of, clause: _told(of, clause) and not BUG.search(clause) and enough(clause, 5),
    ),
    cue(
        "spoken-project",
        "building developing making promised",
        r"we (?:are (?:building|developing|making|designing|writing) (?:an? )(?P<of>.+)|(?:have )?promised"
        r" (?:the|our) (?P<what>(?:customer|client|[\w-]+) .+))",
        PERSON,
        lambda of, clause: (
            enough(clause, 6)
            and _told(of, clause)
            and not re.search(r"\b(?:function|script|test|page|button|class)\b", clause)
        ),
    ),
)
