"""Known secrets are taken out in whatever dress they stand, and nothing else is."""

from __future__ import annotations

import base64
import json
import re
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.knowledge import redaction
from atocore.knowledge.redaction import Redactor, Secret
from atocore.records.codec import read

VALUE = "Tr0ub4dor&3/ü\"x'9"
LONG = "ghp_" + "a1B2c3D4e5F6" * 3


def without(text: str | bytes, *values: str) -> bytes:
    raw = text.encode() if isinstance(text, str) else text
    return Redactor([Secret(value, "x") for value in values]).text(raw)


@pytest.mark.parametrize(
    "dress",
    [
        VALUE.encode(),
        VALUE.encode("latin-1"),
        VALUE.encode("utf-16-le"),
        VALUE.encode("utf-16-be"),
        json.dumps(VALUE).encode(),
        json.dumps(VALUE, ensure_ascii=False).encode(),
        quote(VALUE, safe="").encode(),
        VALUE.replace("'", "''").encode(),
        base64.b64encode(VALUE.encode()),
        VALUE.replace("&", "&amp;").encode(),
    ],
)
def test_each_dress(dress: bytes) -> None:
    gone = without(b"<" + dress + b">", VALUE)
    assert b"4dor" not in gone.replace(b"\0", b"")
    assert b"[REDACTED:x]" in gone.replace(b"\0", b"")
    assert (gone[:1], gone[-1:]) == (b"<", b">")


@pytest.mark.parametrize("broken", ["\n", "\r\n", "\n    ", "\n> ", "\\\n", "\n# "])
def test_a_long_one_may_be_broken_over_lines(broken: str) -> None:
    assert without(f"a {LONG[:9]}{broken}{LONG[9:]} b", LONG) == b"a [REDACTED:x] b"


def test_a_short_one_goes_as_a_word_alone() -> None:
    assert (
        without("abc1 xabc1 abc1x abc12 (abc1)", "abc1") == b"[REDACTED:x] xabc1 abc1x abc12 ([REDACTED:x])"
    )


def test_the_longer_of_two_goes_first_and_nothing_twice() -> None:
    once = without(f"{LONG}tail {LONG}", LONG, f"{LONG}tail")
    assert once == b"[REDACTED:x] [REDACTED:x]"
    assert without(once, LONG) == once


BITS = st.sampled_from(
    [*"ab#>\\*|\"'&ü \t\r\n\x0b\u2028", "\r\n", "\\n", "ab12", "-----", "x" * 20, "yz" * 16]
)
VALUES = st.lists(BITS, min_size=1, max_size=6).map("".join)


@given(st.lists(VALUES, min_size=1, max_size=3), st.data())
def test_the_needles_leave_out_nothing_that_a_pattern_fits(values: list[str], data: st.DataObject) -> None:
    redactor = Redactor([Secret(value, "x") for value in values])
    dressed = st.sampled_from(redactor._dresses).map(lambda one: st.from_regex(one.pattern))
    pieces = st.one_of(BITS.map(str.encode), dressed.flatmap(lambda one: one))
    raw = b"".join(data.draw(st.lists(pieces, max_size=4)))
    every = re.compile(b"|".join(b"(" + one.pattern + b")" for one in redactor._dresses))
    assert redactor.held(raw) == sum(1 for _ in every.finditer(raw))
    assert redactor.holds(raw) == (every.search(raw) is not None)


def test_many_secrets_cost_little_more_than_one() -> None:
    many = Redactor([Secret(f"{number:03}{LONG}", "x") for number in range(200)])
    raw = redaction._bytes("0123456789 and all the words of a usual file, some of them 42 times\n") * 1000
    began = time.process_time()
    assert not many.holds(raw)
    assert time.process_time() - began < 1  # a pattern of all of them took half a minute


def test_without_secrets_nothing_changes() -> None:
    assert not Redactor([Secret("", "x")]).holds(b"anything")
    assert without(b"\xff\0") == b"\xff\0"


@pytest.mark.parametrize(
    "line",
    [
        "value: {}",
        "value: '{}'",
        'value: "{}"',
        "value: {} and more",
        "aliases: [{}, b]",
        "aliases:\n- {}",
        "provenance:\n  quote: >-\n    it is\n    {}",
        "provenance: {{quote: {}}}",
        "title: |\n  {}",
        "x-mine: {}   # a comment",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_record_keeps_its_shape_and_id(line: str, end: str) -> None:
    head = "id: mem-a00000000000\nkind: memory\ntype: knowledge\nstatus: active"
    text = f"---\n{head}\n{line.format(LONG)}\n---\nSee {LONG}.\n"
    raw = text.replace("\n", end).encode()
    before = read("memories/a.md", raw, max_bytes=9999)
    clean = Redactor([Secret(LONG, "x")]).file("memories/a.md", raw)
    after = read("memories/a.md", clean, max_bytes=9999)
    assert before.record is not None and after.record is not None
    assert LONG.encode() not in clean
    assert after.record.id == before.record.id
    assert after.problems == before.problems
    assert list(map(type, after.record.header.values.values())) == list(
        map(type, before.record.header.values.values())
    )
