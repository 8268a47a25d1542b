"""Cues of who somebody is, and of project facts: milestones, owners, goals.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import BUG, ROLE, THING, WE, WHEN

IDENTITY = (
    cue(
        "spoken-identity",
        "am was",
        rf"i am (?:[\w-]+, (?=the |an? )|currently |also |now )?"
        r"(?:an?|the|one of the|your|our|responsible for|in charge of)"
        rf"(?P<of>(?: [\w/&+-]+){{0,4}}? {ROLE}s?)\b"
        r"(?! (?:of (?:the|this) (?:problem|story|bug)))",
        PERSON,
        lambda of, clause: not is_hypothetical(clause) and not clause.startswith("i am the one"),
    ),
    cue(
        "spoken-identity",
        "am responsible charge based",
        r"i am (?:responsible for|in charge of|based in|located in|accountable for) (?P<of>.+)",
        PERSON,
        lambda of, clause: enough(of, 1),
    ),
    cue(
        "spoken-identity",
        "name pronouns role title timezone zone handle initials position language tongue",
        r"my (?:(?:full |first |last |user|github |job |current )?(?:name|pronouns|role|title|time ?zone"
        r"|handle|initials|position|native language"
        r"|mother tongue))(?: (?:in|on|at|here) ?[\w -]{0,30}?)? (?:is|are) (?P<of>.+)",
        PERSON,
        lambda of, clause: (
            enough(of, 1)
            and not is_hypothetical(clause)
            and not re.match(
                r"(?:not|too|wrong|to|missing|hard|on|in|used|shown|spelled|misspelled|empty|also|still)\b",
                of,
            )
        ),
    ),
    cue(
        "spoken-identity",
        "lead own maintain manage run work supervise head",
        r"i (?:currently |also |mostly |mainly )?(?:lead|own(?= (?:the|our|all|most)\b)|maintain|manage"
        r"|supervise|head(?: up)?|work"
        r" (?:for|at|as an?|as the|in the)|report to"
        r"|look after) (?P<of>.+)",
        PERSON,
        lambda of, clause: (
            enough(of, 1)
            and not BUG.search(clause)
            and not is_passing(clause)
            and not re.match(r"(?:home|night|least|it|this|that)\b", of)
        ),
    ),
    cue(
        "spoken-identity",
        "team group",
        r"(?:our|my) (?:[\w-]+ ){0,2}(?:team|group|department|lab|company|squad)(?: (?:owns|maintains|is"
        r" responsible for|is in charge of|looks after"
        r"|builds|develops|consists of|operates|has \w+ (?:people|members|engineers))) (?P<of>.+)",
        PERSON,
        lambda of, clause: enough(of, 1) and not is_hypothetical(clause),
    ),
    cue(
        "spoken-identity",
        "call",
        r"(?:please )?(?:you can )?call me (?P<of>[\w -]{2,30})[.!]*$",
        PERSON,
        lambda of, clause: not re.match(r"(?:when|if|back|later|crazy|old|at|on|an?|the)\b", of),
    ),
)


_EVENT = (
    r"(?:launch|release|review|deadline|demo|freeze|milestone|kick-?off|delivery|shipment|go-?live"
    r"|cut-?over|audit|deployment|test campaign|pdr|cdr"
    r"|srr|mrr|trr|qualification|acceptance(?: test)?|rollout|beta|alpha|v?\d+\.\d+|first light"
    r"|commissioning|installation|handover|exam|inspection"
    r"|sprint|workshop|migration|submission|sign-?off|code freeze|feature freeze|due date|target date"
    r"|ship date|cutoff|cut-off)"
)


PROJECT = (
    cue(
        "spoken-project",
        "is due scheduled planned set moved was has will",
        rf"(?:(?:the|our|my|next) )?(?P<of>(?:[\w./'-]+ ){{0,4}}?{_EVENT}(?: (?:for|of) [\w"
        rf" -]{{2,40}}?)?) (?:is|has been|was|will be)"
        rf" (?:now |still |currently )?(?:(?:due|scheduled|planned|set|moved|postponed|pushed|fixed"
        rf"|targeted|confirmed)(?: back)? )?"
        rf"(?:for |on |by |to |in |at |from )*(?:the )?{WHEN}\b",
        PEOPLE,
        lambda of, clause: not is_hypothetical(clause),
    ),
    cue(
        "spoken-project",
        "due",
        rf"(?P<of>{THING}) (?:is|are) due (?:on |by |in |at )*{WHEN}\b",
        PEOPLE,
        lambda of, clause: (
            enough(of, 1) and not is_hypothetical(clause) and not re.match(r"(?:it|this|that)\b", of)
        ),
    ),
    cue(
        "spoken-project",
        "ship launch release deliver freeze start finish live present submit install fly need must deploy",
        rf"{WE} (?:(?:will|must|have to|need to|are going to|plan to|want to|are) )?(?:ship|launch"
        rf"|release|deliver|freeze|go live|present|submit|install"
        rf"|fly|deploy|hand over|shipping|launching|releasing|delivering|freezing|submitting)(?P<of>(?:"
        rf" [\w~./'+-]+){{0,6}}?) (?:on|by|in|before|at the)"
        rf" {WHEN}\b",
        PEOPLE,
        lambda of, clause: not is_hypothetical(clause),
    ),
    cue(
        "spoken-project",
        "owner contact lead maintainer responsible owns manager",
        r"(?:the|our)(?P<of>(?: [\w/'-]+){0,4}? (?:owner|point of contact|contact|lead|maintainer"
        r"|project manager|product owner|sponsor|on-?call)"
        r"(?: (?:for|of|on) [\w /-]{2,50}?)?) (?:is|will be) (?P<who>[\w .-]{2,40})[.!]*$",
        PEOPLE,
        lambda of, clause: (
            not is_hypothetical(clause)
            and not re.search(
                r" is (?:not|no|the same|a|an|responsible|to|in|on|out|away|currently) ", clause
            )
        ),
        named=True,
    ),
    cue(
        "spoken-project",
        "responsible owns charge",
        r"(?!(?:it|this|that|which|who|what|she|he|they|we|i|you|and|so|but|each|every|an?|my|our|these"
        r"|those"
        r"|code) )(?P<of>(?!the )[\w.-]+(?: [\w.-]+){0,2}|the (?:[\w-]+ ){1,3}(?:team|group|department|lab))"
        r" (?:is|are) (?:responsible for|in charge of"
        r"|the (?:owner|point of contact|contact|lead) (?:of|for|on)) .+",
        PERSON,
        lambda of, clause: not is_hypothetical(clause),
    ),
    cue(
        "spoken-project",
        "goal budget customer objective aim mission",
        r"(?:our(?: [\w-]+){0,2} (?P<of>goal|objective|aim|mission)|the (?:[\w-]+ )?(?:project|mission"
        r"|product"
        r"|team)(?:'s)? (?:goal|objective|aim)|(?:the|our)(?: [\w-]+){0,2} (?:budget|customer|client))"
        r"(?: (?:of|for) (?:the|this|our) [\w -]{2,40}?)? (?:is|are)"
        r"(?! (?:\w+(?:ing|ed)|not|too|that|very|also|always|never|right|happy|unhappy|wrong|angry|yours"
        r"|on|in|at|a|king)\b)(?: to)? .+",
        PERSON,
        lambda of, clause: not is_hypothetical(clause) and not is_passing(clause) and enough(clause, 5),
    ),
)
