"""The shapes that others build on: every field that the contract names is in the JSON, with its type."""

from __future__ import annotations

import json
from typing import Any

from desk import Desk
from helpers import whole

from atocore.app.answers import as_json

MASS, GEM = whole("mem-mass"), whole("mem-gem")
RECORD = [
    *["id", "kind", "type", "status", "layer", "project", "path", "title"],
    *["subject", "attribute", "value", "confidence", "provenance", "draft", "disputed"],
    *["source_changed", "rejected_before", "reinforced", "graduated_to", "would_conflict"],
]
HIT = [
    *["id", "kind", "type", "status", "layer", "project", "path", "heading", "title"],
    *["snippet", "score", "why", "draft", "disputed", "committed_status"],
]
CONFLICT = ["id", "status", "type", "slot", "prevailing", "members", "path"]


def plain(answer: object) -> Any:
    """An answer as the JSON document that the CLI prints."""
    return json.loads(json.dumps(as_json(answer)))


def has(value: dict[str, Any], *names: str) -> None:
    missing = set(names) - value.keys()
    assert missing == set(), f"{missing} not in {sorted(value)}"


def rival(desk: Desk) -> dict[str, Any]:
    keys = {"project": "scope", "subject": "primary mirror", "attribute": "glass", "value": "ULE"}
    return plain(desk.vault.new("memory", "It is ULE.", type="knowledge", keys=keys))


def test_search(desk: Desk) -> None:
    rival(desk)
    answer = plain(desk.vault.search("mirror Zerodur", words=True, limit=3))
    has(answer, "query", "mode", "commit", "notes", "hits")
    assert answer["query"] == "mirror Zerodur"
    assert answer["mode"] == "words"
    assert answer["commit"] == desk.head()
    assert answer["notes"] == []
    assert 0 < len(answer["hits"]) <= 3
    for hit in answer["hits"]:
        has(hit, *HIT)
        assert isinstance(hit["score"], float)
        assert isinstance(hit["why"], str)
        assert isinstance(hit["draft"], bool)
    gem = next(hit for hit in answer["hits"] if hit["id"] == GEM)
    assert gem["layer"] == "L1"
    assert gem["disputed"][0].keys() == {"id", "value", "layer", "conflict"}


def test_context(desk: Desk) -> None:
    answer = plain(desk.vault.context("primary mirror Zerodur", project="scope", budget=300, words=True))
    has(answer, "commit", "budget_tokens", "used_tokens", "sections", "left_out", "text")
    assert answer["budget_tokens"] == 300
    assert 0 < answer["used_tokens"] <= 300
    for section in answer["sections"]:
        assert section.keys() == {"name", "items"}
        for item in section["items"]:
            has(item, "id", "path", "text", "tokens", "disputed")
            assert item["text"] in answer["text"]
    tight = plain(desk.vault.context("primary mirror frame Zerodur", project="scope", budget=60, words=True))
    assert [entry.keys() for entry in tight["left_out"]] == [{"id", "reason"}] * len(tight["left_out"])
    assert tight["used_tokens"] <= 60


def test_list_and_show(desk: Desk) -> None:
    answer = plain(desk.vault.list(kind="memory"))
    assert [record["id"] for record in answer["records"]] == [GEM, MASS]
    for record in answer["records"]:
        assert record.keys() == set(RECORD)
        assert record["confidence"] is None
        assert record["provenance"] is None
        assert record["disputed"] is None
    full = plain(desk.vault.list(kind="memory", full=True))
    assert {record["text"] for record in full["records"]} == {
        "The primary mirror weighs 4.2 kg with its cell.\n",
        "The primary mirror is made of Zerodur.\n",
    }
    shown = plain(desk.vault.show(GEM))
    has(shown, *RECORD, "text", "hash", "history", "conflicts", "relations", "linked_from")
    has(shown["history"][0], "commit", "date", "author", "actor", "action", "records", "subject", "reason")


