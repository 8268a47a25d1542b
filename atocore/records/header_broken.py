"""What to tell people about a header that is not YAML: the line to look at, in plain words.

Knows the C parser's complaints, and nothing of what a header means.
"""

from __future__ import annotations

import re

import yaml

from atocore.records.header_text import Fault, line_of

_KEY_LINE = re.compile(r"[^\s#,\[\]{}-][^\r\n,\[\]{}]*:(?:\s|$)")
_PLAIN_WORDS = {
    "mapping values are not allowed in this context": "a value with a colon and a blank must be quoted",
    "could not find expected ':'": "the line is neither `key: value` nor part of the value above",
    "did not find expected key": "the line does not fit the ones above: look at its indentation and quotes",
}


def broken(text: str, error: yaml.YAMLError, unclosed: list[int]) -> Fault:
    """The parser's complaint with the line to look at, which is not always the line where it gave up.

    `unclosed` holds the lines of the `[` and `{` that were open then.
    """
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark, context_mark = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    offset = mark.index if mark else int(getattr(error, "position", 0))
    line = line_of(text, offset)
    if "maximum nesting depth" in problem:  # libyaml 0.2.6 looks ahead, and gives up before we count
        return Fault(line, "too-deep", "the frontmatter is too large: nested too deeply to be read")
    if context_mark and problem.startswith("could not find expected ':'"):
        line = line_of(text, context_mark.index)
    elif unclosed and (not text[offset:].strip() or _KEY_LINE.match(text, text.rfind("\n", 0, offset) + 1)):
        return Fault(
            unclosed[-1], "broken-yaml", "a [ or { is never closed (a # behind a blank starts a comment)"
        )
    elif context_mark and "quoted scalar" in str(getattr(error, "context", "")) and not text[offset:].strip():
        return Fault(line_of(text, context_mark.index), "broken-yaml", "a quote is never closed")
    if "cannot start any token" in problem:
        return Fault(line, "broken-yaml", _start_message(text, offset))
    return Fault(line, "broken-yaml", _PLAIN_WORDS.get(problem, problem))


def _start_message(text: str, offset: int) -> str:
    char = text[offset : offset + 1]
    if char == "\t":
        return "the line is indented with a tab; use blanks"
    return f"a value cannot start with {char}; quote it"
