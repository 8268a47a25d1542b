"""Cues of plain speech for memories: preferences, identity, episodes, project facts, knowledge, adaptation.

Knows wording and gates. Must not know documents.
"""

from __future__ import annotations

import re

from atocore.knowledge.speech_cues import PEOPLE, PERSON, cue, enough
from atocore.knowledge.speech_gates import TASK_NOUN, is_hypothetical, is_passing
from atocore.knowledge.speech_words import BUG, DATE, HAPPENED, ROLE, THING, WE, WEEKDAY, WHEN

_NO_VERB = (
    r"mind|again|ever|been|had|seen|heard|knew|known|thought|got|an?|the|in|at|on|as|so|too|very|just"
    r"|get|trust me|happens?|really|quite"
    r"|sure|good|nice|fun|glad|happy|worth|there|here|more|less|better|easier|forget|works?|fails?"
    r"|remember|up|down|calm|open|keen|ready"
    r"|give up|say never|look back|lose hope|stop (?:\w+ing)|but|and|or|i|we|you|he|she|it|they|this"
    r"|that|these|those|my|our|your|his|her"
    r"|its|their|if|when|while|because|since|for|from|to|of|with|by|what|which|who|how|why|where|not|no"
    r"|yes|also|maybe|let|thanks|all"
    r"|some|any|every|each|one|two|only"
)
_BARE_VERB = re.compile(
    rf"(?!(?:{_NO_VERB})\b)(?:[a-z]+(?<!ed)(?<![^s]s)(?<!ing)|bring|string|need|feed|speed|embed|do|use"
    rf"|focus|address|process"
    r"|pass|press|discuss|access|bias|alias)\b"
)


def _imperative(of: str, clause: str) -> bool:
    return enough(of, 2) and bool(_BARE_VERB.match(of)) and not is_passing(clause)


def _lasts(of: str, clause: str) -> bool:
    return enough(of, 2) and not is_passing(clause) and not is_hypothetical(clause)


def _liking(of: str, clause: str) -> bool:
    return enough(of, 1) and not is_passing(clause) and not re.search(r"\bif you\b", clause)


def _for_good(of: str, clause: str) -> bool:
    return enough(of, 2) and not is_hypothetical(clause)


