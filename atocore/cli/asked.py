"""Asking the daemon before doing the work: a search from the shell need not load a model."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any

import click

from atocore.cli.door import call
from atocore.cli.output import document
from atocore.daemon import client
from atocore.errors import AtocoreError


def asked(verb: str, **args: object) -> dict[str, Any] | None:
    """The answer of the daemon of the vault that the call names; None where none answers."""
    vault = client.find(call().vault or os.environ.get("ATOCORE_VAULT") or ".")
    answer = client.ask(vault, verb, args) if vault is not None else None
    if answer is None:
        return None
    if "error" in answer:
        raise AtocoreError(**answer["error"])
    found: dict[str, Any] = answer["answer"]
    return found


def emit_asked(answer: dict[str, Any]) -> None:
    """Print an answer of the daemon's as one JSON document; what makes documents of others is not loaded."""
    click.echo(document(answer, indent=2))


def with_fields(value: Any) -> Any:
    """An answer from JSON with its names as attributes, as what prints answers expects them."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name: with_fields(entry) for name, entry in value.items()})
    return [with_fields(entry) for entry in value] if isinstance(value, list) else value
