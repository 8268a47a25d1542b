"""Gates of plain speech: which passages and sentences state nothing, whatever cue stands in them.

Knows wording. Must not know rules. Patterns read words folded by `sentences.folded`, except those
for lines, which read the source.
"""

from __future__ import annotations

import re

_ROLE = re.compile(
    r"\W*(?:(?:hi|hello|hey|ok|okay|please|now)\W+)?(?:you (?:are|will be|will act) (?:now )?(?:an?|the"
    r"|my|our|to)\b"
    r"|(?:i want you to |please )?(?:act|behave|respond|answer|speak) as\b|pretend\b|imagine\b|(?:let us"
    r" )?role-?play"
    r"|simulate\b|assume (?:the role|you are)|as an? (?:\w+ ){0,3}(?:expert|engineer|assistant|developer"
    r"|writer)\b)"
)
_MATERIAL = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|please|now|can you|could you|would you|i need you to|help me(?:"
    r" to)?)\W+){0,3}"
    r"(?:(?:write|draft|compose|generate|create|make up|invent|prepare|produce|give) (?:me |us )?"
    r"(?:an? |the |some |this |these |my |our |\d+ )?(?:[\w-]+ ){0,4}?(?:story|stories|poem|essay"
    r"|e-?mail|letter"
    r"|blog|post|article|dialogue?|conversation|scenario|text|paragraph|sentences?|message|tweet|speech"
    r"|song|novel|minutes"
    r"|transcript|announcement|press release|examples?|samples?|template|fixtures?|test data|mock\w*"
    r"|reply|response"
    r"|slides?|prompts?|summary|notes)\b"
    r"|(?:translate|summari[sz]e|proof-?read|rephrase|rewrite|paraphrase|reword|polish|classify"
    r"|transcribe|shorten"
    r"|fix the (?:grammar|spelling|english|wording)|correct the (?:grammar|spelling|english|text)"
    r"|(?:analy[sz]e|explain|review|check|improve) (?:this|the following|these) (?:text|e-?mail|sentence"
    r"|message"
    r"|paragraph|document|log|transcript|conversation|article|letter|prompt))\b)"
)
_PASTE_ENDS = re.compile(
    r"\b(?:here (?:is|are)|below|following|pasted?|attached|output|errors?|logs?|trace(?:back)?"
    r"|stack ?trace|e-?mail"
    r"|mail|ticket|issue|message|thread|chat|transcript|conversation|docs?|document|readme|file"
    r"|contents?|prompt"
    r"|instructions|spec|config|diff|patch|review|comments?|notes|minutes|snippet|quote|article|page"
    r"|slack|wrote|writes"
    r"|says|said|reads|getting|get|got|see|returns?|prints?|shows?|like|e\.g\.|example|this"
    r"|these)\b[^.]{0,40}:\s*$",
    re.IGNORECASE,
)
_ENDS_ALL = re.compile(
    r"(?:-{3,} ?(?:forwarded|original)|begin forwarded|(?:from|to|subject|sent|cc|reply-to):\s\S.{0,200}$"
    r"|on .{5,100} wrote:\s*$|(?:user|human|assistant|system|ai|bot|claude|chatgpt|gpt|codex)\s*:\s"
    r"|this file provides guidance|base directory for this skill"
    r"|(?:important|critical)?:? ?the contents of this file|\[?cut by atocore:)",
    re.IGNORECASE,
)
_MACHINE_LINE = re.compile(
    r"(?:>|\$ |% |# |\+{3} |-{3} |@@ |diff --git|traceback|caused by|exception in|\s*at [\w.$<>]+\("
    r"|\[?\d{4}-\d\d-\d\d[t ,]\d\d:\d\d|\[?\d\d:\d\d:\d\d|\[?(?:error|warn(?:ing)?|info|debug|fatal"
    r"|trace|notice)\b"
    r"(?:[\]:]|\s+[\[\d])|(?:npm|pip|yarn|cargo|make)(?: err!|\[\d)|[\w./-]+:\d+(?::\d+)?: "
    r"|[\w.]+(?:error|exception): "
    r"|[{}\[\]();]+\s*$|(?:const|let|var|def|class|import|return|function|public|private|select|insert)"
    r" \w+.*[;{(:]\s*$)",
    re.IGNORECASE,
)
_TAG = re.compile(r"\s*<(?P<name>[a-zA-Z][\w:-]{1,40})(?:\s[^<>]{0,200})?>")

