"""The schema table, and the JSON Schema that is published from it: both judge a record alike."""

from __future__ import annotations

from collections.abc import Mapping

import jsonschema
import pytest
from helpers import file_text
from hypothesis import given
from hypothesis import strategies as st

from atocore.records.codec import read
from atocore.records.edit import render
from atocore.records.header import Value, parse
from atocore.records.kinds import KINDS, Kind
from atocore.records.record import Provenance, Ruling
from atocore.records.relation_table import RELATION_TYPES
from atocore.records.schema import BY_NAME, GRADUATION_TYPES, KEY_ORDER, KEYS, json_schema, required

SCHEMA = jsonschema.Draft202012Validator(json_schema())

CONTRACT_KEYS = """
title description aliases tags subject attribute value question component confidence valid_from valid_until
stale_after review_after supersedes superseded_by graduated_to proposes relations provenance ruling created
"""
OKF_RESERVED = ("sources", "generated", "verified", "resource")


def accepted(items: Mapping[str, object]) -> bool:
    return SCHEMA.is_valid(jsonable(items))


def jsonable(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: jsonable(part) for key, part in value.items()}
    return [jsonable(part) for part in value] if isinstance(value, tuple) else value


def least(kind: Kind) -> dict[str, Value]:
    spec = KINDS[kind]
    items: dict[str, Value] = {"id": f"{spec.prefix}-7k2m9qxw4d3f", "kind": str(kind)}
    if spec.types:
        items["type"] = spec.types[0]
    if spec.statuses:
        items["status"] = spec.statuses[0]
    return items


def codec_says(items: Mapping[str, Value]) -> list[str]:
    raw = render(items, "It is so.\n")
    return [problem.code for problem in read("somewhere.md", raw, max_bytes=len(raw)).problems]


def test_the_schema_is_a_valid_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_every_key_of_the_contract_is_in_the_table() -> None:
    assert set(CONTRACT_KEYS.split()) <= set(BY_NAME)
    assert len(BY_NAME) == len(KEYS) == len(KEY_ORDER)


def test_names_that_the_open_knowledge_format_reserves_mean_nothing_else_here() -> None:
    assert not set(OKF_RESERVED) & set(BY_NAME)


def test_the_parts_of_mappings_are_those_that_the_record_has() -> None:
    assert set(BY_NAME["provenance"].parts) == set(Provenance.__dataclass_fields__)
    assert set(BY_NAME["ruling"].parts) == set(Ruling.__dataclass_fields__)
    assert BY_NAME["relations"].choices == RELATION_TYPES


def test_graduation_leads_to_types_that_exist() -> None:
    assert set(GRADUATION_TYPES) <= set(KINDS[Kind.MEMORY].types)
    assert set(GRADUATION_TYPES.values()) <= set(KINDS[Kind.ENTITY].types)


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_least_record_of_each_kind_is_accepted(kind: Kind) -> None:
    assert codec_says(least(kind)) == []
    assert accepted(least(kind))
    assert tuple(least(kind)) == required(kind)


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind in KINDS for key in required(kind)])
def test_a_required_key_is_missed_by_both(kind: Kind, key: str) -> None:
    items = {name: value for name, value in least(kind).items() if name != key}
    assert not accepted(items)
    raw = render(items, "x\n")
    problems = read(f"{KINDS[kind].folder}/a.md", raw, max_bytes=len(raw)).problems
    assert [p.code for p in problems] == ["missing-id" if key == "id" else "missing-key"]


@pytest.mark.parametrize("kind", [kind for kind, spec in KINDS.items() if spec.statuses])
@pytest.mark.parametrize("wrong", ["Active", "active ", "done", "no"])
def test_a_wrong_status_is_refused_by_both(kind: Kind, wrong: str) -> None:
    items = {**least(kind), "status": wrong}
    assert not accepted(items)
    assert codec_says(items) == ["unknown-status"]


@pytest.mark.parametrize("kind", [kind for kind, spec in KINDS.items() if spec.types])
def test_a_wrong_type_is_refused_by_both(kind: Kind) -> None:
    items = {**least(kind), "type": "nonsense"}
    assert not accepted(items)
    assert codec_says(items) == ["unknown-type"]


