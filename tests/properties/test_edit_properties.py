"""Laws of the reader and the writer, on headers that Hypothesis makes up."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from atocore.errors import AtocoreError
from atocore.records.edit import edit, render
from atocore.records.edit_text import is_plain
from atocore.records.header import Value, parse
from atocore.records.header_fast import read_plain
from atocore.records.header_yaml import read

LINE_ENDS = ["\n", "\r\n", "\r"]

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"])
    | st.sampled_from(" :#-\"'[]{}\n\t|>&*!%@`,?~0123456789")
)
keys = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20)
values: st.SearchStrategy[Value] = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=4).map(tuple) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
bodies = st.text(st.characters(codec="utf-8")).filter(
    lambda text: "\0" not in text and "<<<<<<< " not in text
)

names = st.sampled_from(["id", "kind", "title", "status", "tags", "my key", "note-2"])
human_values = st.sampled_from(
    [
        "x",
        "x y   # a comment",
        "",
        "   # nothing",
        "~",
        "'it''s'  # c",
        '"a: \\"b\\""',
        "[a, 'b', [c]] # c",
        "[a,\n  b]",
        "{k: v,\n  l: w}  # c",
        "|\n  text\n\n  # no comment\n\n",
        "|+ # c\n  text\n\n",
        ">-\n  text\n  more",
        "one\n  two",
        "'one\n\n  two'",
        "\n  - a  # c\n  # own line\n  - b: 1\n    c: |\n      d",
        "# c\n- a\n-\n\n- - b",
        "\n  k: v\n\n  l:\n    m: n # c",
        "\n  next line",
    ]
)
between = st.sampled_from(["", "\n", "# comment\n", "  # indented\n", "\n# a\n\n# b\n"])


@st.composite
def human_files(draw: st.DrawFn) -> bytes:
    """Headers as people write them: all shapes of values, comments between, any line end."""
    lines = [draw(between)]
    for key in draw(st.lists(names, unique=True, max_size=5)):
        value = draw(human_values)
        lines += [f"{key}:" + (value if value[:1] in ("\n", "") else f" {value}") + "\n", draw(between)]
    text = "---\n" + "".join(lines) + "---" + draw(st.sampled_from(["", "\n", "\nbody\n\nlast"]))
    bom = draw(st.sampled_from(["", "\ufeff"]))
    return (bom + text.replace("\n", draw(st.sampled_from(LINE_ENDS)))).encode()


def items_of(data: bytes) -> dict[str, Value]:
    document, problems = parse(data, "a.md")
    assert not problems
    assert document is not None
    return {item.key: item.value for item in document.header.items} if document.header else {}


def lines_of(data: bytes) -> list[bytes]:
    return re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", data)


@given(st.dictionaries(keys, values, max_size=6), bodies)
@example({"a": "x\n\u2029"}, "")
def test_what_is_rendered_reads_back(items: Mapping[str, Value], body: str) -> None:
    data = render(items, body)
    document, problems = parse(data, "a.md")
    assert not problems
    assert document is not None and document.header is not None
    assert [(item.key, item.value) for item in document.header.items] == list(items.items())
    assert document.body == body


@given(words)
def test_plain_text_is_plain_for_others(text: str) -> None:
    if is_plain(text):
        node = yaml.compose(f"- {text}\n", yaml.SafeLoader)
        assert isinstance(node, yaml.SequenceNode) and node.value[0].value == text
        yaml.safe_load(f"a: {text}\n")


@given(st.binary())
@example(b"---\n\xef\xbb\xbfa: 1\n---\n")
def test_any_bytes_are_read(data: bytes) -> None:
    document, problems = parse(data, "a.md")
    assert document is not None or problems


@given(st.text(st.sampled_from("ab:-?[]{}&*!|>'\"%#,@` \t\r\n~0\u2028<x"), max_size=60))
def test_any_header_is_read_and_edited_exactly_or_refused(text: str) -> None:
    data = f"---\n{text}\n---\nbody".encode()
    document, problems = parse(data, "a.md")
    assert all(0 < problem.line <= len(lines_of(data)) for problem in problems)
    if document is None or problems:
        with pytest.raises(AtocoreError):
            edit(data, {"new": "1"})
        return
    items = items_of(data)
    assert edit(data, items) == data
    for key in [*items, "new"]:
        try:
            changed = edit(data, {key: "new value"})
        except AtocoreError as refusal:
            assert refusal.code == "has-problems"
        else:
            assert items_of(changed) == {**items, key: "new value"}


header_lines = st.sampled_from(
    [
        "a: x",
        "b:",
        "b: 'x'",
        "c: [x, y z]",
        "- x",
        "- ",
        "  - y",
        "  d: z",
        "  d:",
        "- a: x",
        "- a:",
        "  - d: y",
        "    e: z",
        "    d:",
        "    - x",
        "# c",
        "",
        "x: a b # c",
        "e:\t1",
        "f: -1",
        "g: - 1",
        "h: a:b",
        "h: a: b",
        "i: a#b",
        'j: "x" y',
        "k: é",
        "--- a",
        "...",
        "  ",
        "  # c",
        "m: 'x'#",
    ]
)


@given(st.lists(header_lines | st.text(st.sampled_from("ab :#-'\"[],{}"), max_size=6), max_size=8))
@example(["a:", "- x", "  b: y"])
@example(["a:", "  b:", "  - x"])
@example(["a:", "  - b: x", "    c: y", "  - b: z", "    c: 'w'", "d: x"])
@example(["a:", "- b: x", "  c: y", "- z", "  c: y"])
def test_the_short_cut_equals_the_parser(lines: list[str]) -> None:
    text = "\n".join([*lines, ""])
    plain = read_plain(text)
    if plain is not None:
        reading = read(text)
        assert reading.entries is not None and not reading.faults
        assert plain == [(entry.key, entry.value, entry.line) for entry in reading.entries]


@given(human_files())
def test_an_edit_without_a_change_changes_no_byte(data: bytes) -> None:
    assert edit(data, items_of(data)) == data


@given(human_files(), names, values.filter(lambda value: value != ""))
def test_an_edit_touches_only_its_key(data: bytes, key: str, value: Value) -> None:
    items = items_of(data)
    changed = edit(data, {key: value})
    assert items_of(changed) == {**items, key: value}
    before, after = lines_of(data), lines_of(changed)
    removed = edit(data, {key: None})
    if key not in items:
        assert removed == data
        assert edit(changed, {key: None}) == data
    else:
        assert {name: item for name, item in items.items() if name != key} == items_of(removed)
        start = next(i for i, line in enumerate(before) if line.startswith(f"{key}:".encode()))
        tail = len(before) - next(
            (i for i, line in enumerate(before) if i > start and re.match(rb"[a-z]|# |---|\.\.\.", line)),
            len(before),
        )
        assert after[:start] == before[:start]
        assert after[len(after) - tail :] == before[len(before) - tail :]


@given(human_files(), names, st.data())
def test_a_list_edited_item_by_item_reads_back(data: bytes, key: str, draw: st.DataObject) -> None:
    items = items_of(data)
    old = items.get(key, ())
    parts: tuple[Value, ...] = old if isinstance(old, tuple) else ("x",)
    new = tuple(draw.draw(st.lists(st.sampled_from(parts) | values, max_size=5))) if parts else ("x",)
    assert items_of(edit(data, {key: new})) == {**items, key: new}
    assert items_of(edit(data, {key: (*parts, "new")})) == {**items, key: (*parts, "new")}


@given(human_files(), names, st.from_regex(r"[a-z]+( [a-z:]*[a-z])?", fullmatch=True), st.data())
def test_a_scalar_edited_back_restores_the_bytes(
    data: bytes, key: str, text: str, draw: st.DataObject
) -> None:
    style = draw.draw(st.sampled_from(["{}", "{} # c", "'{}'  # c", '"{}"']))
    data = edit(data, {key: None}).replace(b"---", f"---\n{key}: {style.format('old')}".encode(), 1)
    assert edit(edit(data, {key: text}), {key: "old"}) == data


@given(
    human_files(),
    st.dictionaries(names, st.none() | values, max_size=4),
    st.permutations(["id", "kind", "tags"]),
)
def test_edits_together_equal_edits_one_by_one(
    data: bytes, changes: dict[str, Value | None], order: list[str]
) -> None:
    together, single = edit(data, changes, order), data
    for key, value in changes.items():
        single = edit(single, {key: value}, order)
    assert items_of(together) == items_of(single)
    assert together.endswith(data[data.rindex(b"---") :])
