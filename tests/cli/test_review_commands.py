"""review without a terminal: JSON, lists in an editor, bulk verbs, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from desk import ASSISTANT, Desk, copied_desk
from reviewed import C1, C2, C4, C5, DOME, KEPT, LATER, PAST, review_desk

from atocore.cli.keys import Keys


@pytest.fixture(scope="session")
def reviewed_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return review_desk(tmp_path_factory.mktemp("reviewed") / "vault").folder


@pytest.fixture
def desk(reviewed_vault: Path, tmp_path: Path) -> Iterator[Desk]:
    made = copied_desk(reviewed_vault, tmp_path / "vault")
    yield made
    made.close()


@pytest.fixture
def editing(tmp_path: Path) -> dict[str, str]:
    """An editor that runs the script in `editor.sed` over the file."""
    file = tmp_path / "editor.sh"
    file.write_text(f'#!/bin/sh\nexec sed -i -f "{tmp_path / "editor.sed"}" "$1"\n')
    file.chmod(0o755)
    return {"EDITOR": str(file), "VISUAL": str(file)}


def script(tmp_path: Path, *lines: str) -> None:
    (tmp_path / "editor.sed").write_text("\n".join(lines) + "\n")


# -- JSON


def test_the_queue_as_json_has_everything_that_a_card_shows(run, desk: Desk) -> None:
    answer = run("review", "--json", "--limit", "2").json
    assert (answer["waiting"], answer["put_off"], answer["total"], answer["max_open"]) == (5, 1, 6, 200)
    assert answer["longest_waiting"]["since"]
    assert [card["id"] for card in answer["cards"]] == [C1, C2]
    first, second = answer["cards"]
    assert first["would_conflict"][0]["differs"] == {
        "before": "",
        "here": "4.3",
        "there": "4.2",
        "after": " kg",
    }
    assert first["rejected_before"] == {"id": PAST, "why": "weighed without it"}
    assert first["passage"]["lines"][2] == "The primary mirror weighs 4.3 kg with its cell."
    assert first["tracks"][0]["name"] == "stated-quantity"
    assert second["resembles"][0]["id"] == DOME
    shown = run("show", C1, "--json").json
    assert shown["hash"] == first["hash"], "it goes with --if"


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--all"], 6),
        (["--project", "none"], 0),
        (["--rule", "labelled-line"], 2),
        (["--assistant", "codex"], 1),
        (["--min-confidence", "0.75"], 2),
        (["--conflicting"], 1),
        (["--source", "docs/budget.md", "--order", "source"], 2),
        ([LATER], 1),
        ([C1[:6], C2], 2),
    ],
)
def test_filters_and_ids(run, args: list[str], expected: int) -> None:
    assert len(run("review", "--json", *args).json["cards"]) == expected


@pytest.mark.parametrize(
    ("args", "exit_code", "code"),
    [
        (["--since", "lately"], 2, "bad-value"),
        ([KEPT], 1, "impossible-step"),
        (["mem-nowhere00000"], 1, "not-found"),
        (["--order", "worst"], 2, "usage"),
        (["--from", "atocore.yaml"], 2, "usage"),
        (["--limit", "-1"], 2, "usage"),
    ],
)
def test_what_cannot_be_reviewed(run, args: list[str], exit_code: int, code: str) -> None:
    ran = run("review", "--json", *args)
    assert (ran.code, ran.error["code"]) == (exit_code, code)


# -- without a terminal


def test_without_a_terminal_and_without_input_it_says_what_to_use_instead(spawn, desk: Desk) -> None:
    before = desk.state()
    ran = spawn("review")
    assert (ran.code, ran.out) == (2, "")
    assert "review --edit" in ran.err
    assert "promote --from-file" in ran.err
    assert desk.state() == before


def test_keys_may_come_from_a_pipe_a_line_each(spawn, desk: Desk) -> None:
    ran = spawn("review", stdin="s\nr\n2\np\n")
    assert ran.code == 0, ran.err
    assert "skipped 1, rejected 1, promoted 1; 3 candidates still to decide" in ran.out


def test_an_empty_queue_is_no_error(run, desk: Desk) -> None:
    ran = run("review", "--project", "none")
    assert (ran.code, ran.out) == (0, "no candidate waits\n")


@pytest.mark.parametrize("option", [(), ("--squash",), ("--edit",)])
def test_an_assistants_shell_cannot_review(run, desk: Desk, option: tuple[str, ...]) -> None:
    before = desk.state()
    ran = run("review", *option, stdin="p\np\n", CLAUDECODE="1", EDITOR="true")
    assert ran.code == 1
    assert "a person's step" in ran.err
    assert desk.state() == before
    assert run("review", "--json", CLAUDECODE="1").code == 0, "looking is for everybody"


def test_a_line_that_is_cut_is_the_end_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Keys, "at_terminal", True)
    for cut in (lambda: "", lambda: "\x04", gone):
        monkeypatch.setattr(click, "getchar", cut)
        with pytest.raises(EOFError):
            Keys().key()


@pytest.mark.parametrize(
    ("pressed", "key"), [("P", "p"), ("\r", ""), ("\x1b[A", "\x1b"), ("pppp\r", "\x1b"), ("é", "é")]
)
def test_one_key_counts_and_what_is_pasted_is_none(
    monkeypatch: pytest.MonkeyPatch, pressed: str, key: str
) -> None:
    monkeypatch.setattr(Keys, "at_terminal", True)
    monkeypatch.setattr(click, "getchar", lambda: pressed)
    assert Keys().key() == key


def test_a_capture_that_git_ignores_is_shown_as_the_passage(run, desk: Desk) -> None:
    run("capture", "--prompt", "We decided to use a Serrurier truss for the tube.")
    made = run("extract", "--json").json["records"]
    (card,) = run("review", "--json", made[0]["id"]).json["cards"]
    assert card["provenance"]["interaction"].startswith("int-")
    assert card["passage"]["is_here"]
    assert any("Serrurier truss" in line for line in card["passage"]["lines"])


# -- all at once in an editor


def test_a_list_is_carried_out_in_one_commit(
    run, desk: Desk, tmp_path: Path, editing: dict[str, str]
) -> None:
    start = desk.head()
    script(
        tmp_path,
        f"s/^skip {C1}$/promote {C1} +{KEPT} weighed again/",
        f"s/^skip {C2}$/m {C2} {DOME}/",
        f"s/^skip {C4}$/r {C4} an attack/",
        f"s/^skip {C5}$/off {C5} 2999-01-31/",
    )
    ran = run("review", "--edit", "--json", **editing)
    assert ran.code == 0, ran.err
    (commit,) = desk.commits_since(start)
    assert ran.json["commit"] == commit
    assert desk.message().startswith("review: promote 1, merge 1, reject 1, put off 1")
    assert desk.statuses("mem-c1", "mem-kept", "mem-c2", "mem-c4", "mem-c5") == [
        "active",
        "superseded",
        "rejected",
        "rejected",
        "candidate",
    ]
    assert run("log", C4, "--json").json["entries"][0]["action"] == "review"


def test_mistakes_are_told_by_line_and_the_text_is_kept(
    run, desk: Desk, tmp_path: Path, editing: dict[str, str]
) -> None:
    before = desk.state()
    script(tmp_path, f"s/^skip {C1}$/accept {C1}/", f"s/^skip {C5}$/p {C5}/")
    ran = run("review", "--edit", **editing)
    assert ran.code == 2
    assert "line 1" in ran.err
    assert "'accept' is no verb" in ran.err
    assert desk.state() == before
    kept = desk.folder / ".atocore" / "review-list.txt"
    script(tmp_path, "s/^accept /p /")
    assert run("review", "--edit", "--from", str(kept), **editing).code == 0
    assert desk.statuses("mem-c1", "mem-c5") == ["active", "active"]
    assert not kept.exists()


def test_all_or_nothing(run, desk: Desk, tmp_path: Path, editing: dict[str, str]) -> None:
    desk.edit("memories/scope/c5.md", "its own", "a new")
    before = desk.state()
    script(tmp_path, "s/^skip \\(.*\\)$/r \\1 no/")
    ran = run("review", "--edit", **editing)
    assert "memories/scope/c5.md" in ran.err
    assert desk.state() == before


def test_what_changed_while_the_list_was_open_is_told_by_its_line(
    run, desk: Desk, tmp_path: Path, editing: dict[str, str]
) -> None:
    script(tmp_path, f"s/^skip {C5}$/p {C5}/", "s/^skip /x /")
    run("review", "--edit", **editing)
    desk.edit("memories/scope/c5.md", "its own", "a new")
    desk.commit()
    script(tmp_path, "s/^x /skip /")
    ran = run("review", "--edit", "--from", str(desk.folder / ".atocore" / "review-list.txt"), **editing)
    assert "changed since it was shown" in ran.err
    assert desk.status("mem-c5") == "candidate"


def test_an_emptied_list_does_nothing(run, desk: Desk, tmp_path: Path, editing: dict[str, str]) -> None:
    before = desk.state()
    for line in ("d", ""):
        script(tmp_path, line)
        ran = run("review", "--edit", **editing)
        assert (ran.code, ran.out) == (0, "nothing was decided\n")
    assert desk.state() == before


def test_an_editor_that_fails_is_named(run, desk: Desk) -> None:
    ran = run("review", "--edit", EDITOR="false", VISUAL="false")
    assert ran.code == 1
    assert "editor failed" in ran.err


# -- in bulk


def test_promoting_the_ids_of_a_file(run, desk: Desk, tmp_path: Path) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_text(f"# agreed on Monday\n{C5}   # the pier\n\n{C2}\n{C5}\n")
    before, start = desk.state(), desk.head()
    refused = run("promote", "--from-file", str(listed), "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")
    assert "--yes" in refused.error["hint"]
    assert desk.state() == before
    assert len(run("promote", "--from-file", str(listed), "--dry-run", "--json").json["records"]) == 2
    assert run("promote", "--from-file", str(listed), "--yes", "-m", "agreed").code == 0
    assert len(desk.commits_since(start)) == 1
    assert desk.statuses("mem-c2", "mem-c5") == ["active", "active"]


def test_ids_may_come_from_standard_input(run, desk: Desk) -> None:
    assert run("promote", "--from-file", "-", "--yes", stdin=f"{C5}\n").code == 0
    assert desk.status("mem-c5") == "active"


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", f"{C5} {C2}\n", f"{C5}\nmem-nowhere00000\n", f"{C5}\n{KEPT}\n"]
)
def test_a_list_that_does_not_fit_promotes_nothing(run, desk: Desk, text: str) -> None:
    before = desk.state()
    ran = run("promote", "--from-file", "-", "--yes", "--json", stdin=text)
    assert ran.code in (1, 2)
    assert ran.error["hint"]
    assert desk.state() == before


def test_a_list_that_is_not_there_is_named(run) -> None:
    ran = run("promote", "--from-file", "no-such-list", "--yes", "--json")
    assert ran.code == 1
    assert "no-such-list" in ran.error["message"]


def test_rejecting_everything_of_a_rule(run, desk: Desk) -> None:
    start = desk.head()
    assert run("reject", "--rule", "labelled-line", "--reason", "no labels of ours").code == 2, (
        "nobody was asked"
    )
    done = run("reject", "--rule", "labelled-line", "--reason", "no labels of ours", "--yes", "--json")
    assert sorted(record["id"] for record in done.json["records"]) == [C4, C5]
    assert len(desk.commits_since(start)) == 1
    assert run("reject", "--rule", "labelled-line", "-m", "x", "--yes", "--json").error["code"] == "not-found"


@pytest.mark.parametrize(
    "args",
    [
        ["reject", "--project", "scope", "-m", "x", "--yes"],
        ["reject", C5, "--rule", "labelled-line", "-m", "x", "--yes"],
        ["reject", "--rule", "labelled-line", "--yes"],
        ["reject"],
        ["promote"],
        ["put-off", C5, "--until", "yesterday"],
    ],
)
def test_bulk_verbs_that_say_too_little(run, desk: Desk, args: list[str]) -> None:
    before = desk.state()
    assert run(*args).code == 2
    assert desk.state() == before


# -- the same by hand


def test_a_status_or_a_date_that_a_person_commits_is_the_step(run, desk: Desk) -> None:
    desk.edit("memories/scope/c5.md", "status: candidate", "status: rejected")
    desk.commit()
    desk.edit("memories/scope/c2.md", "status: candidate", "status: candidate\nreview_after: 2999-01-01")
    desk.commit()
    assert run("log", C5, "--json").json["entries"][0]["action"] == "reject"
    assert run("log", C2, "--json").json["entries"][0]["action"] == "put-off"
    answer = run("review", "--json").json
    assert (answer["waiting"], answer["put_off"]) == (3, 2)
    assert [p.code for p in desk.vault.check().problems] == []


def test_what_a_machine_promoted_waits_and_is_marked(run, desk: Desk) -> None:
    desk.edit("memories/scope/c5.md", "status: candidate", "status: active")
    desk.commit("", "by hand", "--author", ASSISTANT)
    (card,) = run("review", "--json", C5).json["cards"]
    assert (card["status"], card["machine_made"]) == ("candidate", "active")
    assert run("review", C5, stdin="p\n").code == 0
    assert desk.status("mem-c5") == "active"


def test_a_saved_edit_is_marked_on_the_card(run, desk: Desk) -> None:
    desk.edit("memories/scope/c5.md", "status: candidate", "status: active")
    (card,) = run("review", "--json", C5).json["cards"]
    assert (card["status"], card["draft"]) == ("candidate", "active")
    desk.put("memories/scope/c5.md", "no header")
    assert run("review", "--json", C5).json["cards"][0]["draft"] == "broken"
    (desk.folder / "memories/scope/c5.md").unlink()
    assert run("review", "--json", C5).json["cards"][0]["draft"] == "deleted"


def test_status_tells_the_queue_and_the_track_records(run, desk: Desk) -> None:
    run("promote", C2)
    run("reject", C5, "-m", "no")
    answer = run("status", "--json").json
    assert (answer["candidates"], answer["put_off"], answer["max_open"]) == (4, 1, 200)
    rules = {track["name"]: track for track in answer["tracks"] if track["family"] == "rule"}
    assert (rules["stated-quantity"]["kept"], rules["stated-quantity"]["proposed"]) == (1, 2)
    assert rules["labelled-line"]["rejected"] == 1
    told = run("status").out
    assert "candidates 4 of 200" in told
    assert "rule stated-quantity" in told
