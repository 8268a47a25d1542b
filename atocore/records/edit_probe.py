"""What YAML's own parser makes of a text as it would be written: for the texts that no rule decides."""

from __future__ import annotations

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def reads_back(text: str) -> bool:
    """Whether `key: text` reads back as the same plain text."""
    loader = _Loader(f"k: {text}\n")
    try:
        for _ in range(4):
            loader.get_event()
        event = loader.get_event()
        following = loader.get_event()
    except (yaml.YAMLError, ValueError):
        return False
    plain = (
        type(event) is yaml.ScalarEvent
        and event.value == text
        and not (event.style or event.anchor or event.tag)
    )
    return plain and type(following) is yaml.MappingEndEvent


def is_key(text: str) -> bool:
    """Whether `text: value` reads back with the same key."""
    loader = _Loader(f"{text}: v\n")
    try:
        for _ in range(3):
            loader.get_event()
        event = loader.get_event()
        loader.get_event()
    except (yaml.YAMLError, ValueError):
        return False
    return type(event) is yaml.ScalarEvent and event.value == text


def loads_elsewhere(text: str) -> bool:
    """Whether readers that resolve types get through: `2026-02-30` or `=` makes them raise."""
    try:
        yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError):
        return False
    return True
