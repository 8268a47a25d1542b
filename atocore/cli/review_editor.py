"""`review --edit`: all candidates at once in the person's editor, and the saved text carried out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.door import call
from atocore.cli.editor import edited
from atocore.cli.output import note, plural, say
from atocore.cli.printing import print_written
from atocore.errors import AtocoreError
from atocore.knowledge.review.review_list import Listed, Mistake, read_list, review_list

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.knowledge.review.decisions import Decision
    from atocore.knowledge.review.queue import Wanted

_KEPT = "review-list.txt"


def review_in_editor(vault: Vault, wanted: Wanted, order: str, limit: int, kept: str | None) -> None:
    """Let the person edit the list until it can be carried out, or they leave; then it is kept."""
    vault.permit("review")
    text = Path(kept).read_text("utf-8") if kept else _offered(vault, wanted, order, limit)
    if not text:
        say("no candidate waits")
        return
    while True:
        saved = edited(text.encode(), "review.txt").decode("utf-8", "replace")
        listed = read_list(saved, vault.now(), _ids(vault))
        if not listed.decisions and not listed.mistakes:
            say("nothing was decided")
            return
        mistakes = listed.mistakes or _carried_out(vault, listed)
        if not mistakes:
            _kept(vault).unlink(missing_ok=True)
            return
        text = saved
        _kept(vault).write_text(saved, "utf-8")
        _tell(mistakes)
        if not _again():
            told = f"{plural(len(mistakes), 'line')} cannot be carried out, so nothing was"
            raise AtocoreError("bad-value", told, f"go on with: atocore review --edit --from {_kept(vault)}")


def _offered(vault: Vault, wanted: Wanted, order: str, limit: int) -> str:
    answer = vault.waiting(wanted, order=order, limit=limit)
    return review_list(answer.cards) if answer.cards else ""


def _ids(vault: Vault) -> Iterator[str]:
    while True:
        yield vault.entity_id()


def _kept(vault: Vault) -> Path:
    return vault.local_folder() / _KEPT


def _carried_out(vault: Vault, listed: Listed) -> tuple[Mistake, ...]:
    """Carry the decisions out in one commit, or tell which lines are in the way."""
    snapshot = vault.catch_up()
    named, mistakes = [], []
    for decision in listed.decisions:
        try:
            named.append(vault.named(decision))
        except AtocoreError as error:
            mistakes.append(_mistake(listed, decision, error))
    if not mistakes:
        refused = vault.judged(snapshot, named).refused
        mistakes = [_mistake(listed, one.decision, one.error) for one in refused]
    if mistakes:
        return tuple(mistakes)
    try:
        print_written(vault.decide_all(named))
    except AtocoreError as error:
        if error.code in ("machine-refused", "no-identity"):
            raise
        return (_mistake(listed, None, error),)
    return ()


def _mistake(listed: Listed, decision: Decision | None, error: AtocoreError) -> Mistake:
    line = listed.lines.get(decision.record, 0) if decision else 0
    return Mistake(line, f"{error.message}{f' -> {error.hint}' if error.hint else ''}")


def _tell(mistakes: tuple[Mistake, ...]) -> None:
    for mistake in mistakes:
        note(f"line {mistake.line}: {mistake.told}" if mistake.line else mistake.told)


def _again() -> bool:
    """Whether the person wants to go on editing; nobody is asked without a terminal."""
    if call().json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm("edit again?", default=True, err=True)
