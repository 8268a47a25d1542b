"""Every writing verb can show its plan and write nothing; every command explains itself with an example."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from desk import Desk
from helpers import whole

from atocore.cli import COMMANDS, atocore

MASS, GEM, SECOND, GONE, PAST = (whole(f"mem-{n}") for n in ("mass", "gem", "2nd", "gne", "past"))

WRITING = {
    "ingest": ["ingest", "DOCS", "--project", "scope"],
    "extract": ["extract"],
    "reinforce": ["reinforce", "--words"],
    "import": ["import", "--from-tool", "cad", "HANDOFF"],
    "propose": ["propose", "The truss is carbon."],
    "new": ["new", "memory", "Text.", "--type", "knowledge"],
    "adopt": ["adopt", "notes/visit.md", "memory", "--type", "episodic"],
    "edit": ["edit", GEM, "--from", "EDITED"],
    "promote": ["promote", MASS, "--supersede", GEM],
    "demote": ["demote", GEM],
    "confirm": ["confirm", GEM],
    "reject": ["reject", MASS, "--reason", "no"],
    "reopen": ["reopen", GONE],
    "put-off": ["put-off", MASS, "--until", "2999-01-31"],
    "merge": ["merge", MASS, "--into", GEM],
    "supersede": ["supersede", GEM, "--by", SECOND],
    "retire": ["retire", GEM],
    "restore-record": ["restore-record", PAST],
    "graduate": ["graduate", GEM],
    "ungraduate": ["ungraduate", SECOND],
    "link": ["link", GEM, "evidenced_by", SECOND],
    "unlink": ["unlink", GEM, "evidenced_by", SECOND],
    "undo": ["undo", "HEAD"],
    "migrate": ["migrate"],
    "purge": ["purge", "--path", "notes/visit.md", "--yes"],
    "state set": ["state", "set", "scope", "phase", "build"],
    "state unset": ["state", "unset", "scope", "phase"],
    "conflicts add": ["conflicts", "add", GEM, SECOND, "--reason", "glass"],
    "conflicts resolve": ["conflicts", "resolve", "CONFLICT", "--winner", "mem-rev000000000"],
    "conflicts dismiss": ["conflicts", "dismiss", "CONFLICT", "--reason", "two tubes"],
    "conflicts reopen": ["conflicts", "reopen", "CONFLICT"],
    "conflicts sweep": ["conflicts", "sweep"],
    "mirror build": ["mirror", "build"],
    "init": ["init", "NEW"],
}

WITHOUT_COMMIT = {
    "hook install",
    "hook uninstall",
    "hook decline",
    "service install",
    "service uninstall",
    "capture",
    "backup create",
    "backup prune",
    "backup restore",
}
"""What writes elsewhere than in commits of the vault: tried in test_hook_command.py, test_service_command.py,
test_catch_up.py, test_pruning.py and test_restore_command.py."""


def commands() -> dict[str, click.Command]:
    """Every command by its full name, those of groups included."""
    found: dict[str, click.Command] = {}
    context = click.Context(atocore)
    for name in COMMANDS:
        command = atocore.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found.update({f"{name} {sub}": one for sub, one in command.commands.items()})
        else:
            found[name] = command
    return found


def test_every_command_with_a_dry_run_is_tried() -> None:
    offering = {name for name, one in commands().items() if any("--dry-run" in p.opts for p in one.params)}
    assert offering == set(WRITING) | WITHOUT_COMMIT


@pytest.mark.parametrize("name", WRITING)
def test_a_dry_run_writes_nothing(run, desk: Desk, name: str, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "adr.md").write_text("# Truss\n\n## Decision\n\nWe will use a Serrurier truss.\n")
    (tmp_path / "edited.md").write_text(desk.text("memories/scope/gem.md").replace("made of", "cut from"))
    desk.vault.capture("Decision: we will use a Serrurier truss.")
    if name == "reinforce":
        desk.vault.capture("What now?", response="The second surface is convex, so turn it.")
    (conflict,) = desk.vault.conflicts_list().conflicts
    if name == "ungraduate":
        desk.vault.graduate(SECOND, to="component")
    if name == "unlink":
        desk.vault.link(GEM, "evidenced_by", SECOND)
    if name == "conflicts reopen":
        desk.vault.conflicts_dismiss(conflict.id, reason="no")
    if name == "migrate":
        desk.edit("atocore.yaml", "format: 1\n", "")
        desk.commit()
    if name == "conflicts sweep":
        desk.commit(
            "-- memories/scope/r.md --\nid: mem-r\nproject: scope\nsubject: primary mirror\n"
            "attribute: glass\nvalue: ULE\n--\nx\n"
        )
    desk.close()
    desk.edit("notes/visit.md", "Mondays", "Mondays") if name == "adopt" else desk.put(
        "notes/draft.md", "mine"
    )
    desk.put("unrelated.txt", "staged")
    desk.git("add", "unrelated.txt")
    named = {
        "HANDOFF": str(Path(__file__).parents[2] / "docs" / "handoff" / "cad-bom.json"),
        "DOCS": str(docs),
        "EDITED": str(tmp_path / "edited.md"),
        "CONFLICT": conflict.id,
        "NEW": str(tmp_path / "new"),
    }
    args = [named.get(arg, arg) for arg in WRITING[name]]
    before = desk.state()

    ran = run(*args, "--dry-run", "--json")

    assert ran.code == 0, ran.err
    assert ran.json["commit"] is None
    assert ran.json["dry_run"] is True
    assert desk.state() == before
    assert not (tmp_path / "new").exists()
    if name not in ("init", "purge"):  # whose plans are no diffs
        assert f"Atocore-Action: {ACTIONS.get(name, name.split()[-1])}" in ran.json["diff"]
        assert "+++ b/" in ran.json["diff"]
    plain = run(*args, "--dry-run")
    assert plain.code == 0
    assert desk.state() == before
    # the same for good does write
    done = run(
        *args,
        "--json",
        GIT_AUTHOR_NAME="N",
        GIT_AUTHOR_EMAIL="n@e",
        GIT_COMMITTER_NAME="N",
        GIT_COMMITTER_EMAIL="n@e",
    )
    assert done.json["commit"]


ACTIONS = {
    "mirror build": "mirror",
    "new": "add",
    "adopt": "add",
    "restore-record": "restore",
    "conflicts add": "add",
    "conflicts sweep": "flag",
}


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_commands_help_has_an_example(run, name: str) -> None:
    ran = run(*name.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Example" in ran.out
    assert f"atocore {name}" in ran.out.partition("Example")[2]
    assert "--json" in ran.out
    assert "--vault" in ran.out


def test_the_groups_and_the_top_list_their_verbs(run) -> None:
    top = run("--help")
    assert all(f"  {name} " in top.out for name in COMMANDS)
    for group in ("state", "conflicts", "index", "hook", "service"):
        assert "Commands:" in run(group, "--help").out
    assert run("-h").out == top.out
    assert run().code in (0, 2)


WATCH = """
import sys
sys.argv = ["atocore", *sys.argv[1:]]
from atocore.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("\\nLOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""
HEAVY = {"torch", "transformers", "sentence_transformers", "numpy", "usearch", "watchdog"}


@pytest.mark.parametrize(
    ("args", "more"),
    [
        (["--version"], {"yaml", "tantivy", "filelock", "markdown_it", "git"}),
        (["--help"], {"yaml", "tantivy", "markdown_it"}),
        (["list"], {"markdown_it"}),
        (["show", GEM], {"markdown_it"}),
        (["search", "--words", "mirror"], set()),
        (["context", "--words", "mirror"], set()),
        (["promote", MASS], {"markdown_it"}),
        (["check"], {"markdown_it"}),
        (["status"], {"markdown_it"}),
        (["health"], {"markdown_it", "tantivy", "prometheus_client"}),
    ],
)
def test_a_command_loads_only_what_it_uses(desk: Desk, args: list[str], more: set[str]) -> None:
    desk.found("mirror")  # making the index takes more than using it
    desk.close()
    done = subprocess.run(
        [sys.executable, "-c", WATCH, *args],
        cwd=desk.folder,
        capture_output=True,
        env=os.environ,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.decode().rpartition("LOADED ")[2].split())
    assert "click" in loaded
    assert loaded & (HEAVY | more) == set()