_QUESTION = re.compile(
    r"(?:can|could|would|will|should|shall|do|does|did|is|are|was|were|has|have|what|why|how|where|who"
    r"|which|whose)"
    r" (?:you|we|i|it|there|the|this|that|they|someone|anyone|my|our|about|much|many|long|else|come|of"
    r"|is|are|do"
    r"|does|did|should|can|would|could)\b|(?:what|how) to\b|any (?:idea|chance|reason|thoughts)\b"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:could|might|would|maybe|perhaps|possibly|probably|suppos(?:e|ing)|imagine|pretend"
    r"|hypothetical\w*|what if"
    r"|were to|wonder(?:ing)?|should (?:we|i)|shall (?:we|i)|i think|i guess|not sure|unsure"
    r"|tentative\w*|hopefully"
    r"|in theory|for example|for instance|e\.g\.|such as|example|say that|let us say|whether|if we|if i"
    r"|if you"
    r"|thinking (?:of|about)|considering|proposal|propos(?:e|es|ed|ing)|suggest(?:s|ed|ing)?"
    r"|recommend(?:s|ed)?)\b"
)
_MEANWHILE = re.compile(
    r"\b(?:for now|for the (?:moment|time being)|temporarily|as a test|meanwhile"
    r"|(?:for|in|on) this (?:task|one|change|pr|file|test|case|question|exercise|example|session|step"
    r"|branch))\b"
)
_TASK = re.compile(
    r"\W*(?:@?[\w.-]+(?: (?:and|&) @?[\w.-]+)?:? (?:will|to|is going to|should) (?:send|open|write|ask"
    r"|check|look|create|file|draft"
    r"|contact|follow|prepare|review|update|schedule|set up|talk|reach|investigate|report|call"
    r"|organi[sz]e|try|post|ping)\b"
    r"|action\b|todo\b|ai:)"
)
_IF = re.compile(r"\b(?:if|unless|in case|provided)\b")
_HOUR = re.compile(r"\b\d{1,2}:\d\d\b(?!\])|\b\d{1,2} ?[ap]m\b")
_OTHERS = re.compile(
    r"\b(?:claude|agents|gemini|copilot-instructions)\.md\b|\b(?:he|she|they|(?:the )?(?:\w+ )?(?:docs?"
    r"|spec(?:ification)?|datasheet|drawing|manual|section"
    r"|documentation|article|paper|book|tutorial|readme|post"
    r"|blog|error|log|message"
    r"|comment|ticket|issue|prompt|file|internet|claude|chatgpt|people|someone|some)) (?:\w+"
    r" ){0,2}?(?:say|says|said"
    r"|claims?|claimed|thinks?|thought|wrote|writes|told|argues?|argued|believes?|decided|stated|states"
    r"|mentioned"
    r"|suggests?|asked|asks)\b|\baccording to\b|\brumou?rs?\b|\ballegedly\b|\bsupposedly\b"
    r"|(?<!you )\b(?:add|insert|put|write|create|include|implement|make) (?:an? |the |some )?(?:\w+"
    r" )?(?:check|todo|comment|test|note"
    r"|line|assertion|message|guard|validation|label|tooltip|warning)s?(?: that| saying| which|:| like)"
)
_SAYING = re.compile(
    r"\b(?:minutes|texts?|sentences?|paragraphs?|following|e-?mails?|logs?|strings?|lines?|snippet|input"
    r"|messages?|examples?)\b[^:]{0,60}: $"
    r"|\b(?:saying|titled|called|named|that says|which says|to say|says|said|reads|prints?|echo|commit"
    r" message|assert(?:s|ing)?)\b"
)
_SUPERSEDED = re.compile(
    r"\b(?:no longer|used to|not any ?more|any ?more|back then|at (?:the|that) time|originally|initially"
    r"|previously|formerly|in the past|in former times|at first|until (?:recently|last|now)|had (?:been"
    r" )?(?:planned"
    r"|decided|agreed)|was going to|were going to|but (?:then|later|now|since then|we (?:later|then|have"
    r" since|changed|never))"
    r"|(?:was|were|got|has been|have been) (?:later |since |then )?(?:revert\w*|overruled|rolled back"
    r"|undone|withdrawn"
    r"|superseded|rejected|deprecated|scrapped|abandoned)|changed our minds?|obsolete|outdated|not yet"
    r"|did not (?:decide|agree)|nothing was|never (?:decided|agreed|mind))\b"
)
_ENDED = re.compile(
    r"\b(?:will not|are not going to|let us not|do not|must not|never)\b[^.;]{0,80}?\bany ?(?:more|longer)\b"
    r"|\b(?:will|shall) no longer\b"
)
_RETRACTS = re.compile(
    r"\W*(?:scratch that|never ?mind|on second thoughts?|forget (?:that|it|what i said)|just kidding"
    r"|kidding|no wait"
    r"|wait,? no|(?:but )?(?:that|this|it) (?:is|was) (?:no longer|wrong|not (?:true|right|correct)"
    r"|outdated|obsolete"
    r"|reverted|overruled|a mistake|just an example|only an example|hypothetical)|not any ?more"
    r"|(?:but )?(?:then |later )?we (?:later |then |have since )?(?:changed our minds?|reverted|dropped"
    r"|abandoned|went back))"
)
_LEANS = re.compile(
    r"(?:it|this|that|these|those|them|they|he|she|him|her|the same|the (?:former|latter|above"
    r"|following)|ones?(?=$|[.,;!])|so(?=$|[.,;!])"
    r"|(?:the )?(?:first|second|third|last|other)(?: one| option| approach| idea| suggestion| variant|"
    r" version| way| solution| choice| design)?(?=$"
    r"|[.,;!])|both(?=$|[.,;!]| of them)"
    r"|your\b.*|(?:the|this|that|my) (?:(?:suggest|recommend|propos|preferr|latter|former|first|second|third"
    r"|last|other|above"
    r"|simpl|easi|new|current|same)\w* )?(?:suggestion|idea|proposal|recommendation|plan|approach|option"
    r"|solution"
    r"|version|way|one|fix|change)(?! (?:of|to|for|request|from)\b)|(?:option|plan|approach|variant|choice"
    r"|number|alternative|solution)"
    r" (?:[a-z]|\d+|one|two|three)(?! (?:of|for|in) the)"
    r"|(?:[a-d]|#?\d+)(?! |\.\d))(?=$|[\s,.;:!)])"
)
_PASSING = re.compile(
    r"\b(?:for now|for the moment|for the time being|(?:for|in|on|with) th(?:is|ese) (?:task|one|change"
    r"|pr|mr|commit"
    r"|file|files|test|case|question|exercise|example|session|conversation|demo|chat|thread|snippet"
    r"|function|method"
    r"|class|script|branch|ticket|prompt|answer|message|response|plan|iteration|step|turn|round)"
    r"|(?<!from )here|this time|right now"
    r"|just once|this once|temporarily|in the meantime|as a test(?! \w)|today|tonight)"
)
TASK_NOUN = (
    r"(?:functions?|methods?|scripts?|outputs?|answers?|responses?|code|loops?|variables?|tests?"
    r"|class(?:es)?"
    r"|buttons?|pages?|quer(?:y|ies)|regex|summar(?:y|ies)|essay|story|poem|text|lists?|arrays?|strings?"
    r"|inputs?|files?"
    r"|pr|commits?|message|table|field|form|modal|component|endpoint|program|app|application|website"
    r"|site|plan"
    r"|solution|implementation|result|image|title|name|label|word|sentence|user|users|you|bug|issue"
    r"|error|fix|change"
    r"|changes|diff|line|lines|column|row|game|bot|agent|report|document|prompt|task|feature)"
)


