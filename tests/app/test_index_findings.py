"""What hostile and careless use of the index brought to light, and must not come back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

import numpy as np
import pytest
from desk import Desk
from fake_embedder import FakeEmbedder
from numpy.typing import NDArray

from atocore.app import Vault
from atocore.app.finding import SearchAnswer
from atocore.errors import AtocoreError
from atocore.index import keeping
from atocore.index.locking import locked
from atocore.index.model import Model


def paths(answer: SearchAnswer) -> list[str]:
    return [hit.path for hit in answer.hits]


def put_notes(desk: Desk, number: int) -> set[str]:
    names = {f"notes/camp-{n}.md" for n in range(number)}
    for n, name in enumerate(sorted(names)):
        seen = " ".join(f"animal{n}x{k}" for k in range(60))
        desk.put(name, f"# Camp {n}\n\nBeside {seen} there was a quokka.\n")
    return names


def put_long_note(desk: Desk) -> None:
    """One document with more passages that fit better than a search looks at in one go."""
    section = "## Quokka\n\n" + "The quokka is a quokka of quokka. " * 40 + "\n\n"
    desk.put("notes/long.md", section * 250)


@pytest.mark.parametrize("half", ["words", "vectors"])
def test_a_long_document_does_not_keep_the_others_from_being_found(desk: Desk, half: str) -> None:
    put_long_note(desk)
    names = put_notes(desk, 8)
    desk.vault.model = Model(FakeEmbedder)
    answer = desk.vault.search("quokka", **{half: True}, limit=10, wait=True)
    found = set(paths(answer))
    assert "notes/long.md" in found
    assert len(names & found) >= 5


def test_a_large_limit_is_kept(desk: Desk) -> None:
    names = put_notes(desk, 150)
    assert names <= set(paths(desk.vault.search("quokka", words=True, limit=200)))
    assert len(desk.vault.search("quokka", words=True, limit=10**15).hits) >= 150


def test_captures_do_not_starve_a_search_of_drafts(desk: Desk) -> None:
    for number in range(120):
        desk.vault.capture(f"Quokka quokka quokka {number}?", response="Quokka.")
    desk.put("notes/draft.md", "Among many other things, somebody saw a quokka at the edge of the camp.\n")
    assert paths(desk.vault.search("quokka", words=True, draft=True)) == ["notes/draft.md"]


@pytest.mark.parametrize("ending", ["pos", "idx", "term", "store", "fieldnorm", "fast"])
def test_a_lost_file_of_the_text_index_is_made_again_with_a_note(desk: Desk, ending: str) -> None:
    wanted = paths(desk.vault.search("Zerodur", words=True))
    lost = [*desk.vault.catalog.path.parent.glob(f"text-committed/*.{ending}")]
    desk.close()
    for file in lost:
        file.unlink()
    answer = desk.vault.search("Zerodur", words=True)
    assert paths(answer) == wanted
    assert any("damaged" in note for note in answer.notes)
    assert desk.vault.search("Zerodur", words=True).notes == ()


def test_a_first_index_can_be_searched_before_it_has_its_vectors(desk: Desk) -> None:
    answers = []

    class Slow(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if not answers:
                other = Vault.open(desk.folder)
                other.model = Model(FakeEmbedder)
                answers.append(other.search("Zerodur", words=True))
                other.close()
            return super().embed(texts)

    shutil.rmtree(desk.folder / ".atocore", ignore_errors=True)
    desk.vault.model = Model(lambda: Slow("slow-1"))
    assert desk.vault.index_rebuild().notes == ()
    assert paths(answers[0]) == ["memories/scope/gem.md"]


@pytest.mark.parametrize("verb", ["index_sync", "index_verify", "take_in"])
def test_a_second_writer_of_the_text_index_says_who_holds_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setattr(keeping, "_TEXT_WAIT_SECONDS", 0.1)
    desk.vault.take_in()
    place = desk.vault.catalog.path.parent
    desk.put("notes/new.md", "A heron.\n")
    with locked(place, "text", 0), pytest.raises(AtocoreError, match=f"process {os.getpid()}") as refused:
        getattr(desk.vault, verb)()
    assert refused.value.code == "vault-busy"
    assert paths(desk.vault.search("heron", words=True)) == ["notes/new.md"]
