"""What `hook status` tells of entries in real settings, and `hook test` of commands that are really run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from atocore.app import hook_places, hook_script, hook_trial, hooking
from atocore.app.hook_runs import HookRuns, runs_in
from atocore.app.hook_status import HookStatus, InstalledHook, hook_status
from atocore.app.hook_trial import Trial, try_hooks
from atocore.config import DEFAULTS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hook_script, "interpreter", lambda wanted="": wanted or sys.executable)
    return home


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "the team's “vault”"
    folder.mkdir()
    (folder / "atocore.yaml").write_text("format: 1\n")
    return folder


@pytest.fixture
def installed(home: Path, vault: Path) -> hooking.HookChange:
    return install(vault)


def install(vault: Path, **where: Any) -> hooking.HookChange:
    change = hooking.plan_install(vault, DEFAULTS, os.environ, **where)
    hooking.carry_out(change)
    return change


def status(vault: Path | str, **where: Any) -> HookStatus:
    return hook_status(str(vault), os.environ, **where)


def only(answer: HookStatus) -> InstalledHook:
    (hook,) = answer.hooks
    return hook


def run(command: str, given: object, **environ: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        input=json.dumps(given).encode(),
        capture_output=True,
        env=os.environ | environ,
        check=True,
    )
    assert (done.stdout, done.stderr) == (b"", b"")


def rewrite(change: hooking.HookChange, old: str, new: str) -> None:
    text = change.place.path.read_text()
    assert old in text
    change.place.path.write_text(text.replace(old, new))


# --- status ------------------------------------------------------------------------------------------------


def test_nothing_is_installed(home: Path, vault: Path) -> None:
    answer = status(vault)
    assert (answer.hooks, answer.broken, answer.runs) == ((), False, HookRuns())
    told = [(one.client, one.scope) for one in answer.looked_at]
    assert told == [
        *[("claude-code", "user"), ("claude-code", "project"), ("claude-code", "local")],
        *[("codex", "user"), ("codex", "project")],
    ]


def test_a_sound_hook(installed: hooking.HookChange, vault: Path) -> None:
    answer = status(vault)
    hook = only(answer)
    assert (hook.problems, hook.drift, hook.notes) == ((), (), ())
    assert (hook.command, hook.vault, hook.interpreter) == (installed.command, str(vault), sys.executable)
    assert answer.script_hash == answer.shipped_hash != ""
    assert not answer.broken


def test_runs_are_counted_and_the_last_error_stays(installed: hooking.HookChange, vault: Path) -> None:
    run(installed.command, "no object")
    answer = status(vault)
    assert answer.broken
    assert "no JSON object" in answer.runs.last_error
    run(installed.command, {"session_id": "s", "prompt": "Weigh it.", "prompt_id": "p"})
    runs = status(vault).runs
    assert (runs.last_outcome, runs.captures, runs.failed) == ("captured", 1, 1)
    assert "no JSON object" in runs.last_error
    assert not status(vault).broken


@pytest.mark.parametrize(
    "damaged", ["", "[]", "{", '{"captures": "7", "last_run": 3, "failed": true}', "[" * 90_000]
)
def test_a_damaged_counter_is_none(vault: Path, damaged: str) -> None:
    (vault / ".atocore").mkdir()
    (vault / ".atocore/hook-status.json").write_text(damaged)
    assert runs_in(vault) == HookRuns()


def test_what_is_gone_is_told(installed: hooking.HookChange, vault: Path) -> None:
    rewrite(installed, sys.executable, "/opt/gone/python3")
    hook_script.script_copy().unlink()
    shutil.rmtree(vault)
    answer = status("")
    assert [problem.split(":")[0] for problem in only(answer).problems] == [
        "the interpreter is gone",
        "the script is gone",
        "the vault is gone",
    ]
    assert answer.broken


def test_a_folder_that_is_no_vault_any_more(installed: hooking.HookChange, vault: Path) -> None:
    (vault / "atocore.yaml").unlink()
    assert "not a vault" in only(status("")).problems[0]


def test_drift_is_told(installed: hooking.HookChange, vault: Path) -> None:
    (vault / "atocore.yaml").write_text("format: 1\ncapture:\n  response: false\n  max_chars: 10\n")
    hook_script.script_copy().write_text("old")
    rewrite(installed, f"{sys.executable} -I -S", "python3")
    rewrite(installed, "claude-code", "other")
    answer = status(vault)
    assert not answer.broken
    drift = "; ".join(only(answer).drift)
    for told in ("not this version's", "PATH", "-I -S", "--client is other", "--response", "--max-chars"):
        assert told in drift


def test_settings_that_cannot_be_read_are_a_row(installed: hooking.HookChange, home: Path) -> None:
    (home / ".codex").mkdir()
    (home / ".codex/hooks.json").write_text("{")
    answer = status("")
    assert answer.broken
    assert len(answer.hooks) == 1
    (bad,) = [one for one in answer.looked_at if one.problem]
    assert (bad.client, bad.installed) == ("codex", False)
    assert "line 1, column 2" in bad.problem


def test_what_the_client_may_have_against_it(home: Path, vault: Path, tmp_path: Path) -> None:
    claude = install(vault, scope="local")
    codex = install(vault, client="codex")
    notes = {hook.client: hook.notes for hook in status(vault).hooks}
    assert "trusted" in notes["claude-code"][0]
    assert "trusted" in notes["codex"][0]
    (home / ".claude.json").write_text(
        json.dumps({"projects": {str(tmp_path): {"hasTrustDialogAccepted": True}}})
    )
    key = f"{codex.place.path}:stop:0:0"
    (home / ".codex/config.toml").write_text(f'[hooks.state.{json.dumps(key)}]\ntrusted_hash = "sha256:0"\n')
    assert {hook.notes for hook in status(vault).hooks} == {()}
    (home / ".codex/config.toml").write_text("[features]\nhooks = false\n")
    rewrite(claude, "{\n", '{\n  "disableAllHooks": true, // for now\n')
    notes = {hook.client: hook.notes for hook in status(vault).hooks}
    assert "switched off" in notes["codex"][0]
    assert "disableAllHooks" in notes["claude-code"][0]
    assert "comments" in notes["claude-code"][1]


def test_the_environment_is_told(
    installed: hooking.HookChange, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATOCORE_CAPTURE_DISABLED", "1")
    monkeypatch.setenv("ATOCORE_VAULT", "/elsewhere")
    answer = status(vault)
    assert (answer.disabled, answer.vault_override) == (True, "/elsewhere")


def test_a_failure_that_no_vault_could_note(installed: hooking.HookChange, vault: Path) -> None:
    shutil.rmtree(vault)
    run(installed.command, {"session_id": "s", "prompt": "Weigh it."})
    assert "not a vault" in status("").elsewhere.last_error


# --- test --------------------------------------------------------------------------------------------------


def tried(vault: Path | str = "") -> Trial:
    (trial,) = try_hooks(str(vault), os.environ).trials
    return trial


@pytest.mark.parametrize("client", ["claude-code", "codex"])
def test_a_hook_that_works(home: Path, vault: Path, client: str) -> None:
    install(vault, client=client)
    answer = try_hooks(str(vault), os.environ)
    assert answer.ok, answer
    trial = tried(vault)
    assert (trial.exit_code, trial.silent, trial.captured, trial.redacted) == (0, True, True, True)
    assert len(trial.milliseconds) == 3
    assert [path.name for path in vault.iterdir()] == ["atocore.yaml"]


def test_nothing_to_try(home: Path, vault: Path) -> None:
    assert not try_hooks(str(vault), os.environ).ok


def test_the_kill_switch_is_lifted_for_the_trial(
    installed: hooking.HookChange, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATOCORE_CAPTURE_DISABLED", "1")
    assert tried().captured
    assert "ATOCORE_CAPTURE_DISABLED" in tried().notes[0]


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("print('hello')", "something was printed: hello"),
        ("raise SystemExit(2)", "the exit code was 2, and has to be 0"),
        ("pass", "no capture was written"),
    ],
)
def test_a_hook_that_fails(installed: hooking.HookChange, script: str, told: str) -> None:
    hook_script.launcher().write_text(script)
    assert told in tried().failures


def test_a_secret_that_is_left_in(installed: hooking.HookChange, vault: Path) -> None:
    text = hook_script.shipped_script().decode()
    assert "\ndef redact(text" in text
    broken = text.replace("\ndef redact(text", "\ndef redact(text):\n    return text\n\n\ndef unused(text")
    hook_script.script_copy().write_text(broken)
    assert tried().failures == ("the secret was not taken out",)


def test_a_vault_that_is_gone_fails(installed: hooking.HookChange, vault: Path) -> None:
    shutil.rmtree(vault)
    assert tried().captured
    assert "not a vault" in tried().failures[0]


def test_a_hook_that_hangs_is_given_up(
    installed: hooking.HookChange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook_trial, "_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(hook_trial, "_RUNS", 1)
    hook_script.launcher().write_text("import time; time.sleep(30)")
    assert "the command did not run to its end" in tried().failures


def test_a_command_that_is_tied_to_its_vault_is_not_run(installed: hooking.HookChange, vault: Path) -> None:
    rewrite(installed, sys.executable, f"ATOCORE_VAULT={vault.parent}/other {sys.executable}")
    trial = tried()
    assert "ATOCORE_VAULT" in trial.failures[0]
    assert trial.milliseconds == ()


def test_the_folder_of_hooks_is_the_users(home: Path) -> None:
    assert hook_places.data_folder() == home / "data/atocore/hooks"


@pytest.mark.parametrize("scope", ["project", "local"])
def test_a_projects_hook_is_tried_as_it_was_installed(home: Path, vault: Path, scope: str) -> None:
    install(vault, scope=scope)
    assert tried(vault).failures == ()


@pytest.mark.parametrize(
    "command",
    [
        "touch pwned; python3 x/capture_stop.py --vault {vault}",
        "python3 -I -S {script} --vault {vault} --client claude-code; touch pwned",
        "{vault}/evil -I -S {script} --vault {vault}",
        "python3 -I -S {script} --vault {vault}",
        "/usr/bin/env -I -S {vault}/capture_stop.py --vault {vault}",
    ],
)
def test_no_command_of_a_clones_settings_is_run(home: Path, tmp_path: Path, command: str) -> None:
    vault = tmp_path / "clone"
    (vault / ".claude").mkdir(parents=True)
    (vault / "atocore.yaml").write_text("format: 1\n")
    written = command.format(vault=vault, script=hook_script.launcher())
    hooks = {"Stop": [{"hooks": [{"type": "command", "command": written}]}]}
    (vault / ".claude/settings.json").write_text(json.dumps({"hooks": hooks}))
    answer = try_hooks(str(vault), os.environ, folder=vault)
    assert not answer.ok
    (trial,) = answer.trials
    assert trial.milliseconds == () and "may be anybody's" in trial.failures[0]


def test_homes_of_nobody_and_texts_that_no_shell_takes_are_told(installed: hooking.HookChange) -> None:
    rewrite(installed, "--vault '", "--vault '~nobody-of-that-name")
    (problem,) = only(status("")).problems
    assert "the vault is gone" in problem
    rewrite(installed, "-I -S", "-I -S \\u0000")
    assert status("").hooks == ()
