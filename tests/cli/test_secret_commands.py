"""audit, check --staged and the pre-commit hook from the command line."""

from __future__ import annotations

from desk import Desk

KEY = "ghp_" + "a1B2c3D4e5F6" * 3


def test_audit_shows_where_and_never_what(run, desk: Desk) -> None:
    assert run("audit").code == 0
    commit = desk.commit(f"-- notes/a.md --\none\nkey {KEY}\n")
    ran = run("audit")
    assert ran.code == 1
    assert "notes/a.md:2: github-token (ghp_… 40 characters) s-" in ran.out
    assert f"since {commit[:10]}" in ran.out
    assert "still there" in ran.out
    assert "docs/secrets.md" in ran.err
    assert KEY not in ran.out + ran.err
    desk.commit("-- notes/a.md --\nclean\n")
    assert "gone from the present files" in run("audit").out
    assert run("audit", "--no-history").code == 0


def test_audit_as_json(run, desk: Desk) -> None:
    desk.save(f"-- notes/a.md --\n{KEY}\n")
    ran = run("audit", "--json")
    assert ran.code == 1
    (found,) = ran.json["findings"]
    assert found.keys() == {
        "path", "line", "label", "hint", "fingerprint", "where", "present", "commit", "date"
    }  # fmt: skip
    assert (found["where"], found["present"], found["commit"]) == ("saved", True, "")


def test_a_refused_promotion_names_line_and_way_out(run, desk: Desk) -> None:
    desk.commit(f"-- memories/k.md --\nid: mem-k\nstatus: candidate\n--\nThe key is {KEY}.\n")
    ran = run("promote", "mem-k00000000000", "--json")
    assert ran.code == 1
    assert ran.error["code"] == "secret"
    assert "memories/k.md:7: github-token" in ran.error["message"]
    assert "secrets.false_alarms" in ran.error["hint"]
    assert KEY not in ran.err


def test_staged_files_are_judged(run, desk: Desk) -> None:
    assert run("check", "--staged").code == 0
    desk.save("-- memories/bad.md --\n---\nkind: memory\n---\nx\n")
    desk.git("add", "-A")
    ran = run("check", "--staged")
    assert ran.code == 1
    assert "memories/bad.md" in ran.out
    desk.save(f"-- notes/a.md --\n{KEY}\n")
    desk.git("add", "-A")
    ran = run("check", "--staged", "--json")
    assert ran.code == 10
    assert ran.json["stops"] is True
    assert [leak["path"] for leak in ran.json["secrets"]] == ["notes/a.md"]


def test_the_pre_commit_hook_comes_and_goes(run, desk: Desk) -> None:
    hook = desk.folder / ".git/hooks/pre-commit"
    assert run("hook", "install", "--git", "--dry-run").code == 0
    assert not hook.exists()
    ran = run("hook", "install", "--git", "--json")
    assert (ran.json["state"], ran.json["changed"]) == ("installed", True)
    assert hook.exists()
    assert "taken away" in run("hook", "uninstall", "--git").out
    assert not hook.exists()


def test_a_purge_shows_what_goes_and_never_the_secret(run, desk: Desk) -> None:
    desk.commit(f"-- notes/a.md --\none\nkey {KEY}\n", f"with {KEY}", "--no-verify")
    mark = run("audit", "--json").json["findings"][0]["fingerprint"]
    before = desk.state()
    ran = run("purge", mark)  # nobody can be asked here
    assert ran.code == 2
    assert "--yes" in ran.err
    assert desk.state() == before
    ran = run("purge", mark, "--yes", "--json")
    assert ran.code == 0
    assert ran.json["files"][0]["path"] == "notes/a.md"
    assert ran.json["listed"] == 2
    assert KEY not in ran.out + ran.err
    assert run("audit").code == 0
    assert run("purge", mark, "--yes", "--json").error["code"] == "not-found"
    assert run("purge", KEY, "--yes", "--json").error["code"] == "bad-value"
    assert run("purge", "--continue", "--json").error["code"] == "not-found"
    assert run("purge", "--again", "--yes", CLAUDECODE="1").code == 1
