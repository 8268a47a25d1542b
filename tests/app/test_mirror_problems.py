"""`check` and `status` tell of edited mirror pages; and nothing takes a page for a source."""

from __future__ import annotations

import pytest
from desk import Desk

from atocore.index.catalog_rows import Realm


@pytest.fixture
def shown(desk: Desk) -> Desk:
    """A desk whose mirror is built."""
    desk.vault.mirror_build()
    return desk


def page_of(desk: Desk) -> str:
    return desk.git("ls-files", "mirror/scope/records/frame--*").strip()


def told(desk: Desk) -> list[tuple[str, str]]:
    return [(p.path, p.message) for p in desk.vault.check().problems if p.code == "mirror-edited"]


def test_a_true_mirror_is_no_problem(shown: Desk) -> None:
    assert told(shown) == []
    stands = shown.vault.status().mirror
    assert (stands.kept, stands.commit, stands.edited) == ("folder", shown.head(), ())


def test_an_edit_is_told_with_the_record_saved_and_committed(shown: Desk) -> None:
    page = page_of(shown)
    shown.edit(page, "The truss frame", "The steel frame")
    said = "a page that AtoCore derives was edited{}; correct entities/scope/frame.md"
    assert told(shown) == [(page, said.format(" (not committed)"))]
    shown.commit()
    assert told(shown) == [(page, said.format(""))]
    shown.vault.mirror_build()
    assert shown.vault.status().mirror.edited == (page,)
    shown.vault.mirror_build(overwrite=True)
    assert told(shown) == []
    assert shown.vault.status().mirror.edited == ()


def test_a_persons_file_there_and_a_staged_deletion_are_told(shown: Desk) -> None:
    shown.put("mirror/mine.md", "# Mine\n")
    shown.git("rm", "-q", "mirror/review.md")
    assert told(shown) == [
        ("mirror/mine.md", "no page of AtoCore's, in the folder that it rewrites"),
        ("mirror/review.md", "a page that AtoCore derives was deleted, and that is staged"),
    ]


def test_pages_are_no_part_of_the_vault_that_is_read(shown: Desk) -> None:
    shown.put("mirror/saved.md", "---\nid: mem-7k2m9qxw4d3f\nkind: memory\n---\nA zebra of glass.\n")
    shown.edit(page_of(shown), "The truss frame", "The zebra frame")
    vault = shown.vault
    assert shown.found("zebra") == []
    assert not any(path.startswith("mirror/") for realm in Realm for path in vault.catalog.versions(realm))
    hits = vault.search("truss frame", words=True, limit=50).hits
    assert hits
    assert not any(hit.path.startswith("mirror/") for hit in hits)
    assert not any(record.path.startswith("mirror/") for record in vault.list(limit=1000).records)
    assert "derived this page" not in vault.context("truss frame", project="scope", words=True).text
    assert vault.status().drafts == ()


def test_a_mirror_changes_no_figure_of_the_vault(desk: Desk) -> None:
    desk.found("mirror")
    before = desk.vault.status()
    desk.vault.mirror_build()
    after = desk.vault.status()
    assert (after.records, after.covered) == (before.records, before.covered)
    assert after.candidates == before.candidates
    assert desk.stale() == []


def test_pages_are_not_ingested_and_not_extracted_from(shown: Desk) -> None:
    waiting = shown.vault.status().candidates
    done = shown.vault.ingest(str(shown.folder / "mirror"), project="scope")
    assert (done.read, done.candidates) == (0, 0)
    shown.vault.extract()
    assert shown.vault.status().candidates == waiting


def test_a_note_elsewhere_may_be_called_mirror(shown: Desk) -> None:
    shown.commit("-- mirror.md --\n# Of mirrors\n\nA zebra.\n-- notes/mirror/a.md --\nAnother zebra.\n")
    paths = {hit.path for hit in shown.vault.search("zebra", words=True).hits}
    assert paths == {"mirror.md", "notes/mirror/a.md"}
    assert told(shown) == []
    assert shown.vault.mirror_check().foreign == ()
