"""What a running daemon answers: the same as a verb, and never less than what was saved before."""

from __future__ import annotations

import shutil
import threading

import pytest
from desk import Desk
from fake_embedder import FakeEmbedder
from helpers import whole

from atocore.app.answers import as_json
from atocore.daemon.asking import BEHIND
from atocore.index.model import Model


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("search", {"query": "mirror"}),
        ("search", {"query": "mirror", "words": True, "limit": 1}),
        ("search", {"query": "frame", "vectors": True, "kind": "memory"}),
        ("search", {"query": 'any "thing" \udcff -at', "status": "all"}),
        ("context", {"query": "what is the mirror made of?", "project": "scope"}),
        ("context", {"query": "mirror", "budget": 50, "pointers": True}),
    ],
)
def test_the_answer_is_the_verbs_own(desk: Desk, running, verb: str, args: dict[str, object]) -> None:
    desk.put("notes/draft.md", "A saved mirror.\n")
    by_daemon = running.ask(verb, **args)
    desk.vault.model = Model(FakeEmbedder)
    assert as_json(getattr(desk.vault, verb)(**args)) == by_daemon


def test_a_refusal_is_the_verbs_own(running) -> None:
    told = running.ask("search", query="x", kind="nonsense")
    assert told["error"]["code"] == "bad-value"
    assert running.ask("search", query="x", since="nonsense")["error"]["code"] == "bad-value"


BIRDS = ["kestrel", "osprey", "sparrow", "goldfinch", "nuthatch", "cormorant", "albatross", "woodpecker"]


@pytest.mark.parametrize("bird", BIRDS)
def test_what_is_saved_is_found_at_once(desk: Desk, running, bird: str) -> None:
    path = f"notes/{bird}.md"
    for _ in range(3):
        desk.put(path, f"A {bird} sits here.\n")
        assert running.found(bird) == [path]
        desk.put(path, "Penguins swim.\n")
        assert running.found(bird) == []
        assert running.found("penguins") == [path]
        (desk.folder / path).unlink()
        assert running.found("penguins") == []


def test_what_is_saved_is_found_by_meaning_at_once(desk: Desk, running) -> None:
    desk.put("notes/coating.md", "silver coating\n")
    hits = running.ask("search", query="silver coating", vectors=True)["hits"]
    assert hits[0]["path"] == "notes/coating.md"


def test_what_leaves_the_vault_is_gone_at_once(desk: Desk, running, tmp_path) -> None:
    (desk.folder / "notes/visit.md").rename(tmp_path / "away.md")
    assert running.found("blanks") == []
    (tmp_path / "away.md").rename(desk.folder / "notes/back.md")
    assert running.found("blanks") == ["notes/back.md"]
    (desk.folder / "notes").rename(tmp_path / "notes")
    assert running.found("blanks") == []
    (tmp_path / "notes").rename(desk.folder / "again")
    assert running.found("blanks") == ["again/back.md"]
    desk.put("again/deep/new.md", "deepmarker\n")
    assert running.found("deepmarker") == ["again/deep/new.md"]


def test_what_git_does_is_seen_at_once(desk: Desk, running) -> None:
    first = desk.head()
    second = desk.commit("-- notes/two.md --\nsecondmarker\n")
    answer = running.ask("search", query="secondmarker", words=True)
    assert (answer["commit"], [hit["draft"] for hit in answer["hits"]]) == (second, [False])
    desk.git("checkout", "-q", "-b", "other", first)
    assert running.found("secondmarker") == []
    desk.git("checkout", "-q", "main")
    assert running.found("secondmarker") == ["notes/two.md"]
    desk.git("revert", "--no-edit", "HEAD")
    assert running.found("secondmarker") == []
    desk.put("notes/visit.md", "stashmarker\n")
    desk.git("stash", "-q")
    assert running.found("stashmarker") == []
    desk.git("stash", "pop", "-q")
    assert running.found("stashmarker") == ["notes/visit.md"]
    desk.git("gc", "-q", "--prune=now")
    assert running.ask("context", query="mirror", words=True)["commit"] == desk.head()
    assert desk.stale() == []


def test_ignore_rules_count_at_once(desk: Desk, running) -> None:
    desk.put("notes/private.md", "privatemarker\n")
    assert running.found("privatemarker") == ["notes/private.md"]
    desk.put("notes/.gitignore", "private.md\n")
    assert running.found("privatemarker") == []


