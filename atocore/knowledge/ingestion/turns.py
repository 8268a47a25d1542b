"""A turn with an assistant as other clients hand it over: a JSON object, by our names or their hooks' own."""

from __future__ import annotations

import json
from collections.abc import Mapping

from atocore.errors import AtocoreError

NAMES: Mapping[str, tuple[str, ...]] = {
    "prompt": ("prompt", "user_prompt", "user_message"),
    "response": ("response", "last_assistant_message", "prompt_response", "assistant_message"),
    "client": ("client",),
    "session": ("session", "session_id", "conversation_id", "thread_id"),
    "prompt_id": ("prompt_id", "turn_id", "generation_id"),
    "cwd": ("cwd", "workspace_roots"),
    "at": ("at", "timestamp"),
}
"""What a turn holds, and under which names; the first that is given counts."""

_HINT = 'like: {"prompt": "…", "response": "…", "session": "…", "prompt_id": "…", "cwd": "…"}'


def read_turn(text: str) -> dict[str, str]:
    """The parts of a turn that a JSON object gives; unknown names are passed over.

    Raises `bad-value` for what is no object, or gives something else than text.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AtocoreError("bad-value", f"standard input is no JSON: {error}", _HINT) from error
    if not isinstance(given, dict):
        raise AtocoreError("bad-value", "standard input is no JSON object", _HINT)
    turn = {}
    for part, names in NAMES.items():
        for name in names:
            value = given.get(name)
            if isinstance(value, list) and name == "workspace_roots":
                value = value[0] if value else None
            if value is not None and not isinstance(value, str):
                raise AtocoreError("bad-value", f"`{name}` is to be a text, not {value!r}"[:200], _HINT)
            if value:
                turn[part] = value
                break
    return turn
