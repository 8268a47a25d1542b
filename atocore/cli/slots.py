"""slot on the command line: the life of one claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atocore.cli.door import call, common, examples, verb
from atocore.cli.output import emit, note, plural, say, table
from atocore.cli.printing import disputed_line

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.slots import AttributeAnswer, ClaimLife, Standing
    from atocore.knowledge.life import Event

_HASH_CHARS = 10


@click.command()
@click.argument("key")
@click.option("--project", "-p", default="", help="In this project; else in every one.")
@common
@examples(
    'atocore slot "primary mirror.mass"',
    'atocore slot "primary mirror" -p p04',
    "atocore slot mem-7k2m9qxw4d3f",
)
@verb
def slot(vault: Vault, key: str, project: str) -> None:
    """Tell the life of one claim: every value proposed, accepted, replaced or refused, from git.

    KEY is `subject.attribute`, a question that a decision answers, an attribute of the project itself, or
    the id of a record or conflict. Names compare as in slots: by any alias, however they are written. Where
    KEY names a thing alone, what is claimed about it is listed, with the values that stand.
    """
    answer = vault.slot(key, project=project)
    if call().json:
        emit(answer)
        return
    if answer.attributes:
        _print_attributes(answer.attributes)
    for life in answer.slots:
        _print_life(life)


def _print_attributes(attributes: tuple[AttributeAnswer, ...]) -> None:
    rows = [(one.key, one.project or "-", _values(one.present)) for one in attributes]
    table(("KEY", "PROJECT", "STANDS"), rows)
    note(plural(len(rows), "claim"))


def _values(present: tuple[Standing, ...]) -> str:
    values = dict.fromkeys(f"{one.value}{' ⚠' if one.disputed else ''}" for one in present)
    return ", ".join(values) or "nothing now"


def _print_life(life: ClaimLife) -> None:
    say(life.slot, bold=True)
    if len(life.spellings) > 1:
        say(f"  also called: {'; '.join(life.spellings[1:])}")
    for standing in life.present:
        say(f"  stands: {standing.value}  {standing.id} {standing.layer}")
        if standing.disputed:
            say(f"    {disputed_line(standing.disputed)}")
    if not life.present:
        say("  nothing stands")
    say()
    rows = [
        (
            one.date[:16].replace("T", " "),
            one.step,
            _value(one),
            one.by.split(" <")[0],
            one.record,
            one.commit[:_HASH_CHARS],
        )
        for one in life.events
    ]
    table(("DATE", "STEP", "VALUE", "BY", "RECORD", "COMMIT"), rows)
    told = [(one, why) for one in life.events if (why := _why(one))]
    for one, why in told:
        say(f"  {one.step} {one.record}: {why}")
    note(plural(len(rows), "event"))


def _value(event: Event) -> str:
    value = f"{event.value} (was {event.was})" if event.was else event.value
    periods = {"from": event.valid_from, "until": event.valid_until}
    valid = " ".join(f"{word} {text}" for word, text in periods.items() if text)
    return f"{value}, {valid}" if valid else value


def _why(event: Event) -> str:
    born = not event.was and event.step in ("extract", "propose", "add", "set", "import")
    parts = (event.why, event.note, event.source if born else "")
    return "; ".join(part for part in parts if part)
