"""The plain form of `atocore.yaml`, as `init` writes it, read without YAML's parser, whose import costs more
than all else that a command does with its settings. What is written in any other form is for the parser."""

from __future__ import annotations

import re
from typing import TypeAlias

Plain: TypeAlias = bool | int | float | str | list[str] | None

_LINE = re.compile(
    r"(?P<indent>  )?(?P<name>[a-z][a-z_]{0,63}):"
    r"(?: (?:(?P<flag>true|false)|(?P<float>[0-9]{1,9}\.[0-9]{1,9})|(?P<int>0|[1-9][0-9]{0,14})"
    r'|"(?P<quoted>[^"\\]*)"|(?P<none>\[\])|(?P<word>[a-z]+(?:-[a-z]+)*)))?'
)
_ITEM = re.compile(r'    - "([^"\\]*)"')
_NO_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def read_plain(text: str) -> dict[str, Plain | dict[str, Plain]] | None:
    """The document of a file in the plain form; None where it is in any other."""
    found: dict[str, Plain | dict[str, Plain]] = {}
    group: dict[str, Plain] | None = None
    items: list[str] | None = None  # of the last name of the group, where it had no value
    open_name = ""
    for line in text.split("\n"):
        if not line.isprintable():
            return None
        if not line or line.lstrip(" ").startswith("#"):
            continue
        item = _ITEM.fullmatch(line)
        if item and group is not None and open_name:
            if items is None:
                group[open_name] = items = []
            items.append(item[1])
            continue
        match = _LINE.fullmatch(line)
        if match is None or match["word"] in _NO_WORDS or match["name"] in _NO_WORDS:
            return None
        name, items = match["name"], None
        empty = match.end() == match.end("name") + 1
        if match["indent"]:
            if group is None or name in group:
                return None
            group[name] = _value(match)
            open_name = name if empty else ""
            continue
        if name in found:
            return None
        open_name, group = "", {} if empty else None
        found[name] = group if group is not None else _value(match)
    return {name: value if value != {} else None for name, value in found.items()}


def _value(match: re.Match[str]) -> Plain:
    if match["flag"]:
        return match["flag"] == "true"
    if match["int"]:
        return int(match["int"])
    if match["float"]:
        return float(match["float"])
    if match["none"]:
        return []
    return match["quoted"] if match["quoted"] is not None else match["word"]
