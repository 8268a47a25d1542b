"""Cues of what happened, what is so, and what somebody asks to remember.

Knows wording, folded by `sentences.folded`. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.cue import PEOPLE, PERSON, cue, enough
from atocore.knowledge.extraction.speech.gates import TASK_NOUN, is_hypothetical, is_passing
from atocore.knowledge.extraction.speech.words import BUG, DATE, HAPPENED, THING, WEEKDAY

_DAY = (
    rf"(?:yesterday|this (?:morning|afternoon)|(?:during|over|in) the (?:night|weekend)|last (?:week|month"
    rf"|year|night|{WEEKDAY}|spring|summer|autumn|fall|winter)|(?:a|one"
    rf"|two|three|four|five|six|ten|\d+|a few|"
    rf"a couple of) (?:days?|weeks?|months?|years?) ago|earlier this (?:week|month|year)|on {WEEKDAY}"
    r"(?: night| morning| afternoon| evening)?|on the \d{1,2}(?:st|nd|rd|th)"
    rf"|on {DATE}|in (?:early |mid-?|late )?"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer"
    r"|autumn|fall|winter)(?: \d{4})?|(?:back )?in \d{4}|at \d{1,2}[:.]\d\d(?: (?:today|utc|local time|cet"
    r"|cest|am|pm))?)"
)


_ACTOR = (
    r"(?!(?:it|this|that|these|those|they|he|she|you|which|what|who|everything|i asked|i told|i wanted|i"
    r" had to|we talked|we discussed"
    r"|we spoke|we had (?:lunch|dinner)|nothing|something) )"
)


_SUBORDINATE = re.compile(
    r"\b(?:when|after|before|since|because|that|which|who|if|while|where|what|why|how|than|pic|photo"
    r"|picture)\b"
)


_OF_THE_TASK = re.compile(
    rf"\b(?:{TASK_NOUN}|builds?|pipeline|ci|jobs?|deploy\w*|login|install\w*|laptop) (?:was|were|failed"
    rf"|broke|crashed|ran|stopped|started|finished|ended)\b"
)


def _event(of: str, clause: str) -> bool:
    return (
        (enough(of, 1) or of == "i")
        and not _SUBORDINATE.search(of)
        and not is_hypothetical(clause)
        and not _OF_THE_TASK.search(clause)
    )


EPISODES = (
    cue(
        "spoken-episode",
        "yesterday last ago earlier on in this over during at",
        rf"{_DAY}(?:,? (?:morning|afternoon|evening|night|at"
        rf" \d{{1,2}}[:.]\d\d))?,? {_ACTOR}(?P<of>{THING}) (?:{HAPPENED}|[a-z]{{3,}}ed)\b",
        PERSON,
        _event,
    ),
    cue(
        "spoken-episode",
        "yesterday last ago earlier on in this over during at",
        rf"{_ACTOR}(?P<of>{THING}) {HAPPENED}\b(?: [\w~./'+#%&@()°-]+){{0,12}},? {_DAY}\b",
        PERSON,
        _event,
    ),
    cue(
        "spoken-episode",
        "at yesterday last over during",
        rf"(?:at \d{{1,2}}[:.]\d\d(?: (?:utc|local time|cet|cest|am|pm))?|yesterday|over the weekend|during"
        rf" the night"
        rf"|last (?:week|night|month)),? {_ACTOR}(?P<of>{THING})"
        rf" {HAPPENED}\b",
        PEOPLE,
        _event,
    ),
    cue(
        "spoken-episode",
        "on",
        rf"{_ACTOR}(?P<of>(?:the|our|unit|both) {THING}) {HAPPENED}\b(?: [\w~./'+#%&@()°-]+){{0,8}}? on"
        rf" {DATE}\b",
        PEOPLE,
        _event,
    ),
    cue(
        "spoken-episode",
        "we",
        rf"(?P<of>we) (?:[a-z]+ly )?(?!asked|told|wanted|needed|talked|discussed|pulled|pushed|merged"
        rf"|committed|worked on|used to"
        rf"|agreed|decided|planned|moved on|started the|had an? (?:idea|chat|talk|call))(?:[a-z]{{2,}}ed"
        rf"|lost|found|broke|built|ran|took|sent|got|put"
        rf"|had|flew|made|saw|hit|cut|bent|burnt)(?: [\w~./'+#%&@()°-]+){{1,12}}?,? {_DAY}\b",
        PERSON,
        lambda of, clause: (
            not is_hypothetical(clause)
            and not _OF_THE_TASK.search(clause)
            and not re.search(rf"\b(?:your|you|{TASK_NOUN})\b", clause)
        ),
    ),
    cue(
        "spoken-episode",
        "took ended broke failed lost showed killed damaged destroyed changed found did",
        rf"(?:yesterday's|last (?:week|month|night|{WEEKDAY})'s|{_ACTOR}(?:the|our) [\w -]{{3,40}}? (?:last"
        rf" (?:week|month|night|{WEEKDAY})|on {DATE}"
        rf"|yesterday)) (?P<of>[\w -]{{0,40}}?) ?(?:took|ended|broke|failed|lost|showed|killed|damaged"
        rf"|destroyed|changed|found|went|did not)\b.+",
        PERSON,
        lambda of, clause: (
            not is_hypothetical(clause)
            and not _OF_THE_TASK.search(clause)
            and not re.search(rf"\b{TASK_NOUN}\b", of)
        ),
    ),
    cue(
        "spoken-episode",
        "jan january feb february mar march apr april may jun june jul july aug august sep sept september"
        " oct october nov november dec december",
        rf"(?P<date>{DATE})\s?(?::| -| –| —) (?P<of>.+)",
        PEOPLE,
        lambda of, clause: (
            enough(of, 3)
            and not is_hypothetical(clause)
            and bool(re.search(rf"\b(?:{HAPPENED}|liked|visit|\w{{3,}}ed)\b", of))
        ),
    ),
    cue(
        "spoken-episode",
        "reached rose fell dropped climbed peaked settled",
        rf"{_ACTOR}(?P<of>(?:the|our) {THING}) (?:reached|rose to|fell to|dropped to|climbed to|peaked at"
        rf"|settled at)"
        r" [~<>]?\d[^.]{0,60}(?:in the (?:morning|evening|afternoon|night)|after|during|on|at|yesterday"
        r"|overnight|by)\b",
        PEOPLE,
        _event,
    ),
    cue(
        "spoken-episode",
        "on",
        rf"on {DATE},? {_ACTOR}(?P<of>{THING}) {HAPPENED}\b",
        PEOPLE,
        _event,
    ),
)


_HARD = re.compile(
    r"\d|~code~|~link~|[\w.-]+/[\w./-]+|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)\b"
)


def _fact(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not BUG.search(clause)
        and not is_hypothetical(clause)
        and not is_passing(clause)
        and " but " not in clause
        and bool(_HARD.search(clause))
    )


def _corrected(of: str, says: str) -> bool:
    contrast = enough(of, 1) and bool(re.search(r",? not [\w~]", says)) and not BUG.search(says)
    return contrast or _fact(of, says)


_OURS = (
    rf"(?!(?:the |this |your |my |an? )(?:[\w-]+ )?{TASK_NOUN} )"
    r"(?P<of>(?:the(?! same)|our|all|every|each|both) (?:[\w~./'+#-]+ ){0,5}?[\w~./'+#-]+)"
)


_ABOUT = r"(?:(?:now|currently|exactly|about|around|roughly|only|an?|up to|at most|at least|running) ){0,2}"
CORRECTIONS = (
    cue(
        "spoken-correction",
        "no nope actually wrong correction incorrect correct",
        r"(?:no|nope|actually|wrong|correction|not quite|not correct|(?:that|this|it) is (?:wrong|not"
        r" right|not correct|not true|incorrect)"
        r"|to correct (?:myself|that|this|you)|small correction)\s?[,:;.—–-]+ (?:actually,?"
        r" )?(?P<of>(?!(?:i|you|we|let|do|please|can|there|no|wait|not) )"
        rf"{THING}) (?:is|are|was|has|have|weighs?|runs?|lives?|uses?|needs?|takes?|costs?|listens?"
        rf"|draws?|measures?|starts?|ends?|means?|stands?"
        r"|comes?|goes|sits?|holds?|must be|should be) .+",
        PERSON,
        lambda of, clause: _corrected(of, clause[clause.index(of) :]),
    ),
)


KNOWLEDGE = (
    cue(
        "spoken-fact",
        "runs run listens lives sits points connects resolves is are",
        rf"{_OURS} (?:runs?|listens?|lives?|sits?|points?|connects?|resolves?|(?:is|are) (?:hosted"
        rf"|located|stored|deployed|mounted|installed|served|running"
        r"|listening|reachable|available|kept|pinned|bolted|rated|powered|supplied|fed|clocked|set))(?:"
        r" \w+)? (?:on|at|in|under|to|behind|from|with|over"
        r"|via|as|inside|by|for) .+",
        PERSON,
        _fact,
    ),
    cue(
        "spoken-fact",
        "weighs measures draws costs has holds contains consumes supports needs requires takes is are"
        " uses lasts",
        rf"{_OURS} (?:(?:weighs?|measures?|draws?|costs?|holds?|contains?|consumes?|supports?|needs?"
        rf"|requires?|lasts?|uses?|has|have) {_ABOUT}(?:[\w-]+ ){{0,2}}?|(?:is|are) {_ABOUT})[-+~]?\d.*",
        PERSON,
        _fact,
    ),
    cue(
        "spoken-fact",
        "repo project codebase team company monorepo stack backend frontend database product vault firmware",
        r"(?:this|the|our) (?:[\w-]+ )?(?P<of>repo(?:sitory)?|project|codebase|code base|company"
        r"|monorepo|stack|backend|frontend|firmware|product)"
        r" (?:uses|is (?:written|built|based|hosted|deployed|licensed|tested|versioned)|runs on|targets"
        r"|requires|depends on|supports|lives) .+",
        PERSON,
        lambda of, clause: not BUG.search(clause) and not is_hypothetical(clause) and not is_passing(clause),
    ),
    cue(
        "spoken-fact",
        "port url address version branch host hostname endpoint threshold path bucket cluster region rate"
        " number limit tolerance torque voltage supplier licence license",
        r"(?:the|our)(?P<of>(?: [\w~./'+#-]+){0,4}? (?:port|url|address|version|branch|host|hostname"
        r"|endpoint|threshold|path|bucket|cluster|region|baud rate"
        r"|sample rate|part number|serial number|drawing number|limit|tolerance|torque|voltage|supplier"
        r"|licen[cs]e)"
        r"(?: (?:of|for|on) [\w~ ./-]{2,40}?)?) (?:is|are) .+",
        PERSON,
        _fact,
    ),
)


_STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|must|needs?|uses?|runs?|lives?|does|do|not|will|shall|can|cannot"
    r"|only|means|takes?|gets?|goes|comes|belongs?"
    r"|requires?|expects?|stays?|wants?|prefers?|owns?|works?|\w{3,}(?:s|ed))\b"
)


_TOLD = (
    r"(?:(?:please|and|also|oh) )?(?:remember(?: (?:this|that|also))*|keep in mind|bear in mind|do not"
    r" forget|for (?:future|later) reference"
    r"|note to self|(?:please )?make a note|take note|note for (?:the future|later|next time|future"
    r" sessions)|worth remembering|for the record"
    r"|save (?:this )?(?:to|in) (?:your )?memory|add (?:this )?to (?:your )?memory|memori[sz]e(?: this|"
    r" that)?|store (?:this|that) in memory)"
)


REMEMBERED = (
    cue(
        "spoken-remember",
        "remember mind forget reference self note remembering record memory memorize memorise",
        rf"(?!(?:\w+ )?(?:remember|do not forget|mind),){_TOLD}\s?(?:,|:|;|—|–|-| that)+ (?:that |is"
        rf" that |this: )?(?P<of>(?!(?:let|please|time|day|one|thing"
        rf"|guy|file|to) )(?:the |i |we |our |all |every |[\w~]).+)",
        PEOPLE,
        lambda of, clause: (
            enough(of, 4) and not is_hypothetical(of) and bool(_STATES.search(of)) and not is_passing(of)
        ),
    ),
)
