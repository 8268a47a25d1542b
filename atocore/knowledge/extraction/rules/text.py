"""Small readings of a passage: its identifier, its title, its sentences, and whether it says anything at all.

Knows words. Must not know which rule asks.
"""

from __future__ import annotations

import re

from atocore.knowledge.ingestion.outline import MAX_INLINE, plain

MAX_TITLE = 90

_ID = r"[A-Z][A-Z0-9]*(?:[-_./][A-Z0-9]+)*[-_./]?\d+(?:\.\d+)*[a-z]?"
_ONLY_ID = re.compile(rf"\W*({_ID})\W*", re.ASCII)
_LEADING_ID = re.compile(
    rf"(?:\[({_ID})\](?![(\[])|\(({_ID})\)|({_ID})(?=\s*[:|–—)\]]|\s+-\s|\.\s|$)"
    rf"|((?:[A-Z][A-Z0-9]*[-_])+\d{{2,}}[a-z]?)(?=\s+[^a-z\s]))"
    r"[\s:|.–—)\]-]*",
    re.ASCII,
)
_AFTER_ID = re.compile(r"^[\])*_`]*\s*[:|.–—)\]-]*[*_]*\s*")
_NUMBERED = re.compile(
    r"(?:[A-Z][A-Z0-9]*[-_./])+\d[\d.]*[a-z]?|(?:R|RQ|RE?QT?|FR|NFR|SR|UR|HR|HLR|LLR|SYS)\d+[a-z]?"
)
_STANDARD = re.compile(
    r"(?:ISO|IEC|IEEE|RFC|ADR|PEP|UTF|SHA|MD|AES|RSA|CVE|HTTP|EN|DIN|ECSS|ASTM|MIL|RS|USB)[-_ ]?\d", re.I
)