def why_unheard(prompt: str) -> str:
    """Say why a whole prompt is no speech of its writer's, from its folded beginning; "" where it is."""
    if _ROLE.match(prompt):
        return "a role to play"
    if _MATERIAL.match(prompt):
        return "material for a task"
    return ""


def pasted(text: str) -> str:
    """Say whose a paragraph of a turn is: "all" (it and what follows are somebody else's), "self" (a
    machine wrote it), "" (the speaker's own).
    """
    lines = text.split("\n")
    if any(_ENDS_ALL.match(line.strip()) for line in lines):
        return "all"
    return "self" if any(_MACHINE_LINE.match(line) for line in lines) else ""


def introduces_paste(text: str) -> bool:
    """Whether a paragraph of a prompt announces somebody else's text below it."""
    return bool(_PASTE_ENDS.search(text.rstrip()[-200:]))


def tag_of(text: str) -> str:
    """Give the name of the tag that a block opens with; "" where it opens with none."""
    match = _TAG.match(text)
    return match["name"] if match else ""


def is_question(words: str) -> bool:
    """Whether a sentence asks."""
    return words.rstrip(" )\"'*_").endswith("?") or bool(_QUESTION.match(words))


def is_hypothetical(words: str) -> bool:
    """Whether words speak of what may be, not of what is."""
    return bool(_HYPOTHETICAL.search(words))


def is_conditional(words: str) -> bool:
    """Whether what follows these words holds only if something else does."""
    return bool(_IF.search(words))


def is_meanwhile(words: str) -> bool:
    """Whether words bound what follows them to the present."""
    return bool(_MEANWHILE.search(words))


_HOWTO = re.compile(
    r"to (?:generate|create|build|run|install|see|test|start|use|add|get|do|make|set|configure|demonstrate"
    r"|show"
    r"|illustrate|begin|keep (?:it|things) simple|explain|verify|check)\b"
)


def is_howto(words: str) -> bool:
    """Whether what follows these words is a step of an instruction: "to generate the docs, we will use"."""
    return bool(_HOWTO.match(words))


def is_task(words: str) -> bool:
    """Whether an item of a list of what was agreed only says who will do what."""
    return bool(_TASK.match(words))


def is_hour(words: str) -> bool:
    """Whether words tell the hour: what was decided then was a move of that day."""
    return bool(_HOUR.search(words))


def is_reported(words: str) -> bool:
    """Whether words report what others say."""
    return bool(_OTHERS.search(words))


def is_saying(words: str) -> bool:
    """Whether words make what follows them somebody's wording."""
    return bool(_SAYING.search(words))


def is_superseded(words: str) -> bool:
    """Whether a sentence speaks of what held once, not of what shall hold no longer."""
    return bool(_SUPERSEDED.search(_ENDED.sub(" ", words)))


def retracts(words: str) -> bool:
    """Whether a sentence takes back what stands before it."""
    return bool(_RETRACTS.match(words))


def leans(words: str) -> bool:
    """Whether words open with something that only the text around them explains."""
    return bool(_LEANS.match(words))


def is_passing(words: str) -> bool:
    """Whether a sentence holds for the present task only."""
    return bool(_PASSING.search(words))
