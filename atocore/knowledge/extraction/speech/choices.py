"""More cues of decisions: what was chosen, approved, ruled out, put off, in the words of those who did.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import BOARD, DONE, THING, WE, WHEN, WORKED_ON, is_of_task

_NO_CHOICE = re.compile(
    r"(?!using\b)[a-z]+ing (?:each|one|you|me|us|the|our|your|to|on|it|this|that|for)\b|each other\b|my\b"
    r"|as\b|for granted\b|"
    r"(?:(?:a|an|the|this|that|my|your|some|any|one|it|these|those) )?(?:\w+ )?"
    rf"(?:{WORKED_ON}|wrong|approach|look|break|step|steps|time|moment|while|turn|care|note|notes|meeting"
    r"|lunch|dinner|samples?|example|loop|picture|photo|snapshot|backup|course"
    r"|advantage|into account|place|part)\b|up\b|you\b|touch\b|it\b|this\b|that\b|them\b|these\b|those\b"
    r"|going\b|trying\b|an eye\b|in mind\b|your\b|me\b|us\b|out\b|over\b|back\b|to see\b|getting\b|on\b|in\b"
)
_TELLS = re.compile(
    r"(?:the )?(?:following|term|notation|word|name|letter|symbol|abbreviation|example|data from|same|tool"
    r" from)"
)


def _chosen(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not _NO_CHOICE.match(of)
        and not _TELLS.match(of)
        and not is_hypothetical(clause)
        and not is_passing(clause)
        and not re.search(r"\b(?:if|later|again|to (?:illustrate|show|explain|see))\b", clause)
    )


def _approved(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not is_hypothetical(clause)
        and not re.match(
            r"(?:it|this|that|them|these|those|the (?:minutes|agenda|pr|mr|commit|change)\b(?! request))", of
        )
    )


def _planned(of: str, clause: str) -> bool:
    return _chosen(of, clause) and enough(of, 2) and not re.search(r"\bhave to\b|\bneed to\b", clause)


CHOICES = (
    cue(
        "spoken-decision",
        "chose chosen picked selected adopted went gone dropped rejected dismissed approved ruled discarded"
        " abandoned scrapped shelved"
        " moved migrated switched kept postponed deferred accepted froze standardized",
        rf"(?:{WE}|i){DONE} (?:chose|chosen|picked|selected|adopted|went (?:with|for)|gone (?:with|for)"
        r"|dropped|rejected|dismissed|approved|ruled out|discarded|abandoned|scrapped|shelved|(?:moved"
        r"|migrated|switched) (?=.+ to )"
        r"|postponed|deferred|accepted|frozen?) (?P<of>(?!to\b).+)",
        PERSON,
        _chosen,
    ),
    cue(
        "spoken-decision",
        "chosen picked selected adopted went dropped rejected ruled discarded postponed accepted",
        rf"{WE} (?:have |finally |now )*(?:chosen|picked|selected|adopted|went with|dropped|rejected|ruled"
        rf" out"
        r"|discarded|postponed) (?P<of>.+)",
        PEOPLE,
        _chosen,
    ),
    cue(
        "spoken-decision",
        "approved rejected accepted signed gave turned picked chose chosen selected confirmed waived granted"
        " released declined cancelled canceled stopped froze prefers",
        rf"{BOARD}{DONE} (?:approved|rejected|accepted|signed off(?: on)?|gave (?:the|their|its)"
        rf" (?:go-?ahead"
        r"|ok|blessing|approval) (?:for|to)|turned down|picked|chose|chosen|selected|confirmed|waived"
        r"|granted"
        r"|declined|cancell?ed|released|frozen?|ruled out|adopted) (?P<of>.+)",
        PEOPLE,
        _approved,
    ),
    cue(
        "spoken-decision",
        "settled decided closed",
        rf"{WE}{DONE} (?:settled|decided|closed) (?P<of>the [\w -]{{3,40}}?(?:question|issue|matter|point"
        rf"|choice)"
        r"): .+",
        PEOPLE,
        _approved,
    ),
    cue(
        "spoken-decision",
        "will going shall",
        rf"{WE} (?:will|shall|are going to) (?:(?:then|now|just|rather|instead|all|simply|therefore"
        rf"|definitely"
        r"|also|continue to) )?(?:use|go with|go for|stick (?:with|to)|stay (?:with|on|at)|keep|adopt"
        r"|build on|standardi[sz]e on|switch to|migrate to|move to|drop|skip|buy|take|support|postpone"
        r"|defer|freeze|outsource|retire|reuse|weld|cast|machine|mount|replace(?=.* (?:with|by) ))"
        r" (?P<of>.+)",
        PERSON,
        _planned,
    ),
    cue(
        "spoken-decision",
        "will going",
        rf"{WE} (?:will|are going to) (?:not |no longer )?(?:use|go with|go for|stick with|stay with|keep"
        rf" using"
        r"|adopt|standardi[sz]e on|switch to|migrate to|move to|continue (?:to use|using|with)|implement"
        rf"|replace (?=.* (?:with|by) )|drop|keep) (?P<of>(?:(?:the|a|an|our) )?{THING},? (?:as|for|with|to"
        rf"|and postpone|from"
        rf"|on|in"
        r"|instead|over|throughout|everywhere)\b.+|(?:the )?[\w.+#/-]+(?: [\w.+#/-]+)?[.!]?$)",
        PEOPLE,
        lambda of, clause: (
            _planned(of, clause) and not re.search(r"\bthis (?:section|chapter|guide|doc)", clause)
        ),
    ),
    cue(
        "spoken-decision",
        "not",
        rf"{WE} (?:will not|are not going to) (?:use|support|ship|adopt|implement|build|buy|migrate|deploy"
        r"|offer|port|maintain|fit|fly|install|mount|order|replace (?=.* (?:with|by) )|renew|carry)"
        r" (?P<of>.+)",
        PERSON,
        _chosen,
    ),
    cue(
        "spoken-decision",
        "take drop keep skip accept stick go stay buy reject postpone freeze order retire",
        r"we (?:now |then |therefore |hereby )?(?:take|drop|keep|skip|accept|stick (?:to|with)|go (?:with"
        r"|for)"
        r"|stay with|buy|reject|postpone|freeze|retire) (?P<of>(?!(?:a|an|some|any|turns?|care|note|up|off"
        r"|forward|going|getting|track|trying|pace|losing|running|talking|coming|having|seeing|part|over"
        r"|into|about|place)\b).+)",
        PEOPLE,
        lambda of, clause: _planned(of, clause) and not re.search(r"\b(?:every|each|always|never)\b", clause),
    ),
    cue(
        "spoken-decision",
        "keeping going dropping postponing skipping sticking buying staying taking switching moving ruling",
        r"(?:(?:we|i) (?:are|am) )?(?:(?:now|also|not|just) )*(?:keeping|going (?:with|for)|dropping"
        r"|postponing|skipping|sticking (?:with|to)|buying|staying (?:with|on)|taking|switching to|moving to"
        r"|ruling out|retiring) (?P<of>.+)",
        PERSON,
        lambda of, clause: (
            _planned(of, clause)
            and not re.match(r"(?:lunch|dinner|home|the bus|you|a\b|an\b|track|tabs|[a-z]+ing\b)", of)
            and not re.search(r"\b(?:is|are)\b", clause.removeprefix("we are").removeprefix("i am")[:60])
        ),
    ),
    cue(
        "spoken-decision",
        "us",
        r"let us (?:not |no longer )?(?:then |now |just |rather )?(?:use|take|keep|drop|buy|support|ship"
        r"|mount"
        r"|postpone|skip|stay with|stick with) (?P<of>(?!(?:a|an|some|it|this|that|one|these|those)\b).+)",
        PERSON,
        lambda of, clause: _planned(of, clause) and enough(of, 3),
    ),
    cue(
        "spoken-decision",
        "agreed",
        r"agreed (?:to|that|on) (?P<of>.+)",
        PEOPLE,
        lambda of, clause: enough(of, 3) and not is_hypothetical(clause) and not is_passing(clause),
    ),
    cue(
        "spoken-decision",
        "final decision decided verdict conclusion outcome result",
        r"(?:final|(?:the )?(?:final )?(?:decision|verdict|conclusion|outcome)(?: (?:from|of|in|at)"
        r" [\w' -]{2,40}?)?)"
        r"\s?[:—–-] ?(?P<of>.+)",
        PEOPLE,
        lambda of, clause: enough(of, 3) and not is_hypothetical(clause) and not is_passing(clause),
    ),
    cue(
        "spoken-decision",
        "now sprint on as effective starting",
        rf"(?:from (?:now|here|next \w+|this \w+|{WHEN}) on(?:wards)?|as of {WHEN}|effective"
        rf" (?:{WHEN}|immediately)|starting {WHEN}),? (?P<of>(?:we |all |every |each |no |two |three |only "
        rf"|the "
        r"|our ).+)",
        PEOPLE,
        lambda of, clause: (
            enough(of, 3) and not is_hypothetical(clause) and not is_passing(clause) and not is_of_task(of)
        ),
    ),
)
