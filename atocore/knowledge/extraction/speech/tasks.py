"""Tasks: where in a person's sentence a statement ends and what the assistant shall do with it begins.

Knows wording as typed. Must not know cues.
"""

from __future__ import annotations

import re

_DO = (
    r"(?:fix|update|change|check|redo|redraw|recompute|recalculate|compute|calculate|generate|regenerate"
    r"|write|rewrite|add|remove|delete|make|adjust|correct|order|profile|tell|show|give|create|refactor"
    r"|rename|finish|run|rerun|implement|draw|plot|explain|review|draft|replace|convert|put|move|verify"
    r"|look|help|go (?:on|ahead|through)|list|mention|document|include|extend|revert|search|find|build"
    r"|design|prepare|plan|schedule|clean|simplify|format|adapt|apply|summari[sz]e|estimate|size|model"
    r"|double-check|rework|propose|suggest|scale|print|export|sort|extract|merge|commit|push|insert"
    r"|optimi[sz]e|debug|try|compare|set (?:it|this|that|the|up)|drop (?:it|this|that|the)"
    r"|keep (?:it|this|that|the|your)|use (?:it|this|that|the)|do (?:it|this|that|the|so)"
    r"|ask (?:him|her|them|me)|take (?:it|this|that) into|see (?:if|whether|that)|make sure|consider"
    r"|account for|reflect|respect)"
)
_ASK = (
    r"(?:(?:and|so|then|but|therefore|hence|thus) )?(?:(?:please|pls|now|just|also|first|then) )*"
    rf"(?:{_DO}\b|(?:can|could|would|will) you\b|(?:you (?:can|should|need to|have to)|we (?:need|have) to"
    rf"|let'?s|i need (?:you )?to|i want you to) (?:(?:please|now|just|also|first|then) )*{_DO}\b"
    r"|(?:what|how|which|why|where|when) (?:is|are|do|does|did|should|would|can|many|much|long)\b)"
)
_TASK = re.compile(
    rf"\s*(?:[,;:]|\s[-–—]+|\.\.+|(?= (?:so|and) (?:please|pls|now|can you|could you)\b))\s*{_ASK}",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\s*(?:,|;|\s[-–—]) *(?:and |so |but |then )?(?:what|how|which|where|why|when|who|can|could|would|will"
    r"|should|do|does)"
    r"\b[^,;?]{3,120}\?+\s*$",
    re.IGNORECASE,
)
_LEAST = 3  # words of a statement


def before_task(text: str) -> str:
    """What of a sentence stands before the task in it; "" where no task is in it, or nothing before it."""
    match = _TASK.search(text) or _ASKS.search(text)
    if match is None:
        return ""
    said = text[: match.start()].rstrip(" ,;:-–—")
    return said if len(said.split()) >= _LEAST else ""


def is_order(words: str) -> bool:
    """Whether words open by telling the assistant to do something now."""
    return bool(_ORDER.match(words))


_ORDER = re.compile(
    rf"\W*(?:(?:please|pls|now|just|also|first|then|and|so|ok|next) )*(?:{_DO}|use|set|do|keep|let|ensure"
    r"|confirm|test|choose|select|note|assume|take|get|open|close|start|stop|read|call|return|wait"
    r"|ask|see|turn|name|define|declare|remember|forget)\b(?! (?:is|are|has|have|was)\b)"
)
