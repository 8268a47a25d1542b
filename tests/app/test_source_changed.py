"""A passage that changed in its source marks what rests on it, by every door, and withholds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk

TEXT = """\
# Mount

## Requirements

- The mount shall carry 300 kg.
- The mount shall track at 15 arcseconds per second.

## Notes

The bearings are old.
"""


@pytest.fixture
def accepted(desk: Desk) -> tuple[Path, str]:
    """An accepted requirement, and the document that it came from."""
    folder = desk.folder.parent / "docs"
    folder.mkdir()
    (folder / "mount.md").write_text(TEXT)
    made = desk.vault.ingest(folder, project="scope")
    one = next(r for r in made.records if r.status == "candidate" and "300" in r.title)
    desk.vault.promote(one.id)
    return folder, one.id


def marks(desk: Desk, record: str) -> list[object]:
    """The mark of a record by each door: list, show, search, context."""
    hits = desk.vault.search("mount carry", words=True, limit=50).hits
    pack = desk.vault.context("what shall the mount carry", project="scope", words=True)
    return [
        next(one.source_changed for one in desk.vault.list(kind="entity").records if one.id == record),
        desk.vault.show(record).source_changed,
        next(hit.source_changed for hit in hits if hit.id == record),
        next(item.source_changed for section in pack.sections for item in section.items if item.id == record),
    ]


def test_an_edit_elsewhere_marks_nothing(desk: Desk, accepted: tuple[Path, str]) -> None:
    folder, record = accepted
    (folder / "mount.md").write_text(
        TEXT.replace("old", "new").replace("15", "14").replace("# Mount\n", "# Mount\n\nx\n")
    )
    assert desk.vault.ingest(folder, project="scope").unchanged == 0
    assert marks(desk, record) == [None] * 4


def test_a_changed_passage_is_marked_everywhere_and_the_record_stays(
    desk: Desk, accepted: tuple[Path, str]
) -> None:
    folder, record = accepted
    before = desk.text(desk.vault.show(record).path)
    (folder / "mount.md").write_text(TEXT.replace("300 kg", "350 kg"))
    desk.vault.ingest(folder, project="scope")
    found = marks(desk, record)
    assert found[0] is not None
    assert [mark == found[0] for mark in found] == [True] * 4
    assert getattr(found[0], "text", "") == "- The mount shall carry 350 kg."
    pack = desk.vault.context("what shall the mount carry", project="scope", words=True)
    assert "⚠ source changed, now: - The mount shall carry 350 kg." in pack.text
    assert desk.text(desk.vault.show(record).path) == before, "the mark is written nowhere"
    assert desk.codes() == []
    (folder / "mount.md").write_text(TEXT)
    desk.vault.ingest(folder, project="scope")
    assert marks(desk, record) == [None] * 4, "it stands again"


def test_a_vanished_document_marks_its_records_until_it_is_back(
    desk: Desk, accepted: tuple[Path, str]
) -> None:
    folder, record = accepted
    (folder / "mount.md").unlink()
    (folder / "other.md").write_text("# Other\n\nWords.\n")
    assert desk.vault.ingest(folder, project="scope").vanished == ("mount.md",)
    assert [getattr(mark, "gone", None) for mark in marks(desk, record)] == [True] * 4
    (folder / "mount.md").write_text(TEXT)
    desk.vault.ingest(folder, project="scope")
    assert marks(desk, record) == [None] * 4


def test_a_rejected_claim_comes_back_from_its_changed_document_with_the_reason(
    desk: Desk, accepted: tuple[Path, str]
) -> None:
    folder, _ = accepted
    (other,) = desk.vault.list(status="candidate", kind="entity").records
    desk.vault.reject(other.id, reason="the old drive's figure")
    changed = TEXT.replace("at 15 arcseconds per second", "at 15 arcseconds per second in both axes")
    (folder / "mount.md").write_text(changed)
    desk.vault.ingest(folder, project="scope")
    (again,) = desk.vault.list(status="candidate", kind="entity").records
    assert again.rejected_before is not None
    assert (again.rejected_before.id, again.rejected_before.why) == (other.id, "the old drive's figure")
    assert desk.vault.show(again.id).rejected_before == again.rejected_before
