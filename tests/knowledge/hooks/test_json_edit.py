"""JSON text is edited in place: the value is as meant, and every byte outside of the change is as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.knowledge.hooks.json_edit import (
    JsonError,
    JsonText,
    find,
    items,
    members,
    read_json,
    with_item,
    with_member,
    with_value,
    without,
)

ADDED = {"Stop": [{"hooks": [{"command": 'it\'s “here” \\ "there"', "timeout": 30}]}]}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
objects = st.dictionaries(st.text(max_size=5), values, max_size=4)
indents = st.sampled_from([None, 1, 2, 4, "\t"])
line_ends = st.sampled_from(["\n", "\r\n"])
comments = st.sampled_from(["", " ", '/* , ] } " */', '// " , ]\n', "\n", "\r\n\t", " /* a */ // b\n "])


@st.composite
def tidy(draw: st.DrawFn) -> str:
    """An object as programs write it."""
    text = json.dumps(draw(objects), indent=draw(indents), ensure_ascii=draw(st.booleans()))
    text = text.replace("\n", draw(line_ends))
    return draw(st.sampled_from(["", "\ufeff"])) + text + draw(st.sampled_from(["", "\n", "\r\n"]))


@st.composite
def wild(draw: st.DrawFn) -> str:
    """An object as people write it: blanks, comments and trailing commas anywhere."""

    def between() -> str:
        return draw(comments)

    def written(value: Any) -> str:
        if not isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=draw(st.booleans()))
        parts = []
        for one in value:
            name = between() + json.dumps(one) + between() + ":" if isinstance(value, dict) else ""
            inner = value[one] if isinstance(value, dict) else one
            parts.append(name + between() + written(inner) + between())
        tail = "," + between() if parts and draw(st.booleans()) else ""
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        return opening + (",".join(parts) + tail or between()) + closing

    return between() + written(draw(objects)) + between()


def is_kept(old: str, new: str) -> bool:
    """Whether every character of the old text is in the new one, in order: what came is between them."""
    left = iter(new)
    return all(letter in left for letter in old)


def one_run(old: str, new: str, allowed: int = 1) -> bool:
    """Whether the new text is the old one with one run of characters more, and `allowed` single commas."""
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    rest = old[start:]
    if new.endswith(rest) and len(new) - len(rest) >= start:
        return True
    return allowed > 0 and new[start] == "," and one_run(old, new[:start] + new[start + 1 :], allowed - 1)


@given(text=tidy() | wild())
def test_a_member_more_and_nothing_else(text: str) -> None:
    document = read_json(text)
    new = with_member(document, document.root, "hooks", ADDED)
    assert read_json(new).value == {**document.value, "hooks": ADDED}  # type: ignore[dict-item]
    assert one_run(text, new)


@given(text=tidy() | wild())
def test_what_was_added_can_be_taken_away_to_the_byte(text: str) -> None:
    document = read_json(text)
    if not document.value and document.text[document.root.start : document.root.end] != "{}":
        return  # an empty object is written {} again, and comments in it stay
    added = read_json(with_member(document, document.root, "hooks", ADDED))
    assert without(added, added.root, members(added, added.root)[-1]) == text


@given(text=wild(), data=st.data())
def test_any_child_can_go_and_no_comment_with_it(text: str, data: st.DataObject) -> None:
    document = read_json(text)
    children = members(document, document.root)
    if not children:
        return
    child = data.draw(st.sampled_from(children))
    new = without(document, document.root, child)
    assert read_json(new).value == {k: v for k, v in document.value.items() if k != child.key}  # type: ignore[attr-defined]
    assert is_kept(new, text)
    outside = text[: child.start] + text[child.end :]
    assert sorted(_said(outside)) == sorted([*_said(new)])


def _said(text: str) -> str:
    """The text without blanks and commas, which may go with a child."""
    return "".join(text.replace(",", "").split())


@given(listed=st.lists(values, max_size=4), indent=indents)
def test_an_item_more(listed: list[Any], indent: int | str | None) -> None:
    text = json.dumps({"a": {"b": listed}}, indent=indent)
    document = read_json(text)
    place = find(document, "a", "b")
    assert place is not None
    new = with_item(document, place, ADDED)
    assert json.loads(new) == {"a": {"b": [*listed, ADDED]}}
    assert one_run(text, new)
    again = read_json(new)
    place = find(again, "a", "b")
    assert place is not None
    assert without(again, place, items(again, place)[-1]) == text


@given(text=wild(), value=st.text())
def test_a_value_replaced(text: str, value: str) -> None:
    document = read_json(text)
    for member in members(document, document.root):
        new = with_value(document, member.value, value)
        assert read_json(new).value == {**document.value, member.key: value}  # type: ignore[dict-item]
        assert new.startswith(text[: member.value.start])
        assert new.endswith(text[member.value.end :])


def test_the_style_of_the_text_is_taken_up() -> None:
    text = '\ufeff{\r\n\t"a": 1 // why\r\n}\r\n'
    document = read_json(text)
    new = with_member(document, document.root, "b", {"c": [2]})
    assert new == '\ufeff{\r\n\t"a": 1, // why\r\n\t"b": {\r\n\t\t"c": [\r\n\t\t\t2\r\n\t\t]\r\n\t}\r\n}\r\n'
    flat = read_json('{"a":1}')
    assert with_member(flat, flat.root, "b", [2]) == '{"a":1, "b": [2]}'


def test_a_key_that_comes_twice_counts_last_and_both_stay() -> None:
    text = '{"a": [1], "b": 0, "a": [2]}'
    document = read_json(text)
    place = find(document, "a")
    assert place is not None
    assert with_item(document, place, 3) == '{"a": [1], "b": 0, "a": [2, 3]}'


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[,]", 1, 2),
        ('{\n  "a": 1\n  "b": 2\n}', 3, 3),
        ('{"a": ,}', 1, 7),
        ('{"a": 1}}', 1, 9),
        ('{"a": "b}', 1, 7),
        ('{/* \n */ "a" 1}', 2, 9),
        ('{"a": NaN}', 1, 1),
        ("[" * 100_000, 1, 1),
    ],
)
def test_no_json_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(JsonError) as error:
        read_json(text)
    assert (error.value.line, error.value.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "strict"),
    [('{"a": 1}', True), ('\ufeff{"a": 1}', True), ('{"a": 1,}', False), ("{} // x", False), ("", True)],
)
def test_what_every_reader_takes(text: str, strict: bool) -> None:
    assert read_json(text).strict is strict


def test_a_number_of_any_length_is_only_text() -> None:
    text = '{"a": ' + "9" * 9000 + "}"
    document = read_json(text)
    assert with_member(document, document.root, "b", 1) == text[:-1] + ', "b": 1}'


def test_nothing_is_an_empty_object() -> None:
    assert read_json(" \n") == JsonText(" \n", " \n", {})
