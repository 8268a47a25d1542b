"""The handoff format: what a file says, and what is told of one that cannot be taken."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from atocore.errors import AtocoreError
from atocore.knowledge.handoff.format import Handoff, read_handoff
from atocore.knowledge.handoff.table import FACT, FORMAT, HEAD, handoff_schema

EXAMPLES = sorted((Path(__file__).parents[3] / "docs" / "handoff").glob("*.json"))
PART: dict[str, object] = {"id": "P", "type": "component", "title": "Ring"}


def text_of(*facts: object, **head: object) -> str:
    return json.dumps({"format": FORMAT, "version": 1, **head, "facts": list(facts)})


def read(text: str) -> Handoff:
    return read_handoff(text, "bom.json", lambda told: told.replace("hunter2", "[REDACTED: password]"))


def rows(*facts: object, **head: object) -> list[tuple[str, str]]:
    return [(row.place, row.reason) for row in read(text_of(*facts, **head)).rows]


# -- whole files


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "bom.json:1:1: not JSON"),
        ('{\n  "format": oops}', "bom.json:2:13: not JSON"),
        ("[]", "not an object"),
        ("7", "not an object"),
        ('{"facts": []}', "#/format is to be 'atocore-handoff'"),
        ('{"format": "atocore-handoff", "version": 2, "facts": []}', "#/version is '2'; this AtoCore reads"),
        ('{"format": "atocore-handoff", "version": "1", "facts": []}', "#/version"),
        ('{"format": "atocore-handoff", "version": true, "facts": []}', "#/version"),
        ('{"format": "atocore-handoff", "version": 1}', "#/facts is to be a list"),
        ('{"format": "atocore-handoff", "version": 1, "facts": {}}', "#/facts is to be a list"),
        ('{"format": "atocore-handoff", "version": 1, "facts": [], "project": {}}', "#/project is to be one"),
        ('{"format": "atocore-handoff", "version": 1, "facts": [NaN]}', "NaN"),
        ('{"format": "x", "format": "y"}', "'format' twice"),
        ("[" * (sys.getrecursionlimit() * 50), "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(AtocoreError) as refusal:
        read(text)
    assert refusal.value.code == "bad-value"
    assert told in refusal.value.message


def test_an_empty_list_of_facts_is_fine() -> None:
    assert read(text_of()).facts == ()


# -- facts


def test_numbers_stay_as_they_are_typed() -> None:
    raw = '{"id": "m", "type": "parameter", "subject": "r", "attribute": "m", "value": 4.20, "unit": "kg"}'
    text = f'{{"format": "{FORMAT}", "version": 1, "facts": [{raw}]}}'
    assert read(text).facts[0].value == "4.20 kg"
    assert read(text.replace("4.20", "1" * 250)).facts[0].value == "1" * 250 + " kg"
    assert read(text.replace("4.20", "true").replace(', "unit": "kg"', "")).facts[0].value == "true"


@pytest.mark.parametrize(
    ("fact", "place", "told"),
    [
        (7, "", "is no object"),
        ({"type": "component", "title": "x"}, "/id", "is missing"),
        ({**PART, "id": ""}, "/id", "is empty"),
        ({**PART, "id": "a\u0000b"}, "/id", "control character"),
        ({**PART, "id": "hunter2"}, "/id", "secret"),
        ({"id": "P", "title": "x"}, "/type", "is missing"),
        ({**PART, "type": "gadget"}, "/type", "is no type of entity"),
        ({**PART, "kind": "state"}, "/kind", "is to be one of: entity, memory"),
        ({**PART, "kind": "memory"}, "/type", "is no type of memory"),
        ({"id": "P", "type": "component"}, "", "says nothing"),
        ({**PART, "attribute": "mass"}, "/attribute", "goes with a `subject`"),
        ({**PART, "unit": "kg"}, "/unit", "goes with a number"),
        ({**PART, "value": "heavy", "unit": "kg"}, "/unit", "goes with a number"),
        ({**PART, "value": {"a": 1}}, "/value", "is to be one text"),
        ({**PART, "title": "a\nb"}, "/title", "is to be one line"),
        ({**PART, "title": "x" * 301}, "/title", "has 301 characters"),
        ({**PART, "text": "x" * 2001}, "/text", "has 2,001 characters"),
        ({**PART, "confidence": 2}, "/confidence", "from 0 to 1"),
        ({**PART, "confidence": "0.5"}, "/confidence", "from 0 to 1"),
        ({**PART, "valid_from": "soon"}, "/valid_from", "is to be a date"),
        ({**PART, "aliases": "A"}, "/aliases", "is to be a list"),
        ({**PART, "tags": ["x"] * 51}, "/tags", "at most 50"),
        ({**PART, "relations": [{"type": "likes", "target": "Q"}]}, "/relations", "unknown type"),
        ({**PART, "relations": [{"type": "part_of"}]}, "/relations", "pairs"),
        ({**PART, "relations": ["Q"]}, "/relations", "pairs"),
    ],
)
def test_a_bad_fact_is_a_row_and_stops_nothing(fact: object, place: str, told: str) -> None:
    done = read(text_of(fact, {**PART, "id": "GOOD"}))
    assert [one.id for one in done.facts] == ["GOOD"]
    assert done.rows[0].place == f"/facts/0{place}" and told in done.rows[0].reason


def test_a_number_as_id_is_the_text_that_was_typed() -> None:
    assert read(text_of({**PART, "id": 7})).facts[0].id == "7"


def test_an_id_twice_is_a_row_and_the_first_counts() -> None:
    done = read(text_of(PART, {**PART, "title": "Other"}))
    assert [one.title for one in done.facts] == ["Ring"]
    assert done.rows[0].reason == "has the id of /facts/0; the first one counts"


def test_unknown_keys_are_told_and_ignored() -> None:
    assert rows({**PART, "valeu": 1}, who="me") == [
        ("/who", "no such key; ignored"),
        ("/facts/0/valeu", "no such key; ignored"),
    ]


def test_a_fact_of_control_characters_says_nothing() -> None:
    done = read(text_of({"id": "P", "type": "component", "title": "\u0000\u0001"}))
    assert done.facts == () and done.rows[0].reason == "says nothing that can be written"


def test_null_is_absent() -> None:
    fact = read(text_of({**PART, "value": None, "relations": None}, project=None)).facts[0]
    assert (fact.value, fact.relations) == ("", ())


def test_secrets_and_control_characters_do_not_get_in() -> None:
    (fact,) = read(text_of({**PART, "text": "login hunter2\u0007 now", "aliases": ["hunter2"]})).facts
    assert "hunter2" not in fact.text + "".join(fact.aliases) and "\u0007" not in fact.text


def test_the_heads_file_and_revision_are_those_of_facts_that_name_none() -> None:
    one, two = read(text_of(PART, {**PART, "id": "Q", "revision": "B"}, file="a.asm", revision="A")).facts
    assert (one.file, one.revision, two.revision) == ("a.asm", "A", "B")


def test_a_tools_confidence_is_bounded() -> None:
    assert read(text_of({**PART, "confidence": 1})).facts[0].confidence == 0.95


# -- the published schema


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_fit_the_schema_and_give_no_rows(example: Path) -> None:
    text = example.read_text("utf-8")
    schema: Any = handoff_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(text))
    done = read(text)
    assert done.facts and not done.rows


@pytest.mark.parametrize(
    "fact",
    [{**PART, "type": "gadget"}, {**PART, "kind": "memory"}, {"id": "P"}, {**PART, "confidence": 2}],
)
def test_the_schema_refuses_what_reading_refuses(fact: dict[str, object]) -> None:
    schema: Any = handoff_schema()
    document = json.loads(text_of(fact))
    assert not Draft202012Validator(schema).is_valid(document)
    assert read(text_of(fact)).rows


def test_every_key_has_a_meaning() -> None:
    assert all(field.meaning for field in (*HEAD, *FACT))


@pytest.mark.parametrize("name", ["attribute", "subject", "question", "component", "title"])
def test_a_secret_that_only_its_name_shows_is_taken_out(name: str) -> None:
    def redact(told: str) -> str:
        return told.replace("password: Xy9", "password: [REDACTED: password]")

    fact = {"id": "A", "type": "decision", "subject": "router", name: "password", "value": "Xy9"}
    (taken,) = read_handoff(text_of(fact), "bom.json", redact).facts
    assert taken.value == "[REDACTED: password]"


def test_an_unknown_key_is_told_in_one_short_line_without_secrets() -> None:
    odd = {**PART, "a/b~c": 1, "evil\n# H\x1b[31m": 2, "K" * 5000: 3, "hunter2": 4}
    assert [place for place, _ in rows(odd, **{"x\ny": 1})] == [
        "/x y",
        "/facts/0/a~1b~0c",
        "/facts/0/evil # H [31m",
        "/facts/0/" + "K" * 60 + "…",
        "/facts/0/[REDACTED: password]",
    ]


@pytest.mark.parametrize(
    ("stated", "kept"), [("-0.0", 0.0), ("1e-9", 0.0), ("0.123456", 0.1235), ("1", 0.95)]
)
def test_a_confidence_is_one_that_a_record_can_say(stated: str, kept: float) -> None:
    text = text_of({**PART, "confidence": 7}).replace("7", stated)
    (taken,) = read(text).facts
    assert f"{taken.confidence:g}" == f"{kept:g}"
