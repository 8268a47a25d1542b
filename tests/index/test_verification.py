"""A check is worth what it finds: what is left undone on purpose is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from desk import REVIEWER, Desk, run_git
from fake_embedder import FakeEmbedder

from atocore.app import Vault, catchup
from atocore.app.founding import init
from atocore.index.catalog_rows import Realm
from atocore.index.model import Model
from atocore.index.reconcile import Difference, compare
from atocore.index.shelves import Shelf

NOTES = "-- notes/a.md --\nanamorphic lenses\n-- notes/b.md --\ncatadioptric mirrors\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A vault with two notes, in step, and a model of words."""
    folder = tmp_path / "vault"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", REVIEWER[0])
    run_git(folder, "config", "user.email", REVIEWER[1])
    init(folder)
    made = Desk(folder)
    made.commit(NOTES)
    embedder = FakeEmbedder()
    made.vault.model = Model(lambda: embedder)
    assert verified(made.vault) == ((), ())
    yield made
    made.close()


def verified(vault: Vault) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = vault.index_verify()
    return found.differences, found.notes


def without_removals(
    held: Mapping[str, str], there: Mapping[str, str], unseen: Mapping[str, str] | None = None
) -> Difference:
    found = compare(held, there, unseen)
    return Difference(found.adds, found.changes, (), found.unknown)


@pytest.mark.parametrize("committed", [True, False])
def test_a_removal_that_is_skipped_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    if not committed:
        desk.put("notes/c.md", "a draft")
        assert verified(desk.vault) == ((), ())
    gone = "notes/b.md" if committed else "notes/c.md"
    (desk.folder / gone).unlink()
    if committed:
        desk.commit()
    monkeypatch.setattr(catchup, "compare", without_removals)
    found, _ = verified(desk.vault)
    where = ("committed", "committed") if committed else ("draft", "local")
    assert f"catalog file: {where[0]} {gone} should not be there" in found
    assert f"{where[1]} text: {gone}#0 should not be there" in found
    assert f"{where[1]} vectors: {gone}#0 should not be there" in found


@pytest.mark.parametrize("part", ["text", "vectors"])
def test_a_change_that_is_marked_as_taken_in_and_was_not_is_told(desk: Desk, part: str) -> None:
    desk.commit("-- notes/b.md --\nsomething else\n-- notes/c.md --\nnew\n")
    catalog = desk.vault.catch_up()
    with catalog.change():
        catalog.done(part, Realm.COMMITTED, catalog.pending(part, Realm.COMMITTED))
    assert verified(desk.vault)[0] == (
        f"committed {part}: notes/c.md#0 is missing",
        f"committed {part}: notes/b.md#0 differs",
    )


def test_one_stale_vector_is_told(desk: Desk) -> None:
    vectors = desk.vault.engine._shelves.vectors(Shelf.COMMITTED)
    other = np.roll(vectors.vectors(["notes/a.md#0"])["notes/a.md#0"], 7)
    vectors.replace([], {"notes/a.md#0": other})
    vectors.save()
    assert verified(desk.vault)[0] == ("committed vectors: notes/a.md#0 differs",)
    desk.vault.index_rebuild()
    assert verified(desk.vault) == ((), ())


def test_a_row_that_is_not_what_was_committed_is_told(desk: Desk) -> None:
    catalog = desk.vault.catalog
    catalog._db.execute("UPDATE files SET status = 'active' WHERE path = 'notes/a.md'")
    catalog._db.execute("INSERT INTO refs VALUES ('notes/a.md', 'mem-none00000000')")
    assert verified(desk.vault)[0] == (
        "catalog file: committed notes/a.md differs",
        "catalog reference: notes/a.md to mem-none00000000 should not be there",
    )


def test_a_flipped_byte_of_the_text_index_is_told(desk: Desk) -> None:
    (folder,) = (desk.folder / ".atocore" / "index").glob("generation-*/text-committed")
    store = sorted(folder.glob("*.store"))[0]
    raw = bytearray(store.read_bytes())
    raw[3] ^= 0xFF
    desk.close()
    store.write_bytes(bytes(raw))
    found, _ = verified(desk.vault)
    assert any(f"the file {store.name} is damaged" in one for one in found)


def test_what_a_killed_writer_left_is_no_damage(desk: Desk) -> None:
    desk.commit("-- notes/b.md --\nsomething else\n")
    desk.vault.round()
    (folder,) = (desk.folder / ".atocore" / "index").glob("generation-*/text-committed")
    (folder / ".tmpUvXtE6").write_text("{")
    (folder / "0123456789abcdef0123456789abcdef.store").write_text("torn")
    living = sorted(folder.glob("*.store"))[-1].name.split(".")[0]
    (folder / f"{living}.999999.del").write_text("torn")
    assert verified(desk.vault) == ((), ())


def test_what_is_unknown_is_no_difference_and_is_noted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("notes/c.md", "a draft")
    assert verified(desk.vault) == ((), ())
    monkeypatch.setattr(catchup, "look", _refusing(catchup.look))
    desk.put("notes/c.md", "another draft")
    found, notes = verified(desk.vault)
    assert found == ()
    assert notes == ("1 files cannot be looked at, and were not compared",)
    monkeypatch.undo()
    assert verified(desk.vault) == ((), ())


def _refusing(look: object) -> object:
    from atocore.store.worktree import Saved

    def refused(*_: object, **__: object) -> Saved:
        return Saved("", unseen="cannot be read: Permission denied")

    return refused


def test_without_a_model_the_rest_is_compared_and_the_answer_says_so(desk: Desk) -> None:
    from atocore.index.embedding import EmbedderUnavailable

    def unavailable() -> FakeEmbedder:
        raise EmbedderUnavailable("no model here")

    desk.vault.model._load = unavailable
    desk.vault.model._embedder = None
    assert verified(desk.vault) == ((), ("words only: no model here",))
