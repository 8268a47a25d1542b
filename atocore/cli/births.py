"""How records come to be, and are corrected, on the command line: new, propose, adopt, edit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.door import F, call, common, examples, verb, writing
from atocore.cli.editor import edited, keep
from atocore.cli.output import emit, say
from atocore.cli.printing import print_written
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.records.header import Value


def _keys(pairs: tuple[str, ...], **named: str) -> dict[str, Value]:
    """Frontmatter from options and from `--key NAME=TEXT`; a key given twice is a list."""
    keys: dict[str, Value] = {name: text for name, text in named.items() if text}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise AtocoreError(
                "usage", f"--key {pair!r} is no NAME=TEXT", "like: --key component='primary mirror'"
            )
        given = keys.get(name.strip())
        old = given if isinstance(given, tuple) else (given,) if given else ()
        keys[name.strip()] = (*old, text) if old else text
    return keys


def _relations(pairs: tuple[str, ...]) -> list[tuple[str, str]]:
    """Relations and the records they lead to, from `--relation NAME=RECORD`."""
    split = [pair.partition("=") for pair in pairs]
    for pair, (name, _, target) in zip(pairs, split, strict=True):
        if not name.strip() or not target.strip():
            raise AtocoreError(
                "usage", f"--relation {pair!r} is no RELATION=RECORD", "like: --relation part_of=Telescope"
            )
    return [(name, target.strip()) for name, _, target in split]


def _text(words: tuple[str, ...]) -> str:
    """A record's text: the words given, or standard input for `-`."""
    if words == ("-",):
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return " ".join(words)


_CLAIM = (
    click.option("--project", "-p", default="", help="The project's name key."),
    click.option("--title", default="", help="A name for people."),
    click.option("--subject", default="", help="What the claim is about."),
    click.option("--attribute", default="", help="Which property of the subject."),
    click.option("--value", default="", help="What is claimed, with its unit."),
    click.option("--question", default="", help="A decision's question."),
    click.option("--component", default="", help="A material's or vendor's component."),
    click.option(
        "--relation",
        "-r",
        "related",
        multiple=True,
        metavar="RELATION=RECORD",
        help="What it is related to, like part_of=ent-7k2m9qxw4d3f; may be repeated.",
    ),
    click.option("--key", "pairs", multiple=True, metavar="NAME=TEXT", help="Any further frontmatter key."),
)


def _claim(function: F) -> F:
    for option in reversed(_CLAIM):
        function = option(function)
    return function


