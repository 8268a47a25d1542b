"""Asking a person before something is done that they should look at first."""

from __future__ import annotations

import sys

import click

from atocore.errors import AtocoreError


def agree(doing: str, yes: bool) -> None:
    """Go on where a person agrees or said `--yes`; refuse where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise AtocoreError("usage", "nobody can be asked without a terminal", "look, and repeat with --yes")
    if not click.confirm(f"{doing[:1].upper()}{doing[1:]}?", err=True):
        raise AtocoreError("interrupted", "nothing was changed")
