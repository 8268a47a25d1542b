"""Cues of decisions that are told as their outcome: the plan is fixed, the axis is cancelled.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import BOARD, BUG, THING, WE, WORKED_ON

_NO_OBJECT = re.compile(
    rf"(?:(?:a|an|the|this|that|my|your|some|any|one|it|these|those|new|another) )*(?:[\w-]+"
    rf" )?(?:{WORKED_ON}|things?|time"
    r"|sure|look|step|steps|approach|example|mistake|progress|sense|call|meeting|sync|lunch|wrong|idea"
    r"|discussion|question|previous|version|commit"
    r"|decision|it|this|that|them|these|those|you|what|so|something|anything)\b|(?:up|on|to|out|in|with"
    r"|over|back)\b"
)
_NO_WILL = (
    r"(?:see|need|have to|be|talk|discuss|look|check|try|continue|know|find|get|wait|meet|come|go (?!with"
    r"|for|back to)"
    r"|then|first|fix|work on|test|review|update|want|think|let|ask|send|call|say|tell|just|start by|also"
    r"|probably|likely"
    r"|never|always|soon|now see|miss|lose|hit|run (?:into|out)|end up|regret|figure|cover|explain|assume"
    r"|only|still)"
)
_VERB = (
    r"(?:have (?=.*ed\b)|do (?=the |all )|make (?=the |all |our |it (?:from|in))|buy|use|take|build|order"
    r"|weld|print|mill|cast|machine|run|keep|move|put|mount|paint|rent|lease|store"
    r"|host|deploy|write|split|merge|outsource|replace (?=.* (?:with|by) )|remove|double|halve|reduce"
    r"|increase|raise|lower|cut"
    r"|cool|heat|fire"
    r"|glue|bolt|screw|ship|sell|drop|skip|share|reuse|license|freeze|deliver|charge|measure|calibrate"
    r"|assemble|certify"
    r"|anodi[sz]e|route|power|feed|supply|sample|log|train|hire|open|close|fly|go (?:with|for|back to)|stay"
    r" (?:with|on)"
    r"|stick (?:with|to)|do without|go without)"
)


def _meant(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and enough(clause, 4)
        and not _NO_OBJECT.match(of)
        and not is_hypothetical(clause)
        and not is_passing(clause)
        and not re.search(r"\b(?:if|later|again|when)\b", clause)
        and not BUG.search(re.sub(r"\b(?:instead of|still|cannot)\b", "", clause))
    )


def _thing(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not re.search(rf"\b{WORKED_ON}$", of)
        and not re.match(r"(?:it|this|that|which|what|he|she|they|everything|you|i|we)\b", of)
        and not is_hypothetical(clause)
        and not is_passing(clause)
    )


VERDICTS = (
    cue(
        "spoken-decision",
        "ended agreed",
        rf"(?:{WE}|i) (?:ended up (?:choosing|with|using|going (?:with|for)|buying|taking|keeping)|(?:have"
        rf" )?agreed (?:with|among) [\w -]{{2,40}}?"
        r" (?:to|on|that)) (?P<of>.+)",
        PEOPLE,
        _meant,
    ),
    cue(
        "spoken-decision",
        "decided final settled agreed",
        r"(?P<of>.{12,200}?)(?:,| -| —| –|\.|;) ?(?:and )?(?:that|this|it) (?:is|was|has been) (?:now"
        r" )?(?:decided|final|settled|agreed|fixed"
        r"|approved|the decision|signed off)\b.*",
        PERSON,
        lambda of, clause: (
            _thing(of, clause) and enough(of, 3) and not re.match(r"(?:i (?:thought|know)|ok|yes|no)\b", of)
        ),
    ),
    cue(
        "spoken-decision",
        "settled decided clear final plan call fixed agreed choice verdict",
        r"(?:it is (?:settled|decided|clear|final|agreed|fixed|official)|(?:the |our )?plan is (?:fixed|set"
        r"|clear|agreed)|(?:my|our|his|her|the final)"
        r" (?:call|verdict|choice))(?: now)?(?:,|:| that| -| —| is(?= (?:the|an?) )) ?(?P<of>.+)",
        PERSON,
        lambda of, clause: (
            enough(of, 3)
            and not is_hypothetical(clause)
            and not is_passing(clause)
            and not _NO_OBJECT.match(of)
        ),
    ),
    cue(
        "spoken-decision",
        "cancelled canceled out dropped rejected approved frozen removed postponed table chosen gone"
        " ordered fixed",
        rf"(?P<of>{THING}) (?:is|are|has been|have been|was|were|gets?|got) (?:now |officially |finally"
        rf" )*(?:cancelled|canceled|out(?=,|[.!]*$)"
        r"|dropped(?= (?:from|in|for|because)|[.!,]|$)|rejected|approved|frozen|removed from the (?:design"
        r"|scope|plan|order|project|bom)|off the table"
        r"|postponed to|deferred to|signed off|ruled out|chosen|cut from)\b.*",
        PERSON,
        lambda of, clause: (
            _thing(of, clause)
            and not re.match(
                r"(?:the |our |that )?(?:requirement|idea|plan|feature|proposal|option|topic|point|pr|mr"
                r"|review|request|order|flight|meeting|build|job|run|upload|login)\b",
                of,
            )
            and not BUG.search(clause)
        ),
    ),
    cue(
        "spoken-decision",
        "no",
        r"no (?P<what>[\w -]{2,30}?), (?:we|i) (?:will )?(?:do|use|take|go|stick|stay|keep|buy|build|make)"
        r" (?P<of>.+)",
        PERSON,
        lambda of, clause: enough(of, 1) and not is_passing(clause) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-decision",
        "will shall going",
        rf"we (?:will|shall|are going to) (?!{_NO_WILL}\b){_VERB} (?P<of>.+)",
        PERSON,
        lambda of, clause: _meant(of, clause) and enough(clause, 5),
    ),
    cue(
        "spoken-decision",
        "replacing getting switching cancelling standardising standardizing buying building outsourcing"
        " moving leaving retiring dropping going"
        " ordering freezing skipping",
        r"we are (?:now |therefore |also )?(?:replacing|getting rid of|switching|cancelling|canceling"
        r"|standardi[sz]ing on|buying|outsourcing|moving to"
        r"|retiring|ordering|freezing|skipping|going back to|doing away with) (?P<of>.+)",
        PERSON,
        _meant,
    ),
    cue(
        "spoken-decision",
        "we",
        r"we (?:now |then |will |therefore |just )?(?:make (?!memories|sure)(?=.* (?:from|of|in|out of) )"
        r"|buy|build (?=.*(?:instead|not|ourselves|from))|go back to|do without"
        r"|order (?=.*(?:from|instead|at))|do (?=\w+ metal|no |without )|use (?=.* (?:now|instead|from now"
        r" on)\b)|leave (?=.* as (?:is|it is|they are))"
        r"|switch to|move to|change to) ?(?P<of>.+)",
        PEOPLE,
        lambda of, clause: (
            _meant(of, clause) and not re.search(r"\b(?:always|never|every|usually|often)\b", clause)
        ),
    ),
    cue(
        "spoken-decision",
        "no",
        r"no (?P<of>[\w -]{3,50}?) will be (?:built|bought|made|ordered|used|added|hired|flown|fitted"
        r"|installed|tested|sold|shipped)\b.*",
        PEOPLE,
        _thing,
    ),
    cue(
        "spoken-decision",
        "said says gave",
        rf"{BOARD}(?: have| has)? (?:said|says|gave us) (?:no|yes|a no|a yes|the ok|ok) (?:to|for)"
        rf" (?P<of>.+)",
        PEOPLE,
        lambda of, clause: enough(of, 2) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-decision",
        "today now next monday",
        r"(?:as of|from|starting) (?:today|now|next (?:week|month|sprint|release|year)|tomorrow|monday)(?:"
        r" on)?,? (?P<of>(?:all|every|each|no|we|only|the"
        r" (?!button|text|page|function))\b.+)",
        PERSON,
        lambda of, clause: enough(of, 3) and not is_hypothetical(clause) and not BUG.search(clause),
    ),
)
