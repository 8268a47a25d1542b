"""Words with one meaning: yes and no, versions, links."""

from __future__ import annotations

import re

_YES = frozenset({"yes", "true", "on", "enabled", "✓", "✔", "✅", "☑"})
_NO = frozenset({"no", "false", "off", "disabled", "not enabled", "✗", "✘", "❌", "☐"})
_DOTTED = re.compile(r"(?:v|version |ver\.? |release )?(\d{1,9}(?:\.\d{1,9}){0,7})", re.I)
_STAGED = re.compile(
    r"(?:v|version |ver\.? |release )?"
    r"(\d{1,9}(?:\.\d{1,9}){1,7}[-_.]?(?:a|b|rc|alpha|beta|dev|post)[-_.]?\d{0,6})",
    re.I,
)
_LINK = re.compile(
    r"!?\[([^\[\]]{1,200})\]\(<?([^\s()<>]{1,250}(?:\([^\s()]*\)[^\s()<>]*)?)>?(?: \"[^\"]*\")?\)"
)
_WIKI = re.compile(r"\[\[([^\[\]|]{1,200})(?:\|([^\[\]]{1,200}))?\]\]")
_URL = re.compile(r"(https?)://([^\s/?#]+)([^\s?#]*)(\?[^\s#]*)?(#\S*)?", re.I)


def truth(text: str) -> str:
    """`yes` or `no` for the words that say it, "" for others. `1` and `0` are numbers."""
    folded = text.casefold()
    return "yes" if folded in _YES else "no" if folded in _NO else ""


def version_key(text: str) -> str:
    """One text for the ways to write a version: `v1.2` is `1.2` and `1.2.0`; `1.10` is not `1.1`. It is the
    text that a bare number has, which it may be."""
    if match := _DOTTED.fullmatch(text):
        marked = text[0] in "vV" or match[1] != text
        if not marked and "." not in match[1]:
            return ""
        if text[0] == "V" and "." not in match[1] and text[1:2].isdigit():
            return ""  # "V5" may be a valve
        return f"number {_release(match[1])}"
    if match := _STAGED.fullmatch(text):
        from packaging.utils import canonicalize_version

        return f"version {canonicalize_version(match[1])}"
    return ""


def _release(dotted: str) -> str:
    parts = dotted.split(".")
    while len(parts) > 1 and not parts[-1].strip("0"):
        parts.pop()
    return ".".join(parts)


def link(text: str) -> tuple[str, str]:
    """Where a link leads, and the words it is shown with; both "" where the text is no link."""
    if match := _LINK.fullmatch(text):
        return _target(match[2]), match[1].strip()
    if match := _WIKI.fullmatch(text):
        return "", (match[2] or match[1]).strip()
    return (_target(text), "") if _URL.fullmatch(text) else ("", "")


def _target(address: str) -> str:
    """An address in one form: scheme and host without case, no closing slash. A path counts with its case."""
    match = _URL.fullmatch(address)
    if match is None:
        return address
    scheme, host, path, query, fragment = match.groups()
    host = host.casefold().removesuffix(":80" if scheme.casefold() == "http" else ":443")
    return f"{scheme.casefold()}://{host}{path.rstrip('/')}{query or ''}{fragment or ''}"
