"""The command line: a thin door that parses, calls one verb of `atocore.app`, and prints.

Each command's module is imported when the command is called, so that none pays for another.
"""

from __future__ import annotations

from importlib import import_module

import click

from atocore import __version__
from atocore.cli.door import Call, common, run

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("upkeep", "Make a vault."),
    "demo": ("demo", "Walk the main job in a scratch vault, showing each command."),
    "capture": ("capturing", "Write one turn with an assistant as a capture."),
    "hook": ("hook", "The capture hook in an assistant's settings: install, uninstall, status, test."),
    "ingest": ("gathering", "Bring documents in as sources, and propose what they hold."),
    "extract": ("gathering", "Propose what sources and captures hold and nobody proposed yet."),
    "reinforce": ("reinforcing", "Find which memories the answers of captures used."),
    "import": ("importing", "Take in what an engineering tool hands over, as candidates."),
    "propose": ("births", "Make a candidate, as anyone may."),
    "review": ("reviewing", "Decide on the candidates that wait, one by one or all at once."),
    "list": ("reading", "List records."),
    "show": ("reading", "Show one record with its history and conflicts."),
    "search": ("finding", "Search by words and meaning."),
    "context": ("finding", "Make a cited context pack within a budget."),
    "query": ("querying", "Ask a named question about the system: what touches, holds, lacks, follows what."),
    "new": ("births", "Create a record."),
    "adopt": ("births", "Make a record of a note."),
    "edit": ("births", "Edit a record in $EDITOR and commit it."),
    "promote": ("steps", "Make candidates active."),
    "demote": ("steps", "Make active records candidates again."),
    "confirm": ("steps", "Say that records are still true today."),
    "reject": ("steps", "Refuse candidates, with the reason."),
    "reopen": ("steps", "Make rejected records candidates again."),
    "put-off": ("steps", "Leave candidates out of the queue until a day."),
    "merge": ("steps", "Let a record leave in favour of one that says the same."),
    "supersede": ("steps", "Replace an active record by another."),
    "retire": ("steps", "Say that records are no longer true."),
    "restore-record": ("steps", "Make superseded or retired records active again."),
    "graduate": ("graduating", "Propose that memories live on as entities, one or many."),
    "ungraduate": ("graduating", "Take graduations back."),
    "link": ("relating", "Say how two records are related; list what a record is related to."),
    "unlink": ("relating", "Take a relation away."),
    "undo": ("upkeep", "Make the inverse of a commit."),
    "migrate": ("migrating", "Bring a vault of an older format to today's."),
    "state": ("deciding", "Trusted state: set, get, list, history, unset."),
    "conflicts": ("conflicts", "What cannot both be true: list, show, add, resolve, dismiss, reopen, sweep."),
    "slot": ("slots", "Tell the life of one claim: every value it had, who decided, and where it came from."),
    "diff": ("diffing", "Tell what became of knowledge between two commits, and what a merge would make."),
    "mirror": ("mirror", "The pages that teammates read: build, check."),
    "check": ("upkeep", "List everything that is wrong in the vault."),
    "audit": ("audit", "Look for secrets in the vault and its history."),
    "purge": ("purging", "Take a secret or a file out of the vault's whole history."),
    "status": ("upkeep", "Tell where the vault and its index stand."),
    "health": ("health", "Tell whether the vault is kept as it should be, and why not."),
    "log": ("upkeep", "Show the audit trail that git tells."),
    "index": ("upkeep", "The search index: sync, rebuild, verify."),
    "backup": ("backup", "Backups: create, list, validate, prune."),
    "daemon": ("daemon", "Keep the index in step, and answer searches, until told to end."),
    "service": ("service", "The daemon as a service of the user's, by systemd: install, uninstall, status."),
    "schema": ("reading", "Print the frontmatter's JSON Schema."),
}


_NAMES = {"list": "list_", "import": "import_"}  # functions of these names would hide built-ins


class Verbs(click.Group):
    """The group of all verbs, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name, its module imported."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"atocore.cli.{COMMANDS[cmd_name][0]}")
        found = getattr(module, _NAMES.get(cmd_name, cmd_name.replace("-", "_")))
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs in the help, without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="atocore %(version)s")
@common
@click.pass_context
def atocore(context: click.Context) -> None:
    """The memory of an engineering team and its AI assistants: a git vault of Markdown files.

    Machines propose, people decide: `atocore ingest docs/` proposes, `atocore promote ID` decides, and
    `atocore context QUESTION` hands an assistant what is known, cited.

    The vault is the one named by --vault or ATOCORE_VAULT, else the one around the current folder.
    """
    context.ensure_object(Call)


def main() -> None:
    """The `atocore` command."""
    run(atocore)