def test_searches_go_on_while_the_index_is_built_anew(desk: Desk, running) -> None:
    def rebuild() -> None:
        for _ in range(5):
            with type(desk.vault).open(desk.folder) as vault:
                vault.model = Model(FakeEmbedder)
                vault.index_rebuild()

    building = threading.Thread(target=rebuild)
    building.start()
    while building.is_alive():
        assert running.found("blanks") == ["notes/visit.md"]
    building.join()
    desk.put("notes/after.md", "aftermarker\n")
    assert running.found("aftermarker") == ["notes/after.md"]


def test_a_lost_local_folder_is_made_anew(desk: Desk, running, tmp_path) -> None:
    (desk.folder / ".atocore").rename(tmp_path / "lost")
    shutil.rmtree(tmp_path / "lost")
    running.until(lambda: running.ask("ping") is not None)
    desk.put("notes/after.md", "aftermarker\n")
    running.until(lambda: running.found("aftermarker") == ["notes/after.md"])


def test_an_index_that_cannot_follow_says_so(desk: Desk, running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atocore.daemon.asking.STEP_SECONDS", 0.1)
    held = threading.Event()
    real = running.daemon.worker._round

    def slow(*args: object, **more: object) -> object:
        held.wait(10.0)
        return real(*args, **more)

    monkeypatch.setattr(running.daemon.worker, "_round", slow)
    desk.put("notes/late.md", "latemarker\n")
    answer = running.ask("search", query="latemarker", words=True)
    assert BEHIND in answer["notes"]
    assert answer["hits"] == []
    held.set()
    running.until(lambda: running.found("latemarker") == ["notes/late.md"])
    assert running.ask("search", query="latemarker", words=True)["notes"] == []


def test_lost_events_are_made_up_for(desk: Desk, running) -> None:
    from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent

    fd = running.daemon.watch._ears._fd
    fd.handle_event(InotifyEvent(-1, InotifyConstants.IN_Q_OVERFLOW, 0, b""))
    running.until(lambda: running.ping()["overflows"] == 1)
    desk.put("notes/after.md", "aftermarker\n")
    assert running.found("aftermarker") == ["notes/after.md"]


def test_a_dead_watcher_costs_speed_and_no_answer(desk: Desk, running) -> None:
    running.daemon.watch._ears._fd.stop()
    running.daemon.watch._ears._fd.join()
    assert "thread" in running.ping()["watch_trouble"]
    desk.put("notes/after.md", "aftermarker\n")
    assert running.found("aftermarker") == ["notes/after.md"]
    running.until(lambda: running.ping()["watch_trouble"] == "")


def test_where_nothing_can_be_watched_answers_are_whole(
    desk: Desk, start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "elsewhere")
    running = start(desk)
    assert "cannot be watched" in running.ping()["watch_trouble"]
    desk.put("notes/after.md", "Penguins swim.\n")
    assert running.found("penguins") == ["notes/after.md"]
    desk.commit()
    assert running.ask("search", query="penguins", words=True)["commit"] == desk.head()


def test_ids_are_whole(running) -> None:
    assert [hit["id"] for hit in running.ask("search", query="Zerodur", words=True)["hits"]] == [
        whole("mem-gem")
    ]


@pytest.mark.parametrize("part", ["text-committed", "text-local", "vectors-committed"])
def test_a_damaged_index_is_made_anew(desk: Desk, running, part: str) -> None:
    desk.put("notes/draft.md", "Penguins swim.\n")
    assert running.ask("search", query="penguins mirror")["mode"] == "hybrid"
    running.sync()
    for place in (desk.folder / ".atocore/index").glob(f"generation-*/{part}/*"):
        if place.is_file() and "lock" not in place.name:
            place.write_bytes(b"damage")
    running.daemon.asking._thread.submit(running.daemon.asking._session.close).result()
    running.until(lambda: "notes/draft.md" in running.found("penguins"))
    running.until(lambda: running.found("Zerodur"))
    answer = running.ask("search", query="Zerodur")
    assert (answer["mode"], answer["hits"][0]["path"]) == ("hybrid", "memories/scope/gem.md")
