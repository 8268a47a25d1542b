"""Words that cues of plain speech are built from: who speaks, when, which roles there are.

Knows wording only, folded by `sentences.folded`.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.speech.gates import TASK_NOUN

WE = (
    r"(?:we|(?:the|our) (?:[\w-]+ ){0,2}(?:team|group|board|committee|council|panel|maintainers|customer"
    r"|client|management"
    r"|project|meeting|review board)|everyone|everybody|all of us|both (?:teams|sides|parties)|all parties)"
)
DONE = (
    r"(?: (?:have|has|finally|now|just|already|all|jointly|unanimously|therefore|then|thus|also"
    r"|eventually|collectively"
    r"|ultimately|officially|mutually|recently|explicitly|together|hereby|instead|definitely"
    r"|deliberately|consciously"
    r"|later|today|yesterday|again)){0,3}"
)
THING = (
    r"(?:[\w~./'+#%&@()°-]+ ){0,7}?[\w~./'+#%&@()°-]+"  # a noun phrase, as short as what follows lets it be
)
OVER = r"(?:instead of|rather than|in place of|over|and not|, not|in favou?r of)"

WORKED_ON = (  # of a program, in the task at hand
    rf"(?:{TASK_NOUN}|charts?|plots?|graphs?|legends?|containers?|parsers?|handlers?|hooks?|modules?"
    rf"|packages?|imports?|requests?|tokens?|cache"
    rf""
    r"|headers?|footers?|menus?|dialogs?|modals?|dropdowns?|sidebars?|layouts?|icons?|popups?|tooltips?|div"
    r"|css|html|json"
    r"|schema|linter|compiler|branch(?:es)?|props?|states?|callbacks?|iterators?|wrappers?|mocks?"
    r"|assertions?"
    r"|logins?|sessions?|cookies?|cursors?|widgets?|views?|urls?|enums?"
    r"|structs?|objects?"
    r"|exceptions?|pointers?|dataframes?|df|arguments?|args|parameters?|params|flags?|options?"
    r"|env|deps?|dependenc(?:y|ies)|readme|docstrings?|repo|diffs?|merge|rebase|prs?|tickets?)"
    r"(?! (?:bench|benches|stand|rig|rigs|campaign|facility|article|chamber|cell|pad|flight|lab|setup"
    r"|centre|center|track"
    r"|piece|load|unit|specimen|site|hall|rack)\b)"
)
BOARD = (  # who approves
    r"(?:(?:the|our) (?:[\w-]+ ){0,2}(?:board|committee|council|panel|customer|client|management|team|group"
    r"|sponsor|authority|regulator|steering group|review board|safety officer|project manager|pi|boss|ccb"
    r"|architects?|directors?|partners?|owners?)|(?:the )?ccb|management|procurement|they|everyone|legal"
    r"|quality"
    r"|qa)"
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
DATE = (
    rf"(?:the )?(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}(?:,? \d{{4}})?"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})"
)
WHEN = (
    rf"(?:{DATE}|(?:the )?(?:end|middle|beginning|start) of (?:the )?(?:{MONTH}|year|quarter|month"
    rf"|q[1-4]|week)(?: \d{{4}})?"
    rf"|(?:early |mid[- ]?|late )?{MONTH}(?: \d{{4}})?|(?:next |this |early |late )?{WEEKDAY}"
    r"|q[1-4](?: \d{4})?|\d{4}|next (?:week|month|quarter|year)|(?:calendar )?week \d{1,2})"
)

ROLE = (
    r"(?:engineer|developer|programmer|architect|lead|manager|scientist|analyst|designer|technician"
    r"|operator|maintainer"
    r"|researcher|admin(?:istrator)?|director|founder|co-?founder|student|intern|consultant|contractor"
    r"|machinist|physicist"
    r"|chemist|mechanic|electrician|tester|writer|teacher|professor|doctor|nurse|owner|head|chair"
    r"|coordinator|supervisor"
    r"|officer|specialist|expert|cto|ceo|cfo|sre|dba|pm|qa|postdoc|phd student|freelancer|planner|buyer"
    r"|counsel(?:l)?or"
    r"|librarian|pilot|welder|statistician|mathematician|biologist|responsible|integrator|reviewer"
    r"|secretary|treasurer|guy|metrologist|foreman|trainee|apprentice|investigator|liaison|person|\w+ologist"
    r"|representative|captain|inspector|buyer|carpenter|plumber|surveyor|draughtsman|toolmaker|instructor)"
)

HAPPENED = (
    r"(?:failed|broke|cracked|leaked|burn(?:ed|t)|tripped|crashed|died|exploded|caught fire|overheated"
    r"|jammed|seized|slipped|burst|hit|bent|snapped|flew|froze|flooded|commissioned|rose|fell|reached|blew"
    r"|accepted|rejected"
    r"|tested|replaced|swapped|shipped|released|launched|measured|found|discovered|installed|calibrated"
    r"|deployed|delivered"
    r"|arrived|visited|signed|passed|completed|finished|migrated|rolled (?:back|out)|upgraded|updated"
    r"|repaired|fixed"
    r"|lost|happened|occurred|went down|went live|came (?:up|back)|ran out|ran|held|presented|reviewed"
    r"|approved|cancell?ed"
    r"|moved|merged|dropped|restored|restarted|assembled|welded|machined|printed|poured|aligned"
    r"|inspected|audited|ordered"
    r"|received|hired|joined|left|met|started|stopped|demoed|demonstrated|switched|won|was (?:\w+"
    r" )?[\w-]+ed|were (?:\w+ )?"
    r"[\w-]+ed|(?:was|were) (?:\w+ )?(?:shut|cut|lost|found|sent|built|hit|burnt|torn|bent|blown|stolen"
    r"|taken"
    r"|set|struck)|had (?:an? |the |to )(?!idea|chat|talk|call|look|thought|question|dream|feeling|hard"
    r"|good|great|blast"
    r"|problem|meeting|lunch|dinner|interview)[\w-]+)"
)

BUG = re.compile(
    r"\b(?:errors?|fail(?:s|ed|ing|ure)?|broken|breaks|crash\w*|does not|do not work|is not|are not|not"
    r" working|cannot"
    r"|timed? ?outs?|refused|wrong|bugs?|problems?|too slow|slow|stuck|hang(?:s|ing)?|weird|strange"
    r"|missing|undefined|null"
    r"|exception|instead of|seems?|looks? like|appears?|keeps?|still|suddenly|only shows|unexpected\w*"
    r"|why)\b"
)

_OF_TASK = re.compile(rf"(?:the |this |that |my |your |an? )?(?:[\w-]+ )?{WORKED_ON}\b")


def is_of_task(words: str) -> bool:
    """Whether words speak first of what is worked on in a task: a function, a list, a page."""
    return bool(_OF_TASK.match(words))