_COMMENT = re.compile(r"<!--(?:(?!-->).){0,4000}(?:-->|$)", re.DOTALL)
_PLACEHOLDER = re.compile(
    r"\W*(?:(?:still )?to be (?:discussed|decided|agreed|determined|clarified) .{1,80}"
    r"|(?:to be|still to be|not yet) (?:determined|decided|defined|discussed|confirmed|done|written"
    r"|agreed|specified)|(?:waiting|pending|awaiting)(?: (?:on|for))?(?: \w+){0,3}|under (?:review"
    r"|discussion)|undecided|in progress|t\.?b\.?[dcas]\.?|todo|fixme|xxx+|wip|n/?a|none(?: (?:so far|yet"
    r"|known|identified|at (?:present|this time|the moment)))?|[^:]{1,80}:\s*(?:n/?a|tb[dcas]|none"
    r"|not applicable|\?+)\s*(?:\([^()]{0,80}\))?|.{0,80}\b(?:is|are|was|has|have) (?:been )?(?:not|not yet"
    r"|still un)[- ]?(?:determined|decided|defined|known|clear|settled|agreed)\b.{0,200}|there (?:are|is"
    r"|were|was) (?:many|several|other|some|multiple|a number of)\b.{0,80}"
    r"\b(?:alternatives|options|approaches|ways|possibilities)\b.{0,250}|(?:for )?(?:more|further"
    r"|additional) (?:information|details?|reading|examples?|background)\b.{0,250}|(?:public "
    r"|external )?(?:docs|documentation|references?|links?|sources?|further reading)\s*:.{0,300}"
    r"|nothing(?: (?:so far|yet|special|to (?:report|add)))?|nil|unknown|not applicable|not (?:yet )?known"
    r"|empty|\W*|there (?:are|is) (?:currently |presently |as yet )?(?:no|none)\b.{0,80}"
    r"|no (?:\w+ ){0,3}(?:requirements?|constraints?|limitations?|assumptions?|decisions?|restrictions?)"
    r"(?: (?:were|was|are|is|have been|has been))?(?: (?:yet|made|known|identified|taken|apply|defined"
    r"|so far))*|.{0,60}\b(?:is|are) (?:\w+[- ])?(?:covered|described|listed|documented|defined|given|found"
    r"|specified|detailed) (?:by|in|at|under|here|below|above)\b.{0,160}|(?:see|refer to|check out|visit"
    r"|to (?:see|read|learn) .{0,80}, (?:see|check|visit|go|look)|cf\.?|described in"
    r"|documented in|covered (?:in|by))\s.{0,120}|(?:same|as) (?:as )?(?:above|before|below)"
    r"|lorem ipsum.*)\W*",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT_ITSELF = re.compile(
    r"\W*(?:this|the present) (?:section|page|guide|chapter|appendix|list|table|readme)\b"
    r"(?! (?:shall|must|should)\b)",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\W*(?:we|it|the team) (?:have not|haven't|has not|hasn't|do(?:es)? not (?:yet|currently)"
    r"|do(?:es)?n't (?:yet|currently))"
    r"\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\W*none(?: (?:known|identified|so far|yet|at (?:present|this time)))?[.;]\s", re.IGNORECASE
)
_TODO = re.compile(r"\W*(?:todo|fixme|tbd|tbc|wip|t\.b\.[dc])\b", re.IGNORECASE)
_TEMPLATE = re.compile(
    r"\{[^{}]{3,200}\}\W*|<[^<>]{3,200}>\W*|\[[^\[\]]{3,200}\]\W*|\W*(?:describe|list|explain|state|write"
    r"|insert|enter|provide|give|summari[sz]e|add|fill in|specify|document) "
    r"(?:here |down )?(?:the|any|all|your|what|which|how|why|each|a|an|here)\b.{0,200}\b"
    r"(?:here|if any|briefly|(?:one|two|few) sentences?)\b\W.{0,80}|\W*(?:describe|explain|state"
    r"|summari[sz]e) (?:here )?(?:the|your|any|all|what|which|how|why)\b.{0,60}"
    r"\b(?:decisions?|requirements?|constraints?|assumptions?|limitations?|alternatives?|context|response"
    r"|choice)\b.{0,200}|\W*what (?:is|are|becomes?|did|was)\b.{0,200}\b(?:propos|chang|decid|made|issue"
    r"|drivers?).{0,80}|\W*(?:this section|in this section)\b.{0,300}",
    re.IGNORECASE | re.DOTALL,
)
_UNFILLED = re.compile(
    r"\{\{[^{}]{0,200}\}\}|\{[a-z][\w'/-]+ [^{}=;,()]+\}|\[(?:title of option|justification)\b"
    r"""|\[option \d\]["'”]?\s*(?:,|$|because)""",
    re.IGNORECASE,
)
_CODE = re.compile(r"`[^`]{0,300}`")
_LINKS = re.compile(
    r"!?\[[^\[\]]{0,300}\]\([^()\s]{0,500}[^()]{0,100}\)|!?\[\[[^\[\]]{0,300}\]\]|<?https?://\S{1,500}"
)
_ONLY_LINKS = re.compile(r"\W*(?:(?:[\w&-]+ ){0,5}[\w&-]+:\W*\n\W*)?")  # with a name before, or none
_VERDICT = re.compile(
    r"\W*(?:the )?(?:(?:\w+ )?(?:proposal|option|alternative|solution|suggestion|approach))?\s*(?:\w+ )?"
    r"(?:is |was |has been )?(?:accepted|approved|chosen|agreed|yes|ok|rejected|declined)\W*",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(
    r"\W*(?:for example|in (?:the|this|our) example|e\.g\.|example|for instance|suppose|imagine"
    r"|hypothetically|what if|if we (?:were|had|did|would)|"
    r"we (?:could|might|may) (?:also |either |alternatively )?\w)",
    re.IGNORECASE,
)
_RETRACTED = re.compile(
    r"\W*(?:superseded|deprecated|obsolete|withdrawn|removed|deleted|rejected|retracted|no longer (?:valid"
    r"|applies|true|needed))"
    r"\b(?! (?:\w+ ){0,4}(?:shall|must|should|will|are|is|may|can)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r".+?(?:[.!?。](?=[\s\"')\]*_]|$)|$)", re.DOTALL)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|incl|approx|resp|no|fig|st|dr|mr|ms)|(?<!\d )\b(?:sec|[A-Za-z]))\.$", re.I
)


def clean(text: str) -> str:
    """Give a passage as a statement: no comments, no task box, one line, at most `MAX_INLINE` characters."""
    text = _COMMENT.sub(" ", text[:MAX_INLINE])
    text = re.sub(r"^\s*\[[ xX]\]\s+", "", text)
    return " ".join(text.split())


def why_not(text: str) -> str:
    """Say why a passage states nothing that could be remembered; "" where it may."""
    words = plain(text)
    if not re.search(r"\w", words):
        return "nothing is said"
    if (
        _TODO.match(words)
        or _NONE.match(words)
        or _NOT_YET.match(words)
        or _PLACEHOLDER.fullmatch(words[:400])
    ):
        return "a placeholder or a pointer, no statement"
    if _ABOUT_ITSELF.match(words):
        return "about the document itself"
    if _TEMPLATE.fullmatch(text.strip()[:600].strip("*_ ")):
        return "text of a template"
    if _UNFILLED.search(_CODE.sub("", text).replace("\\", "")):
        return "a template that was not filled in"
    if re.sub(r"\s\([^()]*\)\W*$", "", words).rstrip("*_ \"')”").endswith("?"):
        return "a question"
    if _ONLY_LINKS.fullmatch(_LINKS.sub("\n", _CODE.sub("code", text))):
        return "only links"
    if _VERDICT.fullmatch(words[:120]):
        return "a verdict that does not say on what"
    if _HYPOTHETICAL.match(words):
        return "an example or a hypothetical"
    if _RETRACTED.match(words):
        return "retracted where it stands"
    return ""


ABOUT_DOCUMENT = re.compile(
    r"\W*(?:an? )?(?:brief |short |quick )?(?:over\w+|summary|list) (?:of|at|over) |"
    r"\W*(?:these|they|those|the following|all of these) (?:are|were|say|describe|define|list|document)\b|"
    r"\W*(?:this|the present) (?:document|rfc|adr|otep|kep|pep|proposal|spec(?:ification)?)\b"
    r"(?! (?:shall|must|should)\b)",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"\W*(?:notes?|nb|n\.b\.|remarks?|reminders?[\w ]{0,20}|hint|tip|warning|rationale|example|risks?"
    r"|pros?|cons?"
    r"|(?:open )?questions?|answers?)"
    r"\b[*_\s]*:",
    re.IGNORECASE,
)


def is_too_short(text: str) -> bool:
    """Whether a passage has fewer than three words, and no script without spaces to hold more in them."""
    words = plain(text)
    if text.startswith("`") and len(re.sub(r"`[^`]*`|\([^()]*\)", " ", text).split()) < 2:
        return True
    return len(words.split()) < 3 and len(words.encode()) < 20 + len(words)


def only_id(text: str) -> str:
    """Give the identifier that `text` consists of, such as `REQ-001`; "" if it is something else."""
    match = _ONLY_ID.fullmatch(plain(text)[:80])
    return match[1] if match and not _STANDARD.fullmatch(match[1]) else ""


def leading_id(text: str) -> tuple[str, str]:
    """Split a passage that opens with an identifier into that and the rest; ("", text) where it has none."""
    match = _LEADING_ID.match(re.sub(r"^[*_`\s]+", "", text[:200]).replace("*", "").replace("`", ""))
    if not match:
        return "", text
    found = next(group for group in match.groups() if group)
    rest = _AFTER_ID.sub("", text[text.index(found) + len(found) :], count=1)
    if _STANDARD.match(found) or not rest:
        return "", text
    return found, closed(rest)


def closed(text: str) -> str:
    """Give a part of a passage without the mark of an emphasis that began or ends outside it."""
    if text.count("**") % 2:
        text = text.replace("**", "", 1).strip()
    return text


def is_requirement_id(text: str) -> bool:
    """Whether an identifier is of the kind that requirements carry: `REQ-001`, `SYS-PWR-3`, `FR12`."""
    return bool(_NUMBERED.fullmatch(text))


def sentences(text: str) -> list[str]:
    """Cut the words of a passage into sentences."""
    found: list[str] = []
    for match in _SENTENCE.finditer(text):
        part = match[0].strip()
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        elif part:
            found.append(part)
    return found


def short(text: str, limit: int = MAX_TITLE) -> str:
    """Give one short line for a passage: its first sentence, cut between words."""
    words = re.sub(r"^\W*\d+[.)]\s+", "", plain(text))
    first = sentences(words[:600])[0] if words else ""
    line = first.rstrip(" .:;,")
    if len(line) <= limit:
        return line
    return line[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


_DOCUMENT_NUMBER = re.compile(
    r"(?:\[?(?:adr|rfc|mdr|dr|decision(?: record)?|architecture decision record"
    r"|log)\]?[\s#:_-]*\d*[a-z]?\s*[.:)\]–—-]+\s*|(?:adr|rfc)[\s#-]*\d+\s+|\d{1,4}(?:[.:)]|\s+[-–—])\s*"
    r"|#\d+[\s:.-]+|(?:\d{4}-\d{2}-\d{2}|\d{8})[\s:.–—-]+)+",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:the |our )?(?:architect(?:ure|ural) |design |technical |key )?(?:decisions?|adrs?)(?: records?"
    r"| log| outcome)?|title|template|design|overview|readme|proposal|summary|introduction|notes"
    r"|requirements|untitled|\W*",
    re.IGNORECASE,
)


def document_title(text: str) -> str:
    """Give a document's title without its number; "" where it names nothing."""
    words = plain(text).strip()
    match = _DOCUMENT_NUMBER.match(words)
    named = words[match.end() :].strip(" .:-") if match else words.strip(" .:")
    return "" if _GENERIC.fullmatch(named) or why_not(named) not in ("", "a question") else named