def test_list_filters(desk: Desk) -> None:
    def ids(**filters: Any) -> set[str]:
        return {record.id for record in desk.vault.list(**filters).records}

    frame, scope = whole("ent-frame"), "prj-sc0pe0000000"
    assert ids() == {MASS, GEM, frame, scope}
    assert ids(status="candidate") == {MASS}
    assert ids(type="component") == {frame}
    assert ids(project="scope", kind="memory") == {MASS, GEM}
    assert ids(project="nowhere") == set()
    assert len(ids(limit=2)) == 2
    assert {record.kind for record in desk.vault.list(kind="note").records} == {"note"}


def test_a_writing_verb(desk: Desk) -> None:
    answer = rival(desk)
    has(answer, "commit", "records", "conflicts")
    assert answer["commit"] == desk.head()
    assert set(RECORD) <= answer["records"][0].keys()
    has(answer["conflicts"][0], *CONFLICT)


def test_conflicts_list(desk: Desk) -> None:
    rival(desk)
    answer = plain(desk.vault.conflicts_list())
    assert answer.keys() == {"conflicts"}
    (conflict,) = answer["conflicts"]
    has(conflict, *CONFLICT)
    for member in conflict["members"]:
        has(member, "id", "value", "layer", "path")


def test_ingest(desk: Desk) -> None:
    folder = desk.folder.parent / "docs"
    folder.mkdir()
    (folder / "adr.md").write_text("# Use a truss\n\n## Decision\n\nWe will use a Serrurier truss.\n")
    (folder / "picture.png").write_bytes(b"png")
    answer = plain(desk.vault.ingest(folder, project="scope"))
    has(
        answer,
        *[
            "commit",
            "records",
            "conflicts",
            "wave",
            "read",
            "unchanged",
            "chunks",
            "candidates",
            "deferred",
            "skipped",
            "report",
        ],
    )
    assert (answer["read"], answer["unchanged"]) == (1, 0)
    assert answer["candidates"] >= 1
    assert answer["skipped"] == [{"path": "picture.png", "reason": "not one of ingest.include"}]
    assert (desk.folder / answer["report"]).read_text().startswith("# Wave ")
    candidate = next(record for record in answer["records"] if record["status"] == "candidate")
    has(candidate["provenance"], "source", "chunk", "path", "heading", "lines", "rule", "extractor", "wave")
    assert candidate["provenance"]["path"] == "adr.md"
    assert candidate["provenance"]["wave"] == answer["wave"]
    assert 0 <= candidate["confidence"] <= 1


def test_check_and_status(desk: Desk) -> None:
    desk.put("memories/scope/bad.md", "no header\n")
    desk.commit()
    answer = plain(desk.vault.check())
    assert answer["problems"][0].keys() == {"path", "line", "code", "severity", "message", "hint"}
    assert (answer["problems"][0]["code"], answer["problems"][0]["severity"]) == ("no-frontmatter", "error")
    status = plain(desk.vault.status())
    has(status, "open_conflicts_count", "commit", "indexed_commit", "covered", "problems", "drafts")
    assert status["commit"] == status["indexed_commit"] == desk.head()
    assert status["problems"] == {"error": 1, "warning": 0}
    assert status["covered"]["of"] - status["covered"]["files"] == 1
    assert status["covered"]["missing"][0]["path"] == "memories/scope/bad.md"


def test_log(desk: Desk) -> None:
    desk.vault.promote(MASS, reason="weighed")
    (entry,) = plain(desk.vault.log(MASS, limit=1))["entries"]
    assert entry["action"] == "promote"
    assert entry["records"] == [MASS]
    assert entry["commit"] == desk.head()
    assert entry["reason"] == "weighed"


def test_search_batch_answers_each_query_with_its_own_filters(desk: Desk) -> None:
    queries = [("Zerodur", {}), ("weighs", {"status": "candidate"}), ("weighs", {})]
    answers = list(desk.vault.search_batch(queries, words=True))
    assert [[hit.id for hit in answer.hits] for answer in answers] == [[GEM], [MASS], []]
