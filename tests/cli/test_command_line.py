"""The command line as a shell sees it: where the vault is, JSON or text, exit codes, and no traceback."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from desk import Desk
from helpers import whole

MASS, GEM, SECOND = whole("mem-mass"), whole("mem-gem"), whole("mem-2nd")


def test_json_before_and_after_the_verb_is_the_same_document(run, desk: Desk) -> None:
    before, after = run("--json", "list"), run("list", "--json")
    assert (before.code, after.code, before.err) == (0, 0, "")
    assert before.json == after.json
    assert [record["id"] for record in before.json["records"]].count(GEM) == 1


def test_json_on_a_verb_of_a_group(run) -> None:
    assert run("conflicts", "list", "--json").json == run("--json", "conflicts", "list").json
    assert run("conflicts", "--json", "list").json["conflicts"][0]["status"] == "open"
    assert run("state", "list", "--json").json["records"][0]["value"] == "design"


def test_the_vault_is_named_before_or_after_or_by_the_environment_or_around(
    run, desk: Desk, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    place = str(desk.folder)
    answers = [
        run("--vault", place, "list", "--json", cwd=away),
        run("list", "--vault", place, "--json", cwd=away),
        run("list", f"--vault={place}", "--json", cwd=away),
        run("list", "--json", cwd=away, ATOCORE_VAULT=place),
        run("list", "--json", cwd=desk.folder / "memories" / "scope"),
        run("--vault", os.path.relpath(desk.folder, away), "list", "--json", cwd=away),
    ]
    assert [answer.code for answer in answers] == [0] * 6
    assert all(answer.json == answers[0].json for answer in answers)
    nowhere = run("list", "--json", cwd=away)
    assert (nowhere.code, nowhere.out, nowhere.error["code"]) == (1, "", "not-a-vault")


def test_the_named_vault_wins_over_the_environment(run, desk: Desk, tmp_path: Path) -> None:
    assert run("--vault", str(desk.folder), "list", ATOCORE_VAULT=str(tmp_path / "no")).code == 0


@pytest.mark.parametrize(
    ("args", "exit_code", "code"),
    [
        (["promote", "mem-nowhere00000"], 1, "not-found"),
        (["promote", GEM], 1, "impossible-step"),
        (["promote"], 2, "usage"),
        (["nonsense"], 2, "usage"),
        (["list", "--nonsense"], 2, "usage"),
        (["list", "--limit", "x"], 2, "usage"),
        (["list", "--kind", "nonsense"], 2, "bad-value"),
        (["search"], 2, "usage"),
        (["search", "x", "--words", "--vectors"], 2, "usage"),
        (["search", "--batch", "no-such-file"], 2, "usage"),
        (["context", "x", "--budget", "0"], 2, "usage"),
        (["context", "x", "--budget", "-5"], 2, "usage"),
        (["reject", MASS], 2, "usage"),
        (["new", "memory", "text", "--type", "nonsense"], 2, "bad-value"),
        (["new", "memory", "text", "--type", "knowledge", "--key", "novalue"], 2, "usage"),
        (["state", "get", "scope", "none"], 1, "not-found"),
        (["conflicts", "show", "con-none"], 1, "not-found"),
        (["undo", "--", "-rf"], 1, "not-found"),
        (["ingest", "no/such/place"], 1, "not-found"),
        (["adopt", "../../etc/passwd", "memory", "--type", "knowledge"], 1, "not-found"),
        (["edit", GEM, "--from", "notes/visit.md"], 1, "has-problems"),
        (["show", "mem-"], 1, "ambiguous"),
        (["show", ""], 1, "not-found"),
        (["show", "' OR 1=1 --"], 1, "not-found"),
        (["show", "%"], 1, "not-found"),
        (["show", "a\x00b"[:1]], 1, "not-found"),
        (["init", "."], 1, "exists"),
    ],
)
def test_a_refusal_is_json_on_stderr_with_its_exit_code(
    run, desk: Desk, args: list[str], exit_code: int, code: str
) -> None:
    before = desk.state()
    ran = run("--json", *args)
    assert (ran.code, ran.out, ran.error["code"]) == (exit_code, "", code)
    assert ran.error["message"]
    plain = run(*args)
    assert (plain.code, plain.out) == (exit_code, "")
    assert plain.err.strip()
    assert desk.state() == before


def test_a_machines_shell_is_refused_with_a_hint(run, desk: Desk) -> None:
    ran = run("promote", MASS, "--json", CLAUDECODE="1")
    assert (ran.code, ran.error["code"]) == (1, "machine-refused")
    assert "propose" in ran.error["hint"]
    assert (
        run("propose", "The truss is carbon.", "--json", CLAUDECODE="1").json["records"][0]["status"]
        == "candidate"
    )


def test_check_ends_with_one_for_an_error_and_conflicts_with_none(run, desk: Desk) -> None:
    assert run("check").code == 0
    assert run("conflicts", "list").code == 0
    desk.put("memories/scope/bad.md", "no header\n")
    ran = run("check", "--json")
    assert (ran.code, ran.json["problems"][0]["code"]) == (1, "no-frontmatter")
    assert run("check").code == 1


def test_a_warning_is_no_failure(run, desk: Desk) -> None:
    desk.put("notes/CON.md", "a device elsewhere\n")
    assert run("check").code == 0


# -- text from people reaches no terminal raw ---------------------------------------------------------------

EVIL = "red \x1b[31m bell \x07 title \x1b]0;owned\x07 rtl \u202e end \x9b"


def test_control_characters_do_not_reach_the_terminal(run, desk: Desk) -> None:
    body = f"{EVIL}\n\nanamorphic {EVIL}\n"
    desk.put(
        "memories/scope/evil\x1b[31m.md",
        f"---\nid: {whole('mem-evv')}\nkind: memory\ntype: knowledge\nstatus: active\n---\n{body}",
    )
    desk.commit(message=f"a {EVIL.replace(chr(10), ' ')} subject")
    for args in (
        ["list"],
        ["list", "--full"],
        ["list", "--full", "--json"],
        ["show", whole("mem-evv")],
        ["show", whole("mem-evv"), "--json"],
        ["search", "anamorphic", "--words"],
        ["search", "anamorphic", "--words", "--json"],
        ["context", "anamorphic", "--words"],
        ["context", "anamorphic", "--words", "--json"],
        ["log"],
        ["log", "--json"],
        ["check"],
        ["status"],
        ["health"],
        ["health", "--json"],
        ["health", "--prometheus"],
        ["retire", whole("mem-evv"), "--dry-run"],
        ["show", EVIL],
        ["show", EVIL, "--json"],
        ["promote", EVIL],
    ):
        ran = run(*args)
        for stream in (ran.out, ran.err):
            assert not [c for c in "\x1b\x07\x9b\u202e" if c in stream], (args, stream)


def test_names_that_are_not_utf8_are_escaped(spawn, desk: Desk) -> None:
    raw = desk.text("memories/scope/gem.md").replace(GEM, whole("mem-byte")).replace("Zerodur", "Borofloat")
    Path(str(desk.folder / "memories/scope/bad") + "\udcff.md").write_bytes(raw.encode())
    for args in (
        ["list", "--json"],
        ["search", "Borofloat", "--words", "--json"],
        ["check", "--json"],
        ["status"],
    ):
        ran = spawn(*args)
        assert "\\udcff" in ran.out or "bad" not in ran.out
        if "--json" in args:
            assert ran.json
    shown = spawn(b"show", b"memories/scope/bad\xff.md", b"--json")
    assert shown.json["id"] == whole("mem-byte")
    assert spawn(b"show", b"nothing\xff", b"--json").error["code"] == "not-found"
    assert spawn(b"search", b"caf\xff", b"--words", b"--json").code == 0
    assert spawn(b"new", b"memory", b"--type", b"knowledge", b"caf\xff", b"--json").code in (0, 2)


def test_a_closed_pipe_is_no_failure(desk: Desk) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        f"{sys.executable} -m atocore schema | head -1",
        shell=True,
        cwd=desk.folder,
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    assert done.stdout.startswith(b"{")


# -- the verbs print what they did --------------------------------------------------------------------------


def test_a_writing_verb_tells_the_record_and_the_commit(run, desk: Desk) -> None:
    ran = run("promote", MASS, "-m", "weighed on the bench")
    assert ran.code == 0
    assert f"{MASS}  memory active" in ran.out
    assert f"committed {desk.head()[:10]}" in ran.out
    assert "weighed on the bench" in run("log", "-n", "1").out


def test_the_json_of_a_writing_verb(run, desk: Desk) -> None:
    ran = run("state", "set", "scope", "tube.length", "4 m", "--from", GEM, "--json")
    assert ran.json["commit"] == desk.head()
    assert [c["status"] for c in ran.json["conflicts"]] == ["open"]
    assert run("state", "get", "scope", "tube.length").out == "4 m\n"


def test_new_reads_standard_input(run, desk: Desk) -> None:
    ran = run("new", "memory", "--type", "knowledge", "-", "--json", stdin="From a pipe.\n")
    assert desk.vault.show(ran.json["records"][0]["id"]).text == "From a pipe.\n"


def test_capture_reads_standard_input(run, desk: Desk) -> None:
    ran = run("capture", "--client", "chat", "--json", stdin="We decided on Zerodur.")
    assert ran.json["new"] is True
    assert run("capture", "--client", "chat", "--json", stdin="We decided on Zerodur.").json["new"] is False
    assert run("capture", stdin="   ").code == 2


def test_search_batch_prints_one_document_a_line(run, desk: Desk, tmp_path: Path) -> None:
    queries = tmp_path / "queries.txt"
    queries.write_text('Zerodur\n\n{"query": "weighs", "status": "candidate"}\n')
    ran = run("search", "--batch", str(queries), "--words")
    documents = [json.loads(line) for line in ran.out.splitlines()]
    assert [document["query"] for document in documents] == ["Zerodur", "weighs"]
    assert documents[1]["hits"][0]["id"] == MASS
    queries.write_text('{"kind": "memory"}\n')
    assert run("search", "--batch", str(queries), "--words", "--json").error["code"] == "usage"
    queries.write_text('{"query": "x", "nonsense": "y"}\n')
    assert run("search", "--batch", str(queries), "--words", "--json").error["code"] == "usage"
    queries.write_bytes(b"caf\xff\n")
    assert run("search", "--batch", str(queries), "--words", "--json").code in (0, 2)
    queries.write_text('[1]\n"text"\n{"query": ["a"]}\n')
    assert run("search", "--batch", str(queries), "--words", "--json").code in (0, 2)


@pytest.mark.parametrize(
    "query",
    ['"', "(", "*", "a AND", "-", "+", ":", "field:value", "[a TO b]", "\\", "x" * 5000, "~", "^2", "日本語"],
)
def test_any_text_is_a_legal_query(run, query: str) -> None:
    assert run("search", "--words", "--json", "--", query).json["mode"] == "words"
    assert run("context", "--words", "--json", "--", query).code == 0


def test_edit_in_an_editor(run, desk: Desk, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/made of Zerodur/made of Sitall/" "$1"\n')
    editor.chmod(0o755)
    ran = run("edit", GEM, "--json", EDITOR=str(editor), VISUAL=str(editor))
    assert ran.json["commit"] == desk.head()
    assert "made of Sitall" in desk.text("memories/scope/gem.md")


def test_an_edit_that_cannot_be_understood_is_kept(run, desk: Desk, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "my words" > "$1"\n')
    editor.chmod(0o755)
    ran = run("edit", GEM, "--json", EDITOR=str(editor), VISUAL=str(editor))
    assert ran.error["code"] == "has-problems"
    kept = ran.error["hint"].rpartition("--from ")[2]
    assert Path(kept).read_text() == "my words\n"


def test_init_makes_a_vault_and_its_own_repository(run, tmp_path: Path) -> None:
    place = tmp_path / "fresh"
    env = {
        "GIT_AUTHOR_NAME": "N",
        "GIT_AUTHOR_EMAIL": "n@example.org",
        "GIT_COMMITTER_NAME": "N",
        "GIT_COMMITTER_EMAIL": "n@example.org",
    }
    dry = run("init", str(place), "--dry-run", "--json", **env)
    assert dry.json["dry_run"] is True
    assert not place.exists()
    made = run("init", str(place), "--json", **env)
    assert made.json["commit"]
    assert run("--vault", str(place), "check").code == 0
    assert run("init", str(place), "--json", **env).error["code"] == "exists"


def test_a_broken_settings_file_is_told_with_its_line(run, desk: Desk) -> None:
    for text, code, told in (
        ("a: [\n", "bad-settings", "not valid YAML"),
        ("- a\n", "bad-settings", "not a list of settings"),
        ("limits:\n  file_bytes: lots\n", "bad-settings", "limits.file_bytes"),
        ("format: 2\n", "newer-format", "format 2"),
        ("format: ''\n", "bad-settings", "format"),
    ):
        desk.put("atocore.yaml", text)
        ran = run("list", "--json")
        assert (ran.code, ran.error["code"]) == (1, code)
        assert told in ran.error["message"]
    desk.put("atocore.yaml", b"\xff\xfe")
    assert run("list", "--json").error["code"] == "bad-settings"
    desk.put("atocore.yaml", "")
    assert run("list").code == 0