@click.command()
@click.argument("kind", type=click.Choice(["memory", "entity", "state", "project"]))
@click.argument("words", nargs=-1, metavar="TEXT...")
@click.option("--type", "type_", default="", help="The kind's type; see: atocore schema.")
@click.option("--status", default="", help="Active where none is given.")
@click.option("--template", is_flag=True, help="Print an empty record of the type, for an editor.")
@_claim
@writing
@common
@examples(
    'atocore new memory --type knowledge -p p04 --subject "primary mirror" --attribute mass --value "4.2 kg" '
    '"The primary mirror weighs 4.2 kg."',
    "atocore new project --key name=p04-telescope --key aliases=p04 'The telescope.'",
    "cat note.md | atocore new entity --type decision -p p04 --title 'Use Zerodur' -",
    "atocore new entity --type material -p p04 --template > entities/p04/mirror-glass.md",
    'atocore new entity --type component -p p04 --title "Mirror cell" -r part_of=Telescope '
    '-r satisfies=ent-4t6w8y0a2c5e "It holds the primary mirror."',
)
@verb
def new(
    vault: Vault,
    kind: str,
    words: tuple[str, ...],
    type_: str,
    status: str,
    template: bool,
    project: str,
    title: str,
    subject: str,
    attribute: str,
    value: str,
    question: str,
    component: str,
    related: tuple[str, ...],
    pairs: tuple[str, ...],
    reason: str,
    dry_run: bool,
) -> None:
    """Create a record at any status. TEXT is its body; `-` reads standard input.

    What can contradict what is decided by keys: a decision's --question, a material's or vendor's
    --component, else --subject and --attribute. docs/entities.md has every type and relation.
    """
    keys = _keys(
        pairs,
        project=project,
        title=title,
        subject=subject,
        attribute=attribute,
        value=value,
        question=question,
        component=component,
    )
    if template:
        text = vault.template(kind, type=type_, status=status, keys=keys)
        emit({"template": text}) if call().json else say(text.rstrip("\n"))
        return
    print_written(
        vault.new(
            kind,
            _text(words),
            type=type_,
            status=status,
            reason=reason,
            dry_run=dry_run,
            keys=keys,
            relations=_relations(related),
        )
    )


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option("--kind", type=click.Choice(["memory", "entity"]), default="memory", show_default=True)
@click.option("--type", "type_", default="knowledge", show_default=True, help="The kind's type.")
@click.option("--by", default="", help="Who proposes, like claude-code/2.1.")
@click.option(
    "--supersedes", "what_supersede", default="", metavar="ID", help="It proposes to replace this record."
)
@click.option("--retires", "what_retire", default="", metavar="ID", help="It proposes to retire this record.")
@click.option(
    "--corrects", "what_correct", default="", metavar="ID", help="It proposes to correct this record."
)
@_claim
@click.option("--dry-run", is_flag=True, help="Show the plan as a diff; write nothing.")
@common
@examples(
    'atocore propose "The mirror cell is made of 6061 aluminium." -p p04 --by claude-code/2.1',
    'atocore propose "The mirror now weighs 4.3 kg." --supersedes mem-7k2m9qxw4d3f',
)
@verb
def propose(
    vault: Vault,
    words: tuple[str, ...],
    kind: str,
    type_: str,
    by: str,
    what_supersede: str,
    what_retire: str,
    what_correct: str,
    project: str,
    title: str,
    subject: str,
    attribute: str,
    value: str,
    question: str,
    component: str,
    related: tuple[str, ...],
    pairs: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Make a candidate, as anyone may: assistants too. The same statement is never proposed twice."""
    keys = _keys(
        pairs,
        project=project,
        title=title,
        subject=subject,
        attribute=attribute,
        value=value,
        question=question,
        component=component,
    )
    about = {"supersede": what_supersede, "retire": what_retire, "correct": what_correct}
    if any(about.values()):
        keys["proposes"] = {name: vault.lookup_id(target) for name, target in about.items() if target}
    print_written(
        vault.propose(
            _text(words),
            kind=kind,
            type=type_,
            by=by,
            dry_run=dry_run,
            keys=keys,
            relations=_relations(related),
        )
    )


@click.command()
@click.argument("path")
@click.argument("kind", type=click.Choice(["memory", "entity", "state", "project"]))
@click.option("--type", "type_", default="", help="The kind's type; see: atocore schema.")
@click.option("--status", default="", help="Active where none is given.")
@writing
@common
@examples("atocore adopt notes/mirror.md memory --type knowledge --status candidate")
@verb
def adopt(vault: Vault, path: str, kind: str, type_: str, status: str, reason: str, dry_run: bool) -> None:
    """Make a record of a committed note where it lies: it gets an id, kind, type and status, nothing else."""
    inside = vault.path_inside(path)
    print_written(vault.adopt(inside, kind, type=type_, status=status, reason=reason, dry_run=dry_run))


@click.command()
@click.argument("name", metavar="ID")
@click.option(
    "--from", "source", type=click.Path(exists=True, dir_okay=False), help="Take the new text from a file."
)
@writing
@common
@examples("atocore edit mem-7k2m9qxw4d3f", "atocore edit mem-7k2m9qxw4d3f --from corrected.md")
@verb
def edit(vault: Vault, name: str, source: str | None, reason: str, dry_run: bool) -> None:
    """Edit a record's file in $EDITOR and commit it as it was saved.

    A text that cannot be understood is refused and kept beside you, so that nothing is lost.
    """
    old = vault.raw(name)
    text = Path(source).read_bytes() if source else edited(old)
    try:
        print_written(vault.edit(name, text, reason=reason, dry_run=dry_run))
    except AtocoreError as error:
        if source is None and text != old:
            kept = keep(vault.local_folder(), name, text)
            hint = f"{error.hint}; your text is kept: atocore edit {name} --from {kept}".removeprefix("; ")
            raise AtocoreError(error.code, error.message, hint) from error
        raise
