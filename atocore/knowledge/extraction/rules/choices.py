"""Choices: the option that a decision names as chosen, and the question that a passage asks.

Knows sentences. Must not know rules or records.
"""

from __future__ import annotations

import re

from atocore.knowledge.ingestion.outline import plain

_MAX = 400  # characters of a passage that are read for a choice

_CHOSEN = re.compile(
    r"\W*(?:chosen|selected|preferred|accepted)(?: (?:option|solution|alternative|approach|design))?s?"
    r"(?:[*_]{0,3}\s*[:=][*_]{0,3})?\s*"
    r"""(?:"(?P<a>[^"]{2,150})"|“(?P<b>[^“”]{2,150})”|\*{1,3}(?P<c>[^*]{2,150})\*|\[(?P<d>[^\[\]]{2,150})\]"""
    r"|`(?P<e>[^`]{2,150})`"
    r"|(?P<f>[^,;\n\"“*\[`]{2,80}?)\s*(?:[,;(]|\.\s|\.$|\b(?:because|as|since|for|to)\b|$))",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(
    r"(?:(?:option|alternative|solution|proposal|approach|variant|number|no\.?|#)\W*)*\W*(?:\d+"
    r"|[A-Z])?(?:\.\d+)*\W*",
    re.I,
)


def chosen(text: str) -> str:
    """Give the option a decision names as chosen; "" where it names none, or only its number."""
    match = _CHOSEN.match(text[:_MAX])
    if not match:
        return ""
    named = next(group for group in match.groups() if group)
    value = plain(named.strip().strip("\"'“”*_")).strip()
    if value.startswith("[") and value.endswith("]"):
        value = value[1:-1].strip()
    return "" if _BARE_NUMBER.fullmatch(value) else value


_ASKING = re.compile(
    r"\W*(?:(?:in|to|for|at|by|with|on|from) )?(?:which|what|how|who|whom|where|when|should|shall|do"
    r"|does|is|are|can|must)\b",
    re.I,
)
_LEANING = re.compile(
    r"\b(?:this|these|that|those|it|its|they|them|their|ones?|such|there|latter|former|too|also|above)\b",
    re.I,
)


def question_in(text: str) -> str:
    """Give the one question that a passage asks; "" where it asks none or several."""
    words = plain(text)
    if not 0 < words.count("?") < 3:
        return ""
    asked = re.findall(r"(?:^|(?<=[.!?:;]\s))([A-Z“\"'][^.!?\n]{8,200}\?)(?=\s|$)", words)
    whole = [q.strip() for q in asked if _ASKING.match(q) and not _LEANING.search(q)]
    return whole[0] if len(whole) == 1 else ""
