"""What every command shares: --vault and --json before or after the verb, errors, and the exit code."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app import Vault

_VERBS = {
    "backup": ("backups.backing_up", "BackupVerbs"),
    "drilling": ("backups.rehearsing", "RehearsingVerbs"),
    "births": ("steps", "StepVerbs"),
    "audit": ("audit", "AuditVerbs"),
    "purging": ("purge.purging", "PurgeVerbs"),
    "capturing": ("capturing", "CapturingVerbs"),
    "deciding": ("deciding", "DecidingVerbs"),
    "slots": ("slots", "SlotVerbs"),
    "graduating": ("graduating", "GraduatingVerbs"),
    "finding": ("packing", "PackingVerbs"),
    "gathering": ("gathering", "GatheringVerbs"),
    "importing": ("importing", "ImportingVerbs"),
    "pruning": ("backups.pruning", "PruneVerbs"),
    "querying": ("querying", "QueryVerbs"),
    "relating": ("relating", "RelatingVerbs"),
    "migrating": ("migrating", "MigratingVerbs"),
    "mirror": ("mirroring", "MirrorVerbs"),
    "diffing": ("diffing", "DiffVerbs"),
    "reading": ("reading", "ReadingVerbs"),
    "reviewing": ("reviewing", "ReviewVerbs"),
    "steps": ("steps", "StepVerbs"),
    "staging": ("staging", "StagedVerbs"),
}
"""The module and class of `atocore.app` with the verbs a module of commands calls: no other is loaded."""

_ANY_FORMAT = frozenset({"audit", "backup", "check", "health", "log", "migrate", "status", "undo"})
"""The commands that also take a vault of a format that this AtoCore does not know."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(slots=True)
class Call:
    """One call of the command line: where the vault is, and how the answer is printed."""

    vault: str = ""
    json: bool = False

    @contextmanager
    def open(self, part: str = "vault") -> Iterator[Vault]:
        """The vault that the call is about, closed afterwards; with the verbs of one part of it alone, where
        one is named (`finding`, `steps`, …)."""
        from atocore.app.opening import open_with

        module, name = _VERBS.get(part, (part, "Vault"))
        verbs = getattr(import_module(f"atocore.app.{module}"), name)
        place = self.vault or os.environ.get("ATOCORE_VAULT") or Path.cwd()
        with closing(open_with(verbs, place, any_format=_verb() in _ANY_FORMAT)) as vault:
            try:
                if self.json or not sys.stderr.isatty():
                    yield vault
                    return
                from atocore.cli.progress import Bar

                with Bar() as bar:
                    vault.progress = bar.show
                    yield vault
            except Exception as error:
                from atocore.index.catalog import is_damage

                if not is_damage(error):
                    raise
                vault.abandon_index()
                told = f"the index was damaged and is out of use: {error}"
                raise AtocoreError("damaged", told, "repeat the command: it builds the index anew") from error


def call() -> Call:
    """The present call."""
    found = click.get_current_context().find_root().ensure_object(Call)
    return found


def _verb() -> str:
    """The first word of the present command, after the program's name."""
    names = click.get_current_context().command_path.split()
    return names[1] if len(names) > 1 else ""


def _set_vault(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        call().vault = value


def _set_json(_context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        call().json = True


def common(function: F) -> F:
    """The options that every command takes, before the verb and after it."""
    function = click.option(
        "--vault",
        metavar="DIR",
        expose_value=False,
        callback=_set_vault,
        is_eager=True,
        help="The vault's folder.",
    )(function)
    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        callback=_set_json,
        is_eager=True,
        help="Print one JSON document.",
    )(function)


def writing(function: F) -> F:
    """The options of a verb that writes: --reason and --dry-run."""
    function = click.option("--dry-run", is_flag=True, help="Show the plan as a diff; write nothing.")(
        function
    )
    return click.option("--reason", "-m", default="", help="Why: the commit's body and the record's ruling.")(
        function
    )


def examples(*lines: str) -> Callable[[F], F]:
    """Examples under a command's help."""

    def add(function: F) -> F:
        text = "\n".join(f"  {line}" for line in lines)
        told = inspect.cleandoc(function.__doc__ or "")
        function.__doc__ = f"{told}\n\n\b\nExamples:\n{text}\n"
        return function

    return add


def run(command: click.Command) -> None:
    """Run the command line and leave with its exit code; nothing escapes as a traceback."""
    wants_json = "--json" in sys.argv
    try:
        code = command.main(standalone_mode=False, prog_name="atocore")
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.Abort:
        code = _refused(AtocoreError("interrupted", "stopped"), wants_json)
    except KeyboardInterrupt:
        code = _refused(AtocoreError("interrupted", "stopped"), wants_json)
    except click.ClickException as error:
        code = _usage(error, wants_json)
    except AtocoreError as error:
        code = _refused(error, wants_json)
    except (BrokenPipeError, SystemExit):  # click ends so by itself where nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        told = f"{error.filename or 'the system'}: {error.strerror or error}"
        code = _refused(
            AtocoreError("unreadable", told, "check the file's rights and the disk's space"), wants_json
        )
    except Exception as error:
        code = _bug(error, wants_json)
    sys.exit(code if isinstance(code, int) else 0)


def _usage(error: click.ClickException, wants_json: bool) -> int:
    if wants_json:
        return _refused(AtocoreError("usage", error.format_message(), "atocore --help"), True)
    error.show()
    return 2


def _refused(error: AtocoreError, wants_json: bool) -> int:
    from atocore.cli.output import document, shown

    if wants_json:
        told = {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
        click.echo(document(told), err=True)
    else:
        click.echo(shown(f"atocore: {error.message}"), err=True)
        if error.hint:
            click.echo(shown(f"  -> {error.hint}"), err=True)
    return error.kind.exit_code


def _bug(error: Exception, wants_json: bool) -> int:
    """A bug is a bug: its traceback goes to a log, and the user hears where."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="atocore-", suffix=".log", delete=False) as log:
        traceback.print_exception(error, file=log)
    told = f"internal error: {type(error).__name__}: {error}"
    hint = f"please report it; the details are in {log.name}"
    return _refused(AtocoreError("damaged", told, hint), wants_json)


def verb(function: F) -> F:
    """Run a command's body with the vault that the call names as its first argument."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        module = function.__module__.rpartition(".")[2]
        with call().open(module if module in _VERBS else "vault") as vault:
            return function(vault, *args, **kwargs)

    return wrapped  # type: ignore[return-value]
