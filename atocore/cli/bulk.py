"""Deciding on many at once: the ids of a file, and asking before it is done."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call
from atocore.cli.output import note, plural, shown
from atocore.cli.printing import claim_of, print_conflicts
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app.answers import Written

_SHOWN = 40


def ids_in(name: str) -> tuple[str, ...]:
    """The ids that a file lists, one a line (`-`: standard input); comments and empty lines left out."""
    raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AtocoreError("bad-value", f"{name} is not UTF-8", "list ids, one a line") from error
    ids = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if len(words) > 1:
            told = f"{name}, line {number}: more than one word"
            raise AtocoreError("bad-value", told, "one id a line; a comment begins with #")
        ids += words
    if not ids:
        raise AtocoreError("usage", f"{name} lists no id", "one id a line")
    return tuple(dict.fromkeys(ids))


def once_sure(verb: str, go: Callable[[bool], Written], *, yes: bool, dry_run: bool) -> Written:
    """Show what a bulk step would change, and take it where the person agrees; `go` is told whether it is a
    dry run. Without a terminal it is refused unless `yes`."""
    if dry_run:
        return go(True)
    if not yes:
        _ask(verb, go(True))
    return go(False)


def _ask(verb: str, plan: Written) -> None:
    if call().json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        told = f"{verb} of {plural(len(plan.records), 'record')}: nobody can be asked here"
        raise AtocoreError("usage", told, "look at it with --dry-run, then repeat it with --yes")
    for record in plan.records[:_SHOWN]:
        note(f"{record.id}  {record.kind}/{record.type}  {claim_of(record)}")
    if len(plan.records) > _SHOWN:
        note(f"and {len(plan.records) - _SHOWN} more (--dry-run shows all)")
    print_conflicts(plan.conflicts)
    if not click.confirm(shown(f"{verb} {plural(len(plan.records), 'record')}?"), err=True):
        raise AtocoreError("interrupted", "nothing was done")
