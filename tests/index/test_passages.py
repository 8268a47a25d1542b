"""From a file to its passages: short ones whole, long ones cut, broken ones as notes, none lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atocore.index.catalog_rows import Realm, Row
from atocore.index.fulltext import Passage
from atocore.index.passages import embedded_text, passages_of
from atocore.records.codec import read

HEAD = (
    "---\nid: mem-a00000000000\nkind: memory\ntype: knowledge\nstatus: active\nproject: scope\n"
    "title: Mirror mass\naliases: [M1]\ntags: [optics]\nsubject: primary mirror\nattribute: mass\n"
    "value: 4.2 kg\ndescription: As weighed.\n---\n"
)


def cut(text: str | bytes, path: str = "memories/a.md") -> list[Passage]:
    raw = text.encode() if isinstance(text, str) else text
    reading = read(path, raw, max_bytes=10_000_000)
    row = Row(Realm.COMMITTED, path, "", reading.record, reading.problems)
    return list(passages_of(row, raw))


def test_a_short_record_is_one_passage_with_its_claim() -> None:
    (passage,) = cut(HEAD + "# Weighing\n\nIt weighs 4.2 kg.\n")
    assert (passage.key, passage.path, passage.record) == (
        "memories/a.md#0",
        "memories/a.md",
        "mem-a00000000000",
    )
    assert (passage.kind, passage.type, passage.status) == ("memory", "knowledge", "active")
    assert (passage.project, passage.title, passage.tags) == ("scope", "Mirror mass", ("optics",))
    assert passage.claim == "primary mirror mass 4.2 kg M1 As weighed."
    assert passage.text == "# Weighing\n\nIt weighs 4.2 kg."
    assert passage.first_line == HEAD.count("\n") + 1


def test_a_long_record_is_cut_at_its_headings_with_their_lines() -> None:
    body = "# One\n\n" + "alpha " * 300 + "\n\n## Two\n\n" + "beta " * 300 + "\n"
    passages = cut(HEAD + body)
    assert len(passages) > 1
    assert [passage.key for passage in passages] == [f"memories/a.md#{n}" for n in range(len(passages))]
    assert {passage.heading for passage in passages} == {"One", "One > Two"}
    lines = (HEAD + body).splitlines()
    for passage in passages:
        assert passage.text.split()[0] in lines[passage.first_line - 1]
    assert sum(passage.text.count("alpha") for passage in passages) >= 300
    assert all(passage.title == "Mirror mass" for passage in passages)


def test_what_stands_beside_each_passage_does_not_grow_with_the_record() -> None:
    """A megabyte on one line, as title, as heading or as value: once in full, and not once a passage."""
    line = "mirror cell " * 20_000
    for text in (
        HEAD.replace("title: Mirror mass\n", "") + line,
        HEAD.replace("Mirror mass", line) + line,
        HEAD.replace("As weighed.", line) + line,
        HEAD + f"# {line}\n\n{line}",
        line,
    ):
        passages = cut(text)
        assert len(passages) > 100
        held = sum(len(p.title) + len(p.heading) + len(p.claim) + len(p.text) for p in passages)
        assert held < 12 * len(text)


def test_a_file_with_an_error_is_found_as_a_note() -> None:
    (passage,) = cut("---\nid: [\n---\nAnamorphic words.\n")
    assert (passage.kind, passage.status, passage.project) == ("note", "", "")
    assert passage.record.startswith("note-")
    assert "Anamorphic words." in passage.text


def test_what_is_no_text_has_no_passage() -> None:
    assert cut(b"a\0b") == []
    assert cut("  \n") == []
    assert list(passages_of(Row(Realm.DRAFT, "a.md", "", None, (), deleted=True), None)) == []


def test_text_that_is_not_utf8_is_found_where_it_can_be_read() -> None:
    (passage,) = cut("caf\xe9 anamorphic".encode("latin-1"), "notes/a.md")
    assert "anamorphic" in passage.text


def test_what_is_embedded_says_each_thing_once() -> None:
    (passage,) = cut(HEAD + "It weighs 4.2 kg.\n")
    assert embedded_text(passage) == (
        "Mirror mass\nprimary mirror mass 4.2 kg M1 As weighed.\nIt weighs 4.2 kg."
    )
    (note,) = cut("Only words.\n", "notes/a.md")
    assert embedded_text(note) == "Only words."


@given(
    st.lists(st.sampled_from(["# A\n\n", "## B\n\n", "word " * 120 + "\n\n", "- item\n", "```\ncode\n```\n"]))
)
def test_no_word_is_lost_and_no_key_twice(parts: list[str]) -> None:
    body = "".join(f"{part}mark{n}x\n\n" for n, part in enumerate(parts)) or "nothing\n"
    passages = cut(HEAD + body)
    together = "\n".join(f"{passage.heading}\n{passage.text}" for passage in passages)
    assert [n for n in range(len(parts)) if f"mark{n}x" not in together] == []
    assert len({passage.key for passage in passages}) == len(passages)