PREFERENCES = (
    cue(
        "spoken-preference",
        "prefer favour favor preference",
        r"(?:(?:in general|generally|personally|for [\w -]{2,40}|as a rule|usually),? )?"
        rf"(?:(?:i|{WE})(?: (?:do|really|strongly|generally|usually|personally|always|much|also|would"
        rf"|still|tend to)){{0,2}} (?:prefer|favou?r)"
        r"(?: to| that| if| when| it when)?|(?:my|our)(?: \w+)? preference (?:is|for [\w -]{2,30} is)(?:"
        r" to| for| that)?) (?P<of>.+)",
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
        "want like need expect",
        r"i (?:want|expect|need|would like) you to (?:always|never) (?P<of>.+)",
        PERSON,
        _for_good,
    ),
    cue(
        "spoken-preference",
        "now future general default forward",
        r"(?:from now on|from here on|going forward|in (?:the )?future|in general|by default|as a rule"
        r"|as a general rule|whenever possible)"
        r",? (?:please |always |i want you to |you should |we )?(?P<of>(?:do not |never |always )?[a-z].+)",
        PERSON,
        lambda of, clause: (
            _imperative(re.sub(r"^(?:do not|never|always) ", "", of), clause)
            or of.startswith(("do not", "always", "never"))
        ),
    ),
    cue(
        "spoken-preference",
        "now future general default forward",
        r"(?:please |always )?(?P<of>(?:do not |never )?[a-z]+ .+?)(?:,? (?:from now on|going forward|in"
        r" (?:the )?future|by default|as a rule"
        r"|whenever possible))[.!]*$",
        PERSON,
        lambda of, clause: (
            _imperative(re.sub(r"^(?:do not|never|always) ", "", of), clause)
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
        rf"{WE} (?:always|never|only ever|generally|normally|usually) (?P<of>(?!(?:had|got|get|see|saw"
        rf"|thought|knew|know|have (?:a|the)|been|end up"
        r"|run into|hit|find|found|forget|managed|planned|wanted|did|agreed|decided|made|received"
        r"|heard)\b)[a-z]+(?<!ed) .+)",
        PEOPLE,
        _for_good,
    ),
    cue(
        "spoken-preference",
        "convention policy standard style rule",
        r"(?:(?:the|our|my)(?: [\w-]+){0,2} (?:convention|policy|house rule|house style|standard|style"
        r"|ground rule|team rule|rule) (?:is|here is)"
        r"(?: that|:| to)?|by convention,?) (?P<of>.+)",
        PEOPLE,
        _for_good,
    ),
)


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


IDENTITY = (
    cue(
        "spoken-identity",
        "am was",
        rf"i am (?:currently |also |now )?(?:an?|the|one of the|your|our|responsible for|in charge"
        rf" of)(?P<of>(?: [\w/&+-]+){{0,4}}? {ROLE}s?)\b"
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
        r"|mother tongue)) (?:is|are) (?P<of>.+)",
        PERSON,
        lambda of, clause: (
            enough(of, 1)
            and not is_hypothetical(clause)
            and not re.match(r"(?:not|too|wrong|to|missing)\b", of)
        ),
    ),
    cue(
        "spoken-identity",
        "lead own maintain manage run work supervise head",
        r"i (?:currently |also |mostly |mainly )?(?:lead|own|maintain|manage|supervise|head(?: up)?|work"
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

_DAY = (
    rf"(?:yesterday|last (?:week|month|year|night|{WEEKDAY}|spring|summer|autumn|fall|winter)|(?:a|one"
    rf"|two|three|four|five|six|ten|\d+|a few|"
    rf"a couple of) (?:days?|weeks?|months?|years?) ago|earlier this (?:week|month|year)|on {WEEKDAY}"
    rf"|on {DATE}|in (?:early |mid-?|late )?"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{4})?)"
)
_ACTOR = (
    r"(?!(?:it|this|that|these|those|they|he|she|you|which|what|who|everything|i asked|i told|i wanted|i"
    r" had to|we talked|we discussed"
    r"|we spoke|we had (?:lunch|dinner)|nothing|something) )"
)


_SUBORDINATE = re.compile(
    r"\b(?:when|after|before|since|because|that|which|who|if|while|where|what|why|how|than|pic|photo|picture)\b"
)


def _event(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not is_hypothetical(clause)
        and not re.search(rf"\b{TASK_NOUN} (?:was|were|failed|broke)\b", clause)
    )


EPISODES = (
    cue(
        "spoken-episode",
        "yesterday last ago earlier on in",
        rf"{_DAY}(?:,? (?:morning|afternoon|evening|night|at"
        rf" \d{{1,2}}[:.]\d\d))?,? {_ACTOR}(?P<of>{THING}) {HAPPENED}\b",
        PERSON,
        _event,
    ),
    cue(
        "spoken-episode",
        "yesterday last ago earlier on in",
        rf"{_ACTOR}(?P<of>{THING}) {HAPPENED}\b(?: [\w~./'+#%&@()°-]+){{0,12}},? {_DAY}\b",
        PERSON,
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
        "is due scheduled planned set moved",
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
    ),
    cue(
        "spoken-project",
        "responsible owns charge",
        r"(?!(?:it|this|that|which|who|what|she|he|they|we|i|you|the (?:user|caller|component|class"
        r"|function|module|service|system|server|client)) )"
        r"(?P<of>[\w.-]+(?: [\w.-]+){0,3}) (?:is|are) (?:responsible for|in charge of|the (?:owner|point"
        r" of contact|contact|lead) (?:of|for|on)) .+",
        PERSON,
        lambda of, clause: not is_hypothetical(clause),
    ),
    cue(
        "spoken-project",
        "goal budget customer objective aim mission",
        r"(?:the|our)(?: [\w-]+){0,2} (?P<of>goal|budget|customer|client|objective|aim|mission)(?: (?:of"
        r"|for) (?:the|this|our) [\w -]{2,40}?)? (?:is|are)"
        r"(?! (?:not|too|that|very|also) )(?: to)? .+",
        PERSON,
        lambda of, clause: not is_hypothetical(clause) and not is_passing(clause) and enough(clause, 5),
    ),
)

_HARD = re.compile(r"\d|~code~|~link~|[\w.-]+/[\w./-]+")


def _fact(of: str, clause: str) -> bool:
    return (
        enough(of, 1)
        and not BUG.search(clause)
        and not is_hypothetical(clause)
        and not is_passing(clause)
        and bool(_HARD.search(clause))
    )


def _corrected(of: str, says: str) -> bool:
    contrast = enough(of, 1) and bool(re.search(r",? not [\w~]", says)) and not BUG.search(says)
    return contrast or _fact(of, says)


_OURS = (
    rf"(?!(?:the |this |your |my |an? )(?:[\w-]+ )?{TASK_NOUN} )"
    r"(?P<of>(?:the|our|all|every|each|both) (?:[\w~./'+#-]+ ){0,5}?[\w~./'+#-]+)"
)
KNOWLEDGE = (
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
        rf"|requires?|lasts?|uses?)|has|have|(?:is|are))"
        r" (?:(?:now|currently|exactly|about|around|roughly|only|an?|up to|at most|at least|running)"
        r" ){0,2}(?:[\w-]+ ){0,2}?[-+~]?\d.*",
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
        rf"{_TOLD}\s?(?:,|:|;|—|–|-| that)+ (?:that |is that |this: )?(?P<of>(?!(?:time|day|one|thing"
        rf"|guy|file|to) )(?:the |i |we |our |all |every |[\w~]).+)",
        PERSON,
        lambda of, clause: (
            enough(of, 4) and not is_hypothetical(of) and bool(_STATES.search(of)) and not is_passing(of)
        ),
    ),
)
_WHEN_BAD = (
    r"(?:when|whenever|if|once|as soon as|every time) (?P<of>(?!(?:it|this|that|you|i|they)"
    r" )(?:[\w~./'+#-]+ ){1,7}?(?:fails?|crash(?:es)?|hangs?|breaks?"
    r"|drifts?|leaks?|overheats?|trips?|stalls?|freezes|is (?:stuck|down|slow|full|red|flaky|locked|out"
    r" of \w+|unresponsive|corrupt(?:ed)?)|times? out|goes down"
    r"|gets stuck|runs out|disconnects?|drops out|drops off|complains?|refuses|won't \w+|will not \w+"
    r"|does not (?:start|respond|come up|build|boot|connect|lock|home)))"
)
_REMEDY = (
    r"(?:restart|run|clear|rebuild|reset|delete|remove|reboot|check|re-?run|re-?install|power ?-?cycle"
    r"|kill|flush|increase|raise|lower|reduce|switch|call|page"
    r"|replace|tighten|re-?calibrate|re-?seat|purge|use|try|roll back|revert|set|unplug|drain|bump|wipe"
    r"|start|stop|turn|warm|wait|re-?home|re-?index"
    r"|bleed|vent|swap|ask|open|close)"
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
            and bool(
                _BARE_VERB.match(
                    re.sub(
                        r"^(?:please |always |do not |never |we should |you should |remember to |make"
                        r" sure (?:to |that |you )?)+",
                        "",
                        of,
                    )
                )
            )
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
        "workaround trick fix cure remedy solution",
        r"(?:the|our|one)(?: [\w-]+){0,2} (?:workaround|trick|cure|remedy|known fix)(?: (?:for|to"
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
        lambda of, clause: (
            enough(clause, 6)
            and not is_hypothetical(clause)
            and not re.search(r"\b(?:unknown|unclear|not (?:known|clear|yet)|under)\b", clause)
        ),
    ),
)

MEMORY_CUES = (*PREFERENCES, *IDENTITY, *PROJECT, *ADAPTATION, *EPISODES, *KNOWLEDGE, *REMEMBERED)
