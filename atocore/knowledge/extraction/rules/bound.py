"""When a passage is worded as what the heading above it announces: a requirement, a limit, an assumption.

Knows words. Must not know headings, or which rule asks.
"""

from __future__ import annotations

import re

from atocore.knowledge.extraction.rules.document import Finding
from atocore.knowledge.extraction.rules.values import has_quantity
from atocore.knowledge.ingestion.outline import plain

NAME_WORDS = 4
"""Words that a bare name may have: what is longer mostly says something of it."""

REQUIRES = re.compile(
    r"\b(?:must|shall|should|may not|cannot|can't|has to|have to|needs? to|(?:is|are|be) required"
    r"|at (?:most|least)|not exceed|muss|müssen|soll|sollen|darf|dürfen|doit|doivent|debe|deben|deve|devem"
    r"|devono)\b",
    re.IGNORECASE,
)
BINDS = re.compile(
    r"\b(?:must|shall|should|may not|cannot|can't|can not|has to|have to|needs? to|required?|only|never"
    r"|always|limited|at (?:most|least)|not supported|unsupported|not exceed|maximum|minimum|assum\w+"
    r"|expected|presum\w+|"
    r"is not|are not|does not|do not|will not|muss|müssen|soll|sollen|darf|dürfen|doit|doivent|debe|deben"
    r"|deve|devem|devono)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    rf"{BINDS.pattern}|\b(?:no|not|none|without|unable|lacks?|isn't|aren't|doesn't|don't|won't|fails?"
    r"|restrict\w*|exclud\w*|except|up to|less than|more than|fewer than|until|impossible)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(  # a verb of a sentence, wherever it stands
    r"\b(?:is|are|was|were|be|has|have|had|can|may|will|would|do|does|don't|not|no|never|always|without"
    r"|works?|opens|closes|fits|lasts|survives?|withstands?|meets|complies|operates|supports|provides|uses"
    r"|allows?|keeps|handles|runs|needs?|requires?|includes?|contains?|remains?|stays|starts|stops|shows"
    r"|sends|receives|detects|reports|stores|returns|follows?|serves|becomes?|comes?|lets?)\b",
    re.IGNORECASE,
)
ORDERS = re.compile(  # a verb that gives an order at the beginning
    r"\W*(?:accept|add|adopt|allow|alert|apply|archive|ask|assign|authenticate|avoid|back up|block|build"
    r"|calculate|capture|check|choose|close|collect|compare|compute|configure|connect|create|define|delete"
    r"|deliver|deploy|detect|disable|discard|display|document|download|drive|edit|emit|enable|encrypt|enforce"
    r"|ensure|exclude|execute|expose|export|fit|generate|give|handle|hide|hold|identify|ignore|implement"
    r"|import|include|indicate|integrate|keep|let|limit|list|load|log|maintain|make|manage|measure|migrate"
    r"|minimi[sz]e|monitor|move|name|notify|offer|open|operate|optimi[sz]e|perform|permit|persist|play|prefer"
    r"|present|preserve|prevent|print|process|produce|prompt|protect|provide|publish|read|receive|record"
    r"|reduce|reject|remain|remove|render|report|resist|respond|restrict|retain|return|reuse|run|save|scale"
    r"|search|select|send|set|show|sign|sort|start|stop|store|stream|supply|support|survive|switch|sync"
    r"|target|test|track|transmit|upload|use|validate|verify|view|warn|withstand|work|write)\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(  # identifiers and what stands between them
    r"\b(?:req(?:uirement)?s?|design|section|story|user|us|ac|nfr|fr|and|see)\b|\b[A-Z]{1,6}[-_]?\d[\w.-]*"
    r"|\b\d[\w.]*|[\W_]+",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(r"\b(?:OR|AND/OR|and/or)\W*$")
_REFERS_FIRST = re.compile(r"\W*[A-Z]{1,6}(?:-[A-Z]+)*[-_]\d[\w.-]*\W*[;,]")
_TOOL = re.compile(  # a program and its version
    r"(?:[A-Z][\w.+#-]*[ ,]+){1,4}(?:\(?v(?:ersions?)?\.?\s*)?(?:at least |>=? ?|≥ ?)?v?\d+(?:\.\d+|\.x)*"
    r"(?:\+|,? (?:and|or) (?:up|later|newer|above|higher|greater)| or \d[\w.]*)(?=\W|$)",
)
_TICKED = re.compile(r"\W*[✅☑✔❌⏳]")
_ANAPHORIC = re.compile(
    r"\W*(?:(?:this|that|there|it) (?:is|are|was|were|has|can)|because|since|although|however|thus|note)\b",
    re.IGNORECASE,
)
_LONGEST = 400  # characters of a list of references
_OPENING = 120  # characters within which an anaphoric sentence may still bind
_ITALIC = re.compile(r"(?:\*(?!\*)[^*]+\*|_(?!_)[^_]+_)\W*")


def is_bound(finding: Finding) -> bool:
    """Whether a requirement is worded or marked as one: binding words, an identifier, a quantity."""
    return bool(finding.alias or REQUIRES.search(finding.text) or has_quantity(finding.text))


def is_told(text: str) -> bool:
    """Whether a passage tells or orders something: it has a verb, as far as its words show."""
    words = plain(text)
    return bool(_SAYS.search(words) or ORDERS.match(words.rpartition(": ")[2]) or ORDERS.match(words))


def is_limit(text: str) -> bool:
    """Whether a passage is worded as a limit: what is not, only, or at most."""
    return bool(_LIMITS.search(text) or has_quantity(text))


def is_name(text: str) -> bool:
    """Whether a passage is but a short name, without a verb, a limit or a quantity."""
    words = plain(text)
    short = len(words.split()) <= NAME_WORDS and words.isascii()
    return short and not (BINDS.search(words) or is_told(words) or has_quantity(words))


def why_no_statement(text: str) -> str:
    """Say why a passage under such a heading states nothing however it is headed; "" where it may."""
    if not _REFERENCE.sub("", text[:_LONGEST]) or _REFERS_FIRST.match(text):
        return "only references"
    if _TICKED.match(text) and not REQUIRES.search(text):
        return "ticked off in a report"
    if _ANAPHORIC.match(text) and not REQUIRES.search(text[:_OPENING]):
        return "told of what stands before"
    if _OTHERWISE.search(text):
        return "one of several alternatives"
    if _TOOL.match(plain(text)) and not REQUIRES.search(text):
        return "what a reader needs to have"
    return "a remark" if _ITALIC.fullmatch(text) else ""
