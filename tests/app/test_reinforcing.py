"""Reinforcement through the vault: off by default, told once in this clone's reports, computed when read."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from fake_embedder import FakeEmbedder
from helpers import whole

from atocore.app.reinforcing import ReinforcingVerbs
from atocore.errors import AtocoreError
from atocore.index.embedding import EmbedderUnavailable
from atocore.index.model import Model

MASS = whole("mem-weght")
KNOWN = """
-- memories/scope/weight.md --
id: mem-weght
project: scope
confidence: 0.5
created: 2026-01-01
--
The azimuth bearing carries 40 kg at most.
"""
USING = "Since the azimuth bearing carries 40 kg at most, leave the counterweight out."


def no_model() -> Any:
    raise EmbedderUnavailable("no model here")


def capture(desk: Desk, number: int, answer: str = USING, prompt: str = "What should I change?") -> str:
    made = desk.machine.capture(prompt, response=answer, session=f"s{number}", prompt_id="1")
    return str(made.id)


def mode(desk: Desk, value: str) -> None:
    desk.put("atocore.yaml", f"format: 1\ncapture:\n  mode: {value}\n")
    desk.commit()
    desk.close()


def by_words(desk: Desk, **more: Any) -> Any:
    return desk.vault.reinforce(words=True, **more)


@pytest.fixture
def known(desk: Desk) -> Desk:
    desk.commit(KNOWN)
    desk.vault.model = Model(no_model)
    return desk


def test_a_use_is_one_commit_with_a_report_and_never_touches_the_memory(known: Desk) -> None:
    before = known.text("memories/scope/weight.md")
    made = capture(known, 1)
    start = known.head()
    done = by_words(known)
    assert known.commits_since(start) == [done.commit]
    ((use),) = done.uses
    assert (use.capture, use.memory, use.share) == (made, MASS, 1.0)
    assert known.touched() == set(done.reports) and done.reports[0].startswith("reports/reinforcement/")
    assert known.text("memories/scope/weight.md") == before
    assert "Atocore-Actor: machine" in known.message()
    page = known.text(done.reports[0])
    assert "| azimuth, bearing, carries, 40, kg |" in page
    assert "counterweight" not in page and "What should I change" not in page
    assert known.codes() == []


def test_the_reinforced_confidence_is_computed_when_read(known: Desk) -> None:
    shown = known.vault.show(MASS)
    assert shown.reinforced is None and shown.confidence == 0.5
    ids = sorted(capture(known, number) for number in (1, 2))
    by_words(known)
    shown = known.vault.show(MASS)
    assert shown.confidence == 0.5 and shown.reinforced is not None
    assert (shown.reinforced.confidence, shown.reinforced.uses) == (0.5855, 2)
    assert sorted(shown.reinforced.captures) == ids
    listed = {one.id: one.reinforced for one in known.vault.list().records}
    assert listed[MASS] == shown.reinforced
    assert [name for name, one in listed.items() if one is not None] == [MASS]


def test_a_capture_counts_once_whoever_asks_and_however_often(known: Desk, tmp_path: Path) -> None:
    capture(known, 1)
    by_words(known)
    state = known.state()
    again = by_words(known)
    assert (again.commit, again.uses, again.known) == (None, (), 1)
    assert known.state() == state
    known.close()
    shutil.copytree(known.folder, tmp_path / "clone")
    (tmp_path / "clone" / ".atocore" / "clone").unlink()
    other = Desk(tmp_path / "clone")
    assert other.vault.reinforce(words=True).uses == ()
    other.close()


def test_losing_the_local_folder_loses_no_use(known: Desk) -> None:
    capture(known, 1)
    by_words(known)
    known.close()
    shutil.rmtree(known.folder / ".atocore")
    assert by_words(known).uses == ()
    shown = known.vault.show(MASS)
    assert shown.reinforced is not None and shown.reinforced.uses == 1
    capture(known, 2)
    assert len(by_words(known).uses) == 1
    assert len(list((known.folder / "reports/reinforcement").iterdir())) == 2


def test_a_dry_run_writes_nothing(known: Desk) -> None:
    capture(known, 1)
    state = known.state()
    done = by_words(known, dry_run=True)
    assert len(done.uses) == 1 and "+# Uses in" in done.diff and known.state() == state


def test_without_a_model_words_alone_decide_and_the_answer_says_so(known: Desk) -> None:
    capture(known, 1)
    done = known.vault.reinforce()
    assert (done.mode, len(done.uses)) == ("words", 1)
    assert any("no model here" in told for told in done.notes)


def test_meaning_counts_where_words_do_not_and_the_report_says_how_close(known: Desk) -> None:
    known.vault.model = Model(FakeEmbedder)
    known.put("atocore.yaml", "format: 1\nreinforcement:\n  words: 1.0\n  meaning: 0.3\n")
    known.commit()
    known.close()
    known.vault.model = Model(FakeEmbedder)
    capture(known, 1, "The azimuth bearing takes 40 kg.")
    done = known.vault.reinforce()
    assert done.mode == "hybrid"
    ((use),) = done.uses
    assert use.closeness is not None and use.closeness >= 0.3 and use.share < 1.0
    assert f"| {use.closeness:.2f} |" in known.text(done.reports[0])


def test_since_and_project_narrow_what_is_looked_at(known: Desk) -> None:
    capture(known, 1)
    assert by_words(known, since="9999-01-01").read == 0
    assert by_words(known, project="nowhere").read == 0
    assert by_words(known, since="1d", dry_run=True).read == 1
    with pytest.raises(AtocoreError):
        by_words(known, since="soon")


# -- behind captures


@pytest.mark.parametrize("value", ["conservative", "extract"])
def test_other_modes_reinforce_nothing(known: Desk, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mode(known, value) if value != "conservative" else None

    def blow_up(*_args: object, **_more: object) -> None:
        raise AssertionError("reinforcement was asked to run")

    monkeypatch.setattr(ReinforcingVerbs, "_reinforced", blow_up)
    capture(known, 1)
    known.vault.round(commit=True, embed=False)
    assert not (known.folder / "reports/reinforcement").exists()


def test_a_round_reinforces_once_on_the_machines_branch(known: Desk) -> None:
    mode(known, "reinforce")
    known.git("switch", "-qc", "topic")
    capture(known, 1)
    known.vault.model = Model(no_model)
    assert known.vault.round(commit=True, embed=False).commits == ()
    known.git("switch", "-q", "-")
    done = known.vault.round(commit=True, embed=False)
    assert [known.git("log", "-1", "--format=%s", one).split()[0] for one in done.commits] == ["reinforce"]
    assert known.vault.round(commit=True, embed=False).commits == ()
    assert not known.vault.has_uses_due()


def test_a_round_waits_until_embeddings_are_in_step(known: Desk) -> None:
    mode(known, "reinforce")
    capture(known, 1)
    known.vault.model = Model(FakeEmbedder)
    waiting = known.vault.round(commit=True, embed=False)
    assert waiting.commits == () and waiting.more
    known.vault.embed_all()
    assert len(known.vault.round(commit=True, embed=False).commits) == 1


def test_reports_count_as_they_are_committed_and_not_as_they_are_saved(known: Desk) -> None:
    capture(known, 1)
    done = by_words(known)
    shutil.rmtree(known.folder / "reports")  # a deletion that nobody committed
    shown = known.vault.show(MASS)
    assert shown.reinforced is not None and shown.reinforced.uses == 1
    again = by_words(known)
    assert (again.uses, again.known, again.commit) == ((), 1, None)
    known.put(done.reports[0], "an edit that nobody committed")
    assert by_words(known).known == 1
