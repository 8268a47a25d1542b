"""Whether the passage behind a record still stands: by passage, wherever the document changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers import record, record_of, vault_of
from hypothesis import given
from hypothesis import strategies as st

from atocore.knowledge.ingestion.chunks import chunks
from atocore.knowledge.ingestion.sources import present_passage, source_change, stands
from atocore.records.record import Provenance, Record, SourceChange
from atocore.records.snapshot import MemorySnapshot

DOCUMENT = """\
# Mirror

## Requirements

- The primary mirror must not weigh more than 4.5 kg.
- The primary mirror must survive -20 °C.

| part | mass |
| --- | --- |
| primary | 4.5 kg |
| secondary | 0.8 kg |

## Decision

We use Zerodur for the primary
mirror. It is stiff.
"""
MASS = "- The primary mirror must not weigh more than 4.5 kg."


def vault(
    body: str, quote: str = MASS, *, keys: str = "", status: str = "active", source: str = ""
) -> MemorySnapshot:
    at = DOCUMENT.find(quote)
    first = DOCUMENT.count("\n", 0, at) + 1 if at >= 0 else 1
    within = next((c.id for c in chunks(DOCUMENT) if quote.split("\n")[0] in c.text), "")
    heading = next((" > ".join(c.headings) for c in chunks(DOCUMENT) if c.id == within), "")
    lines = "\n".join(f"    {line}" for line in quote.split("\n"))
    return vault_of(f"""\
-- sources/p/spec.md --
id: src-d
type: markdown
{source}--
{body}
-- memories/p/a.md --
id: mem-a
status: {status}
provenance:
  source: src-d
  chunk: {within}
  heading: {heading}
  lines: {first}-{first + quote.count(chr(10))}
  quote: |-
{lines}
{keys}--
It must not.
""")


def change(body: str, quote: str = MASS, **more: str) -> SourceChange | None:
    snapshot = vault(body, quote, **more)
    return source_change(snapshot, record(snapshot, "mem-a"))


def test_what_stands_where_it_stood_is_no_change() -> None:
    assert change(DOCUMENT) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("survive -20 °C", "survive -40 °C"),  # the next item of the same list
        ("0.8 kg", "0.9 kg"),
        ("It is stiff.", "It is very stiff."),
        ("# Mirror\n", "# Mirrors of the telescope\n\nA word first.\n"),
        ("## Requirements\n", "## Requirements\n\nIn general:\n"),
        ("- The primary mirror must not", "* The **primary mirror** must not"),  # markup alone
        (f"{MASS}\n", ""),
    ],
)
def test_an_edit_elsewhere_in_the_document_marks_nothing(old: str, new: str) -> None:
    assert old in DOCUMENT
    body = DOCUMENT.replace(old, new)
    if new == "":
        body += f"\n## Masses\n\n{MASS}\n"  # moved under another heading
    assert change(body) is None


def test_a_changed_passage_is_marked_with_what_stands_there_now() -> None:
    body = "Preface.\n\n" + DOCUMENT.replace("more than 4.5 kg.", "more than 4.2 kg.")
    found = change(body)
    assert found is not None
    assert found.text == MASS.replace("4.5", "4.2")
    assert (found.heading, found.lines, found.gone) == ("Mirror > Requirements", "7-7", False)
    assert found.path == "sources/p/spec.md"


def test_words_added_to_the_sentence_are_a_change() -> None:
    found = change(DOCUMENT.replace("4.5 kg.\n- The", "4.5 kg without its cell.\n- The"))
    assert found is not None
    assert found.text.endswith("without its cell.")


def test_a_changed_row_is_not_taken_for_its_twin_elsewhere() -> None:
    row = "| primary | 4.5 kg |"
    body = (
        DOCUMENT.replace(row, "| primary | 4.2 kg |") + f"\n# Old mirror\n\n| a | b |\n| --- | --- |\n{row}\n"
    )
    found = change(body, row)
    assert found is not None
    assert found.text == "| primary | 4.2 kg |"


def test_a_passage_that_vanished_has_no_present_text() -> None:
    start, end = DOCUMENT.index("## Requirements"), DOCUMENT.index("## Decision")
    found = change(DOCUMENT[:start] + DOCUMENT[end:])
    assert found is not None
    assert (found.text, found.lines, found.gone) == ("", "", False)


def test_the_only_passage_under_a_heading_takes_the_place_of_the_one_that_stood_there() -> None:
    quote = "We use Zerodur for the primary\nmirror. It is stiff."
    found = change(DOCUMENT.replace(quote, "Silicon carbide was chosen."), quote)
    assert found is not None
    assert found.text == "Silicon carbide was chosen."


def test_lines_broken_elsewhere_are_no_change() -> None:
    quote = "We use Zerodur for the primary\nmirror. It is stiff."
    assert (
        change(DOCUMENT.replace(quote, "We use Zerodur\nfor the primary mirror. It is stiff."), quote) is None
    )


def test_a_document_that_is_gone_marks_every_record_of_it() -> None:
    found = change(DOCUMENT, source="vanished: wave-x\n")
    assert found is not None
    assert found.gone


def test_a_source_that_this_clone_does_not_hold_is_no_change() -> None:
    snapshot = vault(DOCUMENT.replace("4.5", "4.2"))
    without = MemorySnapshot({path: raw for path, raw in snapshot.files.items() if "sources/" not in path})
    assert source_change(without, record(without, "mem-a")) is None


@pytest.mark.parametrize("status", ["rejected", "superseded", "retired"])
def test_what_is_no_knowledge_any_more_is_not_marked(status: str) -> None:
    assert change(DOCUMENT.replace("4.5", "4.2"), status=status) is None


def test_a_record_made_from_another_rests_on_the_same_passage() -> None:
    snapshot = vault(DOCUMENT.replace("4.5", "4.2"))
    more = vault_of("""\
