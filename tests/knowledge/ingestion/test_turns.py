"""A turn as other clients hand it over."""

from __future__ import annotations

import json

import pytest

from atocore.errors import AtocoreError
from atocore.knowledge.ingestion.turns import read_turn


def test_our_own_names() -> None:
    given = {"prompt": "p", "response": "r", "client": "c", "session": "s", "prompt_id": "1", "cwd": "/w"}
    assert read_turn(json.dumps({**given, "at": "2026-11-22T07:46:00Z", "model": {"x": 1}})) == {
        **given,
        "at": "2026-11-22T07:46:00Z",
    }


def test_the_names_of_other_clients_hooks() -> None:
    given = {
        "conversation_id": "s",
        "generation_id": "1",
        "prompt": "p",
        "prompt_response": "r",
        "workspace_roots": ["/w", "/x"],
        "timestamp": "2026-11-22T07:46:00Z",
    }
    assert read_turn(json.dumps(given)) == {
        "prompt": "p",
        "response": "r",
        "session": "s",
        "prompt_id": "1",
        "cwd": "/w",
        "at": "2026-11-22T07:46:00Z",
    }


def test_what_is_null_or_empty_is_not_given() -> None:
    assert read_turn('{"prompt": "p", "response": null, "session": "", "workspace_roots": []}') == {
        "prompt": "p"
    }


@pytest.mark.parametrize("text", ["", "garbage", "[]", "7", '{"prompt": 7}', '{"cwd": {}}', "[" * 100_000])
def test_what_is_no_turn(text: str) -> None:
    with pytest.raises(AtocoreError) as caught:
        read_turn(text)
    assert caught.value.code == "bad-value"
    assert len(caught.value.message) < 400
