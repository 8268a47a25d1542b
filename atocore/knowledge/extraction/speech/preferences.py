"""Cues of preferences and conventions: what shall hold beyond the present task.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import BUG, WE

_NO_VERB = (
    r"mind|again|ever|been|had|seen|heard|knew|known|thought|got|an?|the|in|at|on|as|so|too|very|just"
    r"|get|trust me|happens?|really|quite"
    r"|sure|good|nice|fun|glad|happy|worth|there|here|more|less|better|easier|forget|works?|fails?"
    r"|remember|up|down|calm|keen|ready|open (?:to|for)"
    r"|give up|say never|look back|lose hope|stop (?:\w+ing)|but|and|or|i|we|you|he|she|it|they|this"
    r"|that|these|those|my|our|your|his|her"
    r"|its|their|if|when|while|because|since|for|from|to|of|with|by|what|which|who|how|why|where|not|no"
    r"|show|display|hide|render|redirect|highlight|scroll|animate"  # what a product does, not a person
    r"|whole|visible|false|true|null|none|empty|red|green|wrong|same|different|available|possible|off|late"
    r"|slow|busy|right"
    r"|yes|also|maybe|let|thanks|all|before|after|until|then|once|during"
    r"|some|any|every|each|one|two|only"
)


_BARE_VERB = re.compile(
    rf"(?!(?:{_NO_VERB})\b)(?:[a-z]+(?<!ed)(?<![^s]s)(?<!ing)|bring|string|need|feed|speed|embed|do|use"
    rf"|focus|address|process"
    r"|pass|press|discuss|access|bias|alias)\b"
)


_LEAD = re.compile(
    r"(?:(?:please|always|do not|never|(?:we|you) should|remember to|make sure (?:to|that|you)|be sure"
    r" to) )*"
)


_OF_IT = re.compile(r"\w+ (?:it|this|that|them|these|those)\W*")  # who knows what?


def is_instruction(words: str) -> bool:
    """Whether words open with what somebody shall do: a bare verb, with or without `never` and the like."""
    return bool(_BARE_VERB.match(_LEAD.sub("", words, count=1)))


_ASKED = re.compile(  # what an assistant is asked to do; other verbs may tell of a product
    r"(?:please |always |never |do not |avoid |prefer |use |write |ask |keep |run |make sure |put |check"
    r" |answer |reply "
    r"|add |explain |stop |give |tell |format |name |test |commit |document |speak |include )"
)


def _imperative(of: str, clause: str) -> bool:
    return enough(of, 2) and is_instruction(of) and not is_passing(clause) and not _OF_IT.fullmatch(of)


def _liking(of: str, clause: str) -> bool:
    return enough(of, 1) and not is_passing(clause) and not re.search(r"\bif you\b", clause)


def _for_good(of: str, clause: str) -> bool:
    return enough(of, 2) and not is_hypothetical(clause) and not _OF_IT.fullmatch(of)


def _convention(of: str, clause: str) -> bool:
    """In a project: what is done there, not what happens or what shall be done now."""
    return (
        enough(of, 2)
        and not is_hypothetical(clause)
        and not BUG.search(clause)
        and bool(
            re.match(
                r"(?:use|write|name|keep|put|prefix|format|indent|commit|log|test|store|document|run"
                r"|avoid|follow|wrap|sort"
                r"|import|tag|label|number|draw|dimension|call|stick to|target|support|squash|rebase"
                r"|review|deploy)\b",
                of,
            )
        )
        and bool(re.search(rf"\b(?:{WE}|always|never|only)\b", clause))
    )


PREFERENCES = (
    cue(
        "spoken-preference",
        "prefer favour favor preference",
        r"(?:(?:in general|generally|personally|for [\w -]{2,40}|as a rule|usually),? )?"
        rf"(?:(?:i|{WE})(?: (?:do|really|strongly|generally|usually|personally|always|much|also|would"
        rf"|still|tend to)){{0,2}} prefer"
        r"(?: to| that| if| when| it when)?|(?:my|our)(?: \w+)? preference (?:is|for [\w -]{2,30} is)(?:"
        r" to| for| that)?) (?P<of>.+)",
        PERSON,
        _liking,
    ),
    cue(
        "spoken-preference",
        "prefer",
        rf"(?:i|{WE})(?: (?:do|strongly|generally|usually|personally|always)){{0,2}} prefer (?P<of>.+)",
        PEOPLE,
        _liking,
    ),
    cue(
        "spoken-preference",
        "like better more dislike hate",
        r"i(?: (?:really|do|much|personally))? (?:like (?P<of>.+?) (?:better|more)\b|(?:dislike|hate"
        r"|cannot stand|do not like) (?:it when |when )"
        r"(?:you|code|people|tests|commits?|docs|[\w-]+s )\b.+)",
        PERSON,
        lambda of, clause: not is_passing(clause) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-preference",
        "favourite favorite preferred default usual go",
        r"(?:my|our) (?:favou?rite|preferred|default|go-to|usual) (?P<of>(?!(?:part|thing|bit"
        r"|moment)\b)[\w -]{3,40}) (?:is|are) .+",
        PERSON,
        lambda of, clause: not is_hypothetical(clause) and not is_passing(clause),
    ),
    cue(
        "spoken-preference",
        "always never",
        r"(?:(?:please|you (?:should|must|need to|have to)|make sure (?:to|you)|be sure to|remember to"
        r"|in general) ){0,2}"
        r"(?:always|never ever|never) (?:please )?(?P<of>[a-z].+)",
        PERSON,
        _imperative,
    ),
    cue(
        "spoken-preference",
        "ever",
        r"(?:(?:please|you (?:should|must)) )?(?:do not|must not|should not) (?:you )?ever (?P<of>.+)",
        PERSON,
        _imperative,
    ),
    cue(
        "spoken-preference",
        "always never usually generally",
        r"i (?:always|never|usually|generally|normally) (?P<of>(?:want|like|need|use|write|work|prefer"
        r"|expect|commit|read|draw|name|review|build"
        r"|print|take|keep|put|start|run)\b.+)",
        PERSON,
        lambda of, clause: _for_good(of, clause) and not BUG.search(clause) and " again" not in clause,
    ),
    cue(
        "spoken-preference",
        "want like need expect",
        r"i (?:want|expect|need|would like) you to (?:always|never) (?P<of>.+)",
        PERSON,
        _for_good,
    ),
    cue(
        "spoken-preference",
        "now future general default forward rule possible",
        r"(?:from now on|from here on|going forward|in (?:the )?future|in general|by default|as a rule"
        r"|as a general rule|whenever possible)"
        r",? (?:please |always |i want you to |you should |we )?(?P<of>(?:do not |never |always )?[a-z].+)",
        PERSON,
        lambda of, clause: (
            _imperative(of, clause) and (clause.startswith(("from", "going")) or bool(_ASKED.match(of)))
        ),
    ),
    cue(
        "spoken-preference",
        "now future general default forward",
        r"(?:please |always )?(?P<of>(?:do not |never )?[a-z]+ .+?)(?:,? (?:from now on|from here on"
        r"|going forward|in future))[.!]*$",
        PERSON,
        lambda of, clause: (
            _imperative(of, clause)
            and not re.match(r"(?:i|we|it|this|that|the|you|they|he|she|my|our|there)\b", of)
        ),
    ),
    cue(
        "spoken-preference",
        "we our everyone",
        rf"(?:in (?:this|our|the|all our) (?:repo(?:sitory)?|project|codebase|code base|code|team"
        rf"|company|monorepo|docs|lab|shop|group|drawings)"
        rf",? )(?:please )?(?:{WE} )?(?:always |never |only |do not )?(?P<of>[a-z].+)",
        PERSON,
        lambda of, clause: _convention(of, clause),
    ),
    cue(
        "spoken-preference",
        "always never",
        rf"{WE} (?:should |must )?(?:always|never|only ever|generally|normally|usually)"
        rf" (?P<of>(?!(?:had|got|get|see|saw|thought|knew|know|have (?:a|the)|been|end up"
        r"|run into|hit|find|found|forget|managed|planned|wanted|did|agreed|decided|made|received"
        r"|heard)\b)[a-z]+(?<!ed) .+)",
        PERSON,
        _for_good,
    ),
    cue(
        "spoken-preference",
        "convention policy standard style rule",
        r"(?:(?:our|my|(?:the|this) (?:team|project|group|lab|company)'s)(?: [\w-]+){0,2} (?:convention"
        r"|policy|house rule|house style|standard|style"
        r"|ground rule|team rule|rule) (?:is|here is)"
        r"(?: that|:| to)?|by convention,?) (?P<of>.+)",
        PEOPLE,
        _for_good,
    ),
)