-- state/p/s.md --
id: sta-s
provenance: {record: mem-a}
""")
    both = MemorySnapshot({**snapshot.files, **more.files})
    assert (
        source_change(both, record(both, "sta-s")) == source_change(both, record(both, "mem-a")) is not None
    )


def test_a_quote_from_the_middle_of_a_line_is_looked_for_as_it_is() -> None:
    quote = "must not weigh more than 4.5 kg"
    assert change(DOCUMENT + "\nMore.\n", quote, keys="") is None
    found = change(DOCUMENT.replace("4.5", "4.55"), quote)
    assert found is not None


@pytest.mark.parametrize("body", ["", "\n", "---\na: [\n---\n", "x" * 10_000, "| a |\n" * 50, "```\nno end"])
def test_whatever_a_source_became_the_answer_is_a_change(body: str) -> None:
    found = change(body)
    assert found is not None
    assert isinstance(found.text, str)


_WORDS = ["mirror", "cell", "mount", "dome", "truss", "gear", "lens", "shaft"]
_SAID = st.lists(st.sampled_from(_WORDS), min_size=4, max_size=12).map(lambda w: f"- The {' '.join(w)}.")
_SECTIONS = st.lists(st.lists(_SAID, min_size=1, max_size=4), min_size=1, max_size=5)


def written_out(sections: list[list[str]]) -> str:
    return "".join(f"## Part {n}\n\n" + "\n".join(items) + "\n\n" for n, items in enumerate(sections))


@given(_SECTIONS, st.data())
def test_whatever_else_changes_only_the_passage_itself_is_marked(
    sections: list[list[str]], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(sections) - 1))
    at = data.draw(st.integers(0, len(sections[number]) - 1))
    quote = "- The pier must carry 300 kg."
    sections[number][at] = quote
    body = written_out(sections)
    stated = Provenance(
        source="src-x", quote=quote, heading=f"Part {number}", lines="1-1", chunk="chk-of-another-time"
    )

    def source(text: str) -> Record:
        raw = f"---\nid: src-x00000000000\nkind: source\ntype: markdown\n---\n{text}"
        return record_of(raw, "sources/p/spec.md")

    assert stands(source(body), stated)
    moved = data.draw(st.permutations(sections))
    assert stands(
        source(written_out(moved)), replace(stated, heading=f"Part {moved.index(sections[number])}")
    )
    more = [list(items) for items in sections]
    more[data.draw(st.integers(0, len(more) - 1))].insert(0, data.draw(_SAID))
    assert stands(source("Preface.\n\n" + written_out(more)), stated)
    changed = source(body.replace("300 kg", "350 kg"))
    assert not stands(changed, stated)
    now = present_passage(changed, stated)
    assert now is not None
    assert now.text == quote.replace("300", "350")


def test_a_quote_of_several_blocks_is_answered_with_as_many() -> None:
    quote = "We use Zerodur, because\n\n- it is stiff, and\n- it hardly expands."
    body = f"# A\n\n## Decision\n\n{quote}\n\n## Notes\n\n- it is stiff, they say.\n"
    changed = body.replace("hardly expands", "is at hand")
    raw = f"---\nid: src-x00000000000\nkind: source\ntype: markdown\n---\n{changed}"
    stated = Provenance(source="src-x", quote=quote, heading="A > Decision", lines="5-8", chunk="chk-x")
    now = present_passage(record_of(raw, "sources/p/spec.md"), stated)
    assert now is not None
    assert now.text == quote.replace("hardly expands", "is at hand")
    assert (now.first, now.last) == (5, 8)
