"""review on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import F, call, common, examples, verb
from atocore.cli.output import emit, note, plural, say
from atocore.errors import AtocoreError
from atocore.knowledge.review.queue import ORDERS, Wanted

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.review_session import ReviewSession
    from atocore.cli.review_walk import Walk

_NO_TERMINAL = (
    "at a terminal, or: atocore review --edit, atocore promote --from-file FILE, atocore review --json"
)

_FILTERS = (
    click.option("--project", "-p", default="", help="Those of a project."),
    click.option("--kind", type=click.Choice(["memory", "entity"]), help="Memories or entities alone."),
    click.option("--type", "type_", default="", help="Those of a type, like decision."),
    click.option("--rule", default="", help="Those that a rule found."),
    click.option("--source", default="", metavar="ID|PATH", help="Those from a source, capture or document."),
    click.option("--assistant", "by", default="", metavar="NAME", help="Those that an assistant proposed."),
    click.option("--tool", default="", help="Those that a tool handed over."),
    click.option("--wave", default="", metavar="ID", help="Those of a wave."),
    click.option(
        "--min-confidence", type=click.FloatRange(0, 1), default=0.0, help="Those at least that sure."
    ),
    click.option("--since", default="", metavar="DATE", help="Those made since a day."),
    click.option("--conflicting", is_flag=True, help="Those that would contradict what is known."),
    click.option("--all", "everything", is_flag=True, help="Those that are put off, too."),
)


def _filters(function: F) -> F:
    for option in reversed(_FILTERS):
        function = option(function)
    return function


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@_filters
@click.option(
    "--order",
    type=click.Choice(list(ORDERS)),
    default="best",
    show_default=True,
    help="The surest first, the oldest first, as the documents go, or rule by rule.",
)
@click.option("--limit", type=click.IntRange(min=0), default=0, help="At most so many; 0 means all.")
@click.option("--squash", is_flag=True, help="One commit for the whole session, at its end.")
@click.option("--edit", "in_editor", is_flag=True, help="All at once in $EDITOR, a line each.")
@click.option(
    "--from",
    "kept",
    type=click.Path(exists=True, dir_okay=False),
    help="With --edit: go on with a list that was kept.",
)
@common
@examples(
    "atocore review",
    "atocore review --project p04 --conflicting --squash",
    "atocore review --order source --min-confidence 0.8 --edit",
    "atocore review --json --limit 5",
)
@verb
def review(
    vault: Vault,
    ids: tuple[str, ...],
    project: str,
    kind: str | None,
    type_: str,
    rule: str,
    source: str,
    by: str,
    tool: str,
    wave: str,
    min_confidence: float,
    since: str,
    conflicting: bool,
    everything: bool,
    order: str,
    limit: int,
    squash: bool,
    in_editor: bool,
    kept: str | None,
) -> None:
    """Decide on the candidates that wait, one at a time, with a key each.

    A card shows what is proposed, the passage it was found in, what it would contradict or resembles, and
    how often its rule, assistant or tool was right. Each decision is one commit. Candidates named by ID are
    shown even where they are put off.
    """
    wanted = Wanted(
        ids=ids,
        project=project,
        kind=kind or "",
        type=type_,
        rule=rule,
        source=source,
        by=by,
        tool=tool,
        wave=wave,
        min_confidence=min_confidence,
        since=since,
        conflicting=conflicting,
        all=everything,
    )
    if kept and not in_editor:
        raise AtocoreError("usage", "--from goes with --edit", "atocore review --edit --from FILE")
    if in_editor:
        from atocore.cli.review_editor import review_in_editor

        review_in_editor(vault, wanted, order, limit, kept)
    elif call().json:
        emit(vault.waiting(wanted, order=order, limit=limit))
    else:
        _walk(vault, wanted, order, limit, squash)


def _walk(vault: Vault, wanted: Wanted, order: str, limit: int, squash: bool) -> None:
    from atocore.app.review_session import ReviewSession
    from atocore.cli.keys import Keys
    from atocore.cli.review_walk import Walk

    session = ReviewSession(vault, wanted, order, squash, limit)
    walk = Walk(session, Keys())
    walk.tell(session.begin())
    _say_earlier(session)
    if not session.left and not session.drafted:
        say("no candidate waits" if not session.put_off else "no candidate waits today")
        _say_put_off(session)
        return
    if not walk.keys.any:
        raise AtocoreError("usage", "a review asks for keys, and nobody is here to press them", _NO_TERMINAL)
    stopped = False
    try:
        walk.run()
    except KeyboardInterrupt:
        stopped = True
        say()
    _end(session, walk, stopped)


def _say_earlier(session: ReviewSession) -> None:
    """Tell of decisions that a session left uncommitted."""
    waiting = len(session.waiting_decisions())
    if waiting and not session.squash:
        told = f"{plural(waiting, 'decision')} of an earlier session wait for their commit"
        note(f"! {told}: atocore review --squash goes on with them, and commits them at its end")
    elif waiting:
        note(f"! going on with {plural(waiting, 'decision')} of an earlier session")


def _end(session: ReviewSession, walk: Walk, stopped: bool) -> None:
    """Say what was done, and commit what is to be one commit."""
    say(walk.summary())
    if stopped and session.drafted:
        note(f"! {plural(session.drafted, 'decision')} kept: atocore review --squash goes on with them")
        raise AtocoreError("interrupted", "stopped")
    if session.drafted:
        outcome = session.finish()
        walk.tell(outcome.told)
        if outcome.written is not None and outcome.written.commit:
            say(f"committed {outcome.written.commit[:10]}")
        elif session.drafted:
            note(f"! nothing is committed: atocore review --squash goes on with {session.drafted} decisions")
            click.get_current_context().exit(1)
    _say_put_off(session)


def _say_put_off(session: ReviewSession) -> None:
    if session.put_off:
        note(f"{plural(session.put_off, 'candidate')} put off (--all shows them)")
