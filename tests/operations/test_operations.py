"""The operator's page tells the truth: each failure is caused on real files and looks as it says, and each
command that it tells to type is run."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Callable, Mapping
from types import MappingProxyType

import at_any_time
import click
import page
import pytest
import while_backing_up
import while_restoring
import with_a_backup
from night import Night, Told

from atocore.cli import atocore
from atocore.errors import ERRORS
from atocore.knowledge.health import REASONS

TEXT = page.PAGE.read_text("utf-8")
FAILURES = tuple(page.failures(TEXT))
CAUSES: Mapping[str, Callable[[Night], Told]] = MappingProxyType(
    {
        name: cause
        for module in (while_backing_up, with_a_backup, while_restoring, at_any_time)
        for name, cause in inspect.getmembers(module, inspect.isfunction)
        if cause.__module__ == module.__name__ and not name.startswith("_")
    }
)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda one: one.key)
def test_a_failure_looks_as_the_page_says_and_what_it_says_to_do_can_be_done(
    night: Night, failure: page.Failure
) -> None:
    told = CAUSES[failure.key](night)
    assert failure.seen
    assert failure.lacking(told.text) == [], told.text
    if failure.exit_code is not None:
        assert told.code == failure.exit_code
    assert failure.not_run(night.ran) == []


def test_each_failure_has_a_test_and_each_test_a_failure() -> None:
    assert sorted(one.key for one in FAILURES) == sorted(CAUSES)


def test_each_exit_code_of_damage_is_a_failure_of_the_page() -> None:
    of_damage = {kind.exit_code for kind in ERRORS.values() if 11 <= kind.exit_code <= 19}
    assert of_damage == set(range(11, 20))
    assert of_damage <= {one.exit_code for one in FAILURES}


def test_a_row_that_differs_from_what_is_seen_is_found() -> None:
    (found,) = page.failures(
        "\n## Failures\n| **Full.** exit code 11, `no … left` | - | `atocore check`, `rm DIR` |\n"
    )
    assert (found.key, found.seen, found.exit_code) == ("full", ("no … left",), 11)
    assert found.lacking("no space left") == []
    assert found.lacking("no space") == ["no … left"]
    assert found.not_run(["atocore check", "rm a b"]) == ["rm DIR"]
    assert found.not_run(["atocore check", "rm a"]) == []


def test_the_commands_of_the_quick_reference_run(night: Night) -> None:
    shown = page.quick_reference(TEXT)
    given = {"STAMP": night.stamp, "DIR": f"{night.folder}/new", "PATH": "notes"}
    none_runs = {"atocore daemon --status", "atocore daemon --stop"}
    for command in shown:
        meant = re.sub(r"\b(STAMP|DIR|PATH)\b", lambda name: given[name[1]], command)
        told = night(meant)
        assert told.code == (1 if command in none_runs else 0), (command, told)
    assert len(shown) > 15


def test_the_lines_for_cron_and_monitors_run(night: Night) -> None:
    lines = [re.split(r"\s+", line, maxsplit=5)[5] for line in page.blocks(TEXT, "cron")]
    plain = [line for line in lines if not re.search("[&|>]", line)]
    assert len(lines) == len(plain) + 1  # the last one is health's, with what cron is to mail
    for command in (*plain, *page.blocks(TEXT, "sh")):
        night.fine(command)
    assert lines[-1].startswith("atocore --vault ~/team health >")
    assert list(page.commands(page.section(TEXT, "Without a daemon: cron"))) == ["mountpoint -q DIR &&"]
    night.fine("mountpoint -q / && atocore check")
    assert "atocore_healthy" in (night.folder / "atocore.prom").read_text()


def test_a_purge_reaches_the_remote_and_older_backups_go(night: Night) -> None:
    wanted = list(page.commands(page.section(TEXT, "Purging a secret")))
    night.desk.put("access.md", f"The key is AKIA{'Q3EGR7X2M5N8P4T6'}.\n")
    night.desk.git("add", "-A")
    night.desk.git("commit", "-q", "--no-verify", "-m", "a mistake")
    night.fine("git init -q --bare ../team.git")
    night.fine("git remote add origin ../team.git")
    night.fine("atocore backup create")
    for command in wanted:
        assert night(command).code == (1 if command == "atocore audit" else 0), command
    night.fine("atocore audit")
    assert len(night.stamps()) == 1
    assert len(wanted) == 6


def test_what_sets_up_a_new_machine_runs(night: Night) -> None:
    shown = [one for one in page.commands(page.section(TEXT, "Moving to a new machine")) if "install" in one]
    assert len(shown) == 3
    for command in shown:  # what is put in place outside of the vault is told, and not put there
        told = night(command if "--git" in command else f"{command} --dry-run")
        assert told.code == 0 or "systemd" in told.text, told


def test_what_the_remedies_of_health_tell_to_type_is_well_formed() -> None:
    told = [one for cause in REASONS.values() for one in page.commands(cause.remedy)]
    for command in told:
        if command.startswith("atocore "):
            parsed(atocore, shlex.split(command)[1:])
    assert len(told) > 15
    with pytest.raises(click.UsageError):
        parsed(atocore, ["backup", "validate", "--read-data"])


def parsed(command: click.Command, words: list[str]) -> None:
    """Read the words of a command without running it. Raises `UsageError` where they make none."""
    if isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, words
        parsed(found, words[1:])
    else:
        command.make_context(command.name, words)