def test_another_kinds_id_is_refused_by_both() -> None:
    items = {**least(Kind.MEMORY), "id": "ent-7k2m9qxw4d3f"}
    assert not accepted(items)
    assert codec_says(items) == ["bad-id"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", ""),
        ("aliases", ("M1", "mirror")),
        ("aliases", "M1"),
        ("aliases", (("a wikilink",),)),
        ("confidence", "0.8"),
        ("confidence", ".5"),
        ("confidence", "1.0"),
        ("confidence", ""),
        ("valid_from", "2026-01-01"),
        ("valid_from", "2026-01-01T10:00:00+01:00"),
        ("valid_until", ""),
        ("proposes", {"supersede": "mem-2h8d5k1n9q4r"}),
        ("proposes", ""),
        ("relations", ({"type": "satisfies", "target": "ent-4t6w8y0a2c5e"},)),
        ("relations", {"type": "satisfies", "target": "ent-4t6w8y0a2c5e"}),
        ("relations", ({"type": "satisfies", "target": "[[Mass budget]]"},)),
        ("relations", ({"type": "satisfies", "target": (("Mass budget",),)},)),
        ("relations", ""),
        ("provenance", {"quote": "so", "a team's own": ("x",)}),
        ("ruling", {"step": "promote"}),
        ("cssclasses", ("wide",)),
        ("session", ("a team's own use of a name",)),
        ("winner", {"of": "the race"}),
        ("members", "everybody"),
    ],
)
def test_a_value_that_the_codec_takes_is_taken_by_the_schema(key: str, value: Value) -> None:
    items = {**least(Kind.MEMORY), key: value}
    assert codec_says(items) == []
    assert accepted(items)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", ("a", "b")),
        ("aliases", {"a": "b"}),
        ("confidence", "80 %"),
        ("confidence", "8e-1"),
        ("confidence", "1.5"),
        ("confidence", "nan"),
        ("valid_from", "next year"),
        ("valid_from", "2026-01-01_10:00"),
        ("proposes", "mem-2h8d5k1n9q4r"),
        ("proposes", {"note": "mem-2h8d5k1n9q4r"}),
        ("proposes", {"supersede": ("mem-2h8d5k1n9q4r",)}),
        ("relations", "ent-4t6w8y0a2c5e"),
        ("relations", ({"type": "likes", "target": "ent-4t6w8y0a2c5e"},)),
        ("relations", ({"type": "satisfies"},)),
        ("relations", ({"type": "satisfies", "target": ""},)),
        ("relations", ({"type": "satisfies", "target": ("ent-4t6w8y0a2c5e",)},)),
        ("relations", ({"type": "satisfies", "target": ((),)},)),
        ("ruling", "promote"),
    ],
)
def test_a_value_of_the_wrong_form_is_a_warning_and_refused_by_the_schema(key: str, value: Value) -> None:
    items = {**least(Kind.MEMORY), key: value}
    assert codec_says(items) == ["bad-value"]
    assert not accepted(items)


def test_a_date_that_no_calendar_has_is_a_warning() -> None:
    assert codec_says({**least(Kind.MEMORY), "valid_from": "2026-02-30"}) == ["bad-value"]


def test_a_conflict_can_only_have_settled_by_itself() -> None:
    items = {**least(Kind.CONFLICT), "how": "amicably"}
    assert codec_says(items) == ["bad-value"]
    assert not accepted(items)
    assert accepted({**least(Kind.CONFLICT), "how": "settled"})


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
VALUES = st.one_of(
    TEXTS,
    st.sampled_from(["0.8", "2026-01-01", "2026-01-01T10:00:00Z", "mem-7k2m9qxw4d3f", "settled", "1"]),
    st.lists(TEXTS, max_size=3).map(tuple),
    st.fixed_dictionaries({"type": st.sampled_from(RELATION_TYPES), "target": TEXTS}).map(lambda one: (one,)),
    st.dictionaries(st.sampled_from(["supersede", "retire", "step", "by", "x"]), TEXTS, max_size=2),
)


@given(
    kind=st.sampled_from(list(KINDS)),
    more=st.dictionaries(
        st.sampled_from([k for k in KEY_ORDER if k not in ("id", "kind")]), VALUES, max_size=6
    ),
)
def test_the_schema_accepts_every_record_that_the_codec_finds_nothing_wrong_with(
    kind: Kind, more: dict[str, Value]
) -> None:
    items = {**more, **least(kind)}
    raw = render(items, "")
    document, _ = parse(raw, "")
    assert document is not None
    assert document.header is not None
    reading = read("somewhere.md", raw, max_bytes=len(raw))
    if not reading.problems:
        assert accepted({item.key: item.value for item in document.header.items}), items


def test_each_documented_example_is_accepted() -> None:
    for key in KEYS:
        if not key.example or key.name in ("id", "kind", "type", "status"):
            continue
        kind = key.kinds[0]
        lines = "".join(f"{name}: {value}\n" for name, value in least(kind).items())
        raw = file_text("x.md", f"---\n{lines}{key.name}: {key.example}\n---\n").encode()
        assert read("x.md", raw, max_bytes=len(raw)).problems == (), key.name
        document, _ = parse(raw, "")
        assert document is not None
        assert document.header is not None
        assert accepted({item.key: item.value for item in document.header.items}), key.name
