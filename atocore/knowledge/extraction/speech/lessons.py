"""Cues of lessons: what to do next time, and what a failure taught.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import TASK_NOUN, is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.preferences import is_instruction
from atocore.knowledge.extraction.speech.words import WE, is_of_task

_WHEN_BAD = (
    r"(?:when|whenever|if|once|as soon as|every time) (?P<of>(?!(?:it|this|that|you|i|they)"
    r" )(?:[\w~./'+#-]+ ){1,7}?(?:fails?|crash(?:es)?|hangs?|breaks?"
    r"|drifts?|leaks?|overheats?|trips?|stalls?|freezes|is (?:stuck|down|slow|full|red|flaky|locked|out"
    r" of \w+|unresponsive|corrupt(?:ed)?)|times? out|goes down"
    r"|gets stuck|runs out|disconnects?|drops(?: out| off)?|stops(?: \w+ing)?|complains?|refuses|won't"
    r" \w+|will not \w+"
    r"|does not (?:start|respond|come up|build|boot|connect|lock|home)))"
)


_REMEDY = (
    r"(?:restart|run|clear|rebuild|reset|delete|remove|reboot|check|re-?run|re-?install|power ?-?cycle"
    r"|kill|flush|increase|raise|lower|reduce|switch|call|page"
    r"|replace|tighten|re-?calibrate|re-?seat|purge|use|try|roll back|revert|set|unplug|drain|bump|wipe"
    r"|start|stop|turn|warm|wait|re-?home|re-?index"
    r"|bleed|vent|swap|ask|open|close)"
)


_NO_CAUSE = re.compile(
    r"\b(?:unknown|unclear|not (?:known|clear|yet)|under (?:investigation|review)"
    r"|(?:identified|found|determined|discovered|confirmed|established) (?:during|in|by|when|after|on|at"
    r"|and)"
    r"|(?:the following|several|multiple|many|two|three|four|five|a number of|combination of (?:\w+ )?)"
    r" ?(?:\w+ )?(?:factors|issues|problems|causes|things|reasons|failures))\b"
)
_CODE_DEED = re.compile(
    r"(?:return|render|show|display|redirect|throw|raise|print|set|call|add|append|skip|hide|log|close the"
    r" dialog|use)\b"
)


def _handled(of: str, clause: str) -> bool:
    rest = clause[clause.index(of) + len(of) :]
    deed = re.sub(
        r"^,? (?:then )?(?:just|always|never|first|the \w+ is to|it helps to|(?:you|we) (?:have|need) to"
        r"|you must|make sure to) ",
        "",
        rest,
    )
    return (
        enough(of, 2)
        and is_instruction(deed)
        and not _CODE_DEED.match(deed)
        and not is_of_task(of)
        and not is_hypothetical(deed)
        and not is_passing(clause)
    )


ADAPTATION = (
    cue(
        "spoken-lesson",
        "lesson lessons learned learnt takeaway",
        r"(?:(?:the |one |another |our |main |key |biggest |a )*(?:lessons?(?: learn(?:ed|t))?"
        r"|takeaways?|moral)(?: (?:here|from [\w -]{2,40}?))?\s?"
        rf"(?::| is(?: that| to)?| was(?: that| to)?|—|–)|{WE}(?: have)? learn(?:ed|t) (?:the hard way"
        rf" )?(?:that|to)|i(?: have)? learn(?:ed|t) (?:the hard way )"
        r"(?:that|to)) (?P<of>.+)",
        PEOPLE,
        lambda of, clause: enough(of, 3) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-lesson",
        "next time",
        r"(?:the )?next time(?: (?:we|you|i) [\w ~-]{2,60}?)?[,:]? (?P<of>(?:please |always |do not "
        r"|never |make sure |we should |you should |remember to )*[a-z].+)",
        PERSON,
        lambda of, clause: (
            enough(of, 2)
            and is_instruction(of)
            and not re.search(r"\bmy time\b", of)
            and not re.match(r"next time (?:i|we) (?:see|meet|talk|visit)", clause)
            and not re.match(r"(?:we|i|it|you|they|he|she|that|this|let)\b(?! should)", of)
        ),
    ),
    cue(
        "spoken-lesson",
        "when whenever if once time soon",
        rf"{_WHEN_BAD}(?: [\w~-]+){{0,6}}?(?:,| then|, then) (?:(?:then|please|always|just|first|you"
        rf" (?:have to|need to|must|should|can)|we (?:have to|need to"
        rf"|must|usually|always)|do not|never) ){{0,3}}{_REMEDY}\b(?P<rest>.+)",
        PERSON,
        lambda of, clause: (
            enough(of, 1) and not re.search(r"\b(?:could|might|maybe|would|assume|for now)\b", clause)
        ),
    ),
    cue(
        "spoken-lesson",
        "next",
        r"next time,? we (?:will |should |must |have to )?(?P<of>(?!meet|see|talk|discuss|will)[a-z]+"
        r" [\w].+)",
        PEOPLE,
        lambda of, clause: enough(of, 2) and not is_hypothetical(re.sub(r"\bshould we\b", "", clause)),
    ),
    cue(
        "spoken-lesson",
        "when whenever if once time",
        r"(?:when|whenever|if|once|every time) (?P<of>(?!(?:it|this|that|you|i|they|we|there|[a-z])"
        r" )[^,;:]{5,80}?),? (?:then )?(?:just"
        r"|always|never|first|the (?:fix|trick|cure|remedy|workaround) is to|it helps to|you (?:have|need)"
        r" to|we (?:have|need) to"
        r"|you must|make sure to) (?P<rest>[a-z]+ [^,]+.*)",
        PERSON,
        _handled,
    ),
    cue(
        "spoken-lesson",
        "before after",
        r"(?:before|after) (?:you|we|i)? ?(?P<of>[^,;:]{4,80}?),? (?:please )?(?:always|never|first)"
        r" (?P<rest>[a-z]+ .+(?:otherwise|or else"
        r"|because|or it|else it|or you)\b.*)",
        PERSON,
        lambda of, clause: enough(of, 2) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-lesson",
        "helped worked trick key secret turns turned",
        r"(?:what (?:finally |really )?(?:helped|worked|solved it|fixed it)(?: (?:in the end|at last|for us"
        r"|for me))? (?:was|is)|the (?:trick|secret)"
        r"(?: (?:with|for|to|of) [\w ~-]{2,50}?)? (?:is|was) to|(?:it )?turn(?:s|ed) out(?: that)?,?)"
        r" (?P<of>.+)",
        PERSON,
        lambda of, clause: (
            enough(of, 3)
            and not is_hypothetical(of)
            and not is_of_task(of)
            and not re.match(r"(?:it|this|that|i|you|we|they|he|she)\b", of)
        ),
    ),
    cue(
        "spoken-lesson",
        "never always",
        r"(?:note|important|warning|caution|beware|lesson|remember|attention)\s?[:!,—–-] ?(?P<of>(?:never"
        r"|always|do not ever) [a-z]+ .+)",
        PEOPLE,
        lambda of, clause: enough(of, 3) and is_instruction(of) and not is_hypothetical(of),
    ),
    cue(
        "spoken-lesson",
        "reason cause culprit",
        r"(?:the )?(?:reason|cause|culprit) (?:for|of|behind|in) (?P<of>[\w -]{3,60}?) (?:was|were|turned"
        r" out to be) (?P<what>(?:an?|the|that|our|too)\b.+)",
        PEOPLE,
        lambda of, clause: (
            enough(clause, 6)
            and not is_hypothetical(clause)
            and not _NO_CAUSE.search(clause)
            and not re.search(rf"\b(?:{TASK_NOUN}|builds?|ci|pipeline|choice|decision)$", of)
        ),
    ),
    cue(
        "spoken-lesson",
        "workaround fix cure remedy",
        r"(?:the|our|one)(?: [\w-]+){0,2} (?:workaround|cure|remedy|known fix)(?: (?:for|to"
        r"|against|when) (?P<of>[\w~ ./-]{3,80}?))? (?:is|was) (?:to|that|:)? ?.+",
        PEOPLE,
        lambda of, clause: enough(clause, 6) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-lesson",
        "cause",
        r"(?:the|its) (?:actual |real |underlying )?root cause (?:of (?P<of>.+?) )?(?:was|is|turned out"
        r" to be) .+",
        PEOPLE,
        lambda of, clause: enough(clause, 6) and not is_hypothetical(clause) and not _NO_CAUSE.search(clause),
    ),
)
