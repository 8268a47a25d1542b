"""Migrations as literal text: the format's number written down, rows chained, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from atocore.config import read_document
from atocore.config_format import FORMAT
from atocore.config_text import settings_text
from atocore.errors import AtocoreError
from atocore.knowledge.migrations import MIGRATIONS, Edit, Files, Migration, migrate, with_format


def renamed(files: Files) -> Iterable[Edit]:
    """A made-up row: `mass` becomes `weight`."""
    for path, text in files.items():
        if b"\nmass:" in text:
            yield Edit(path, text.replace(b"\nmass:", b"\nweight:"), "key mass renamed to weight")


def doubled(files: Files) -> Iterable[Edit]:
    """Another: what the first one made is seen, one file goes and one comes."""
    for path, text in files.items():
        if b"\nweight:" in text:
            yield Edit(path, text.replace(b"\nweight:", b"\nmass_kg:"), "key weight renamed to mass_kg")
    yield Edit("old.md", None, "page removed")
    yield Edit("new.md", b"new\n", "page written")


def failing(files: Files) -> Iterable[Edit]:
    """A row that fails half way."""
    yield from doubled(files)
    raise AtocoreError("bad-value", "memories/a.md: the mass is no number", "correct it")


TABLE = (*MIGRATIONS, Migration(2, "mass is weight", renamed), Migration(3, "weight in kg", doubled))
FILES = {
    "atocore.yaml": b"# ours\ncapture:\n  commit: true # yes\n",
    "memories/a.md": b"---\nid: x\nmass: 4\n---\nmass: 5\n",
    "memories/b.md": b"---\nid: y\n---\n",
    "old.md": b"old\n",
}


def test_the_table_leads_to_todays_format_without_a_gap() -> None:
    assert [row.to for row in MIGRATIONS] == list(range(1, FORMAT + 1))


def test_a_vault_without_a_number_gets_it_written_down() -> None:
    due = migrate(FILES)
    assert [(c.path, c.new) for c in due.changes] == [
        ("atocore.yaml", b"# ours\nformat: 1\ncapture:\n  commit: true # yes\n")
    ]
    assert (due.before, due.after, dict(due.counts)) == (0, 1, {"the format written down": 1})


def test_rows_are_chained_and_counted_by_kind() -> None:
    due = migrate(FILES, TABLE)
    assert {c.path: c.new for c in due.changes} == {
        "atocore.yaml": b"# ours\nformat: 3\ncapture:\n  commit: true # yes\n",
        "memories/a.md": b"---\nid: x\nmass_kg: 4\n---\nmass_kg: 5\n",
        "new.md": b"new\n",
        "old.md": None,
    }
    assert dict(due.counts) == {
        "key mass renamed to weight": 1,
        "key weight renamed to mass_kg": 1,
        "page removed": 1,
        "page written": 1,
        "the format written down": 1,
    }
    assert [row.to for row in due.steps] == [1, 2, 3]


def test_only_rows_that_are_due_are_taken() -> None:
    due = migrate({**FILES, "atocore.yaml": b"format: 2\n"}, TABLE)
    assert [row.to for row in due.steps] == [3]
    assert {c.path for c in due.changes} == {"atocore.yaml", "new.md", "old.md"}


def test_the_newest_format_has_nothing_to_migrate() -> None:
    files = {**FILES, "atocore.yaml": b"format: 3\n"}
    assert migrate(files, TABLE).changes == ()
    assert migrate(files, TABLE).steps == ()


def test_a_row_that_fails_decides_nothing() -> None:
    with pytest.raises(AtocoreError, match="no number"):
        migrate(FILES, (*TABLE[:2], Migration(3, "fails", failing)))


def test_a_newer_vault_is_refused() -> None:
    with pytest.raises(AtocoreError) as refused:
        migrate({"atocore.yaml": b"format: 9\n"})
    assert refused.value.code == "newer-format"


def test_settings_that_are_not_committed_are_told() -> None:
    with pytest.raises(AtocoreError) as refused:
        migrate({"a.md": b""})
    assert (refused.value.code, refused.value.hint) == (
        "not-found",
        "git add atocore.yaml && git commit",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"format: 1\n"),
        (b"# a\r\n\r\nmirror: off\r\n", b"# a\r\n\r\nformat: 1\r\nmirror: off\r\n"),
        (b"# a\n\n# where\nmirror: off\n", b"# a\n\nformat: 1\n# where\nmirror: off\n"),
        (b"\n---\nmirror: off\n", b"\n---\nformat: 1\nmirror: off\n"),
        (b"---\nmirror: off", b"---\nformat: 1\nmirror: off"),
        (b"# only this", b"# only this\nformat: 1\n"),
        (b"format: 0 # why\nmirror: off\n", b"format: 1 # why\nmirror: off\n"),
        (b"mirror: off\n'format': 0\n", b"mirror: off\n'format': 1\n"),
        (b"\xef\xbb\xbfmirror: off\n", b"\xef\xbb\xbfformat: 1\nmirror: off\n"),
        (b"mirror: off\n...\n", b"format: 1\nmirror: off\n...\n"),
        (b"# format: 0\nnested:\n  format: 7\n", b"# format: 0\nformat: 1\nnested:\n  format: 7\n"),
        (b"{}\n", None),
        (b"{mirror: off}\n", None),
    ],
)
def test_the_number_is_written_and_no_other_byte(before: bytes, after: bytes | None) -> None:
    if after is None:
        with pytest.raises(AtocoreError, match="no line of its own"):
            with_format(before, 1)
    else:
        assert with_format(before, 1) == after


def test_settings_as_init_writes_them_keep_every_line_but_one() -> None:
    before = settings_text().splitlines()
    after = with_format(settings_text().encode(), FORMAT + 1).decode().splitlines()
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        (f"format: {FORMAT}", f"format: {FORMAT + 1}")
    ]


LINES = ["", "# note", "---", "a: 1", "b:", "  c: x # y", "format: 0", "x: 'format: 3'", "- a", "? q", "..."]


@given(st.lists(st.sampled_from(LINES), max_size=6), st.sampled_from(["\n", "\r\n"]))
@example(["a: |", "format: 0"], "\n")
def test_whatever_the_file_the_number_is_all_that_changes(lines: list[str], end: str) -> None:
    raw = end.join(lines).encode()
    try:
        document = read_document(raw.decode())
    except AtocoreError:
        return
    try:
        made = with_format(raw, 5)
    except AtocoreError as error:
        assert error.code == "bad-settings"
        return
    assert read_document(made.decode()) == {**document, "format": 5}
    if "format" not in document:
        kept = [line for line in made.splitlines() if line not in (b"format: 5", b"")]
        assert kept == [line for line in raw.splitlines() if line]
