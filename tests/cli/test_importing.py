"""import and schema --handoff on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]

HANDOFF = json.dumps(
    {
        "format": "atocore-handoff",
        "version": 1,
        "facts": [{"id": "P", "type": "component", "title": "Ring"}, {"id": "Q", "type": "gadget"}],
    }
)


def test_a_handoff_on_standard_input(spawn: Run) -> None:
    done = spawn("import", "--from-tool", "cad", "-", "--json", stdin=HANDOFF)
    assert done.code == 0
    assert (done.json["read"], done.json["candidates"]) == (1, 1)
    assert done.json["skipped"] == [
        {"path": "stdin", "place": "/facts/1/type", "id": "Q", "reason": done.json["skipped"][0]["reason"]}
    ]
    assert done.json["records"][0]["provenance"]["tool"] == "cad"


def test_people_read_what_came_and_what_did_not(run: Run) -> None:
    done = run("import", "--from-tool", "cad", "-", stdin=HANDOFF)
    assert "1 fact: 1 candidate" in done.out and "stdin/facts/1/type (Q): is no type" in done.err


def test_a_dry_run_shows_a_diff(run: Run) -> None:
    done = run("import", "--from-tool", "cad", "-", "--dry-run", stdin=HANDOFF)
    assert "+title: Ring" in done.out and "dry run" in done.err


def test_what_is_no_handoff_is_a_usage_error(run: Run) -> None:
    done = run("import", "--from-tool", "cad", "-", "--json", stdin="{}")
    assert (done.code, done.error["code"]) == (2, "bad-value")
    assert run("import", "x.json").code == 2


def test_the_formats_schema(run: Run) -> None:
    assert run("schema", "--handoff").json["title"] == "AtoCore handoff"
