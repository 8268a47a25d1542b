"""The lifecycle's verbs on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atocore.cli.door import F, common, examples, verb, writing
from atocore.cli.printing import print_written
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.records.header import Value

_IF = click.option(
    "--if", "if_hash", metavar="HASH", default="", help="Refuse if it changed since `show` told this hash."
)


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--supersede", multiple=True, metavar="ID", help="The active record that it replaces, same commit."
)
@_IF
@writing
@common
@examples(
    "atocore promote mem-7k2m9qxw4d3f",
    'atocore promote mem-7k2m9qxw4d3f --supersede mem-2h8d5k1n9q4r -m "weighed on the bench"',
    "atocore promote $(atocore list --status candidate --json | jq -r '.records[].id')",
)
@verb
def promote(
    vault: Vault, ids: tuple[str, ...], supersede: tuple[str, ...], if_hash: str, reason: str, dry_run: bool
) -> None:
    """Make candidates active: from then on they are knowledge. One commit, undone by `demote`."""
    print_written(vault.promote(*ids, supersede=supersede, reason=reason, if_hash=if_hash, dry_run=dry_run))


def _of_many(name: str, told: str, example: str) -> click.Command:
    """The command of a verb that takes records, a reason and nothing else; its method has the same name."""

    def body(vault: Vault, ids: tuple[str, ...], if_hash: str, reason: str, dry_run: bool) -> None:
        method = getattr(vault, name.replace("-", "_"))
        print_written(method(*ids, reason=reason, if_hash=if_hash, dry_run=dry_run))

    body.__doc__ = told
    options = (
        click.command(name),
        click.argument("ids", nargs=-1, required=True, metavar="ID..."),
        _IF,
        writing,
        common,
        examples(example),
    )
    command = verb(body)
    for option in reversed(options):
        command = option(command)
    assert isinstance(command, click.Command)
    return command


demote = _of_many(
    "demote",
    "Make active records candidates again. Undone by `promote`.",
    'atocore demote mem-7k2m9qxw4d3f -m "the scale was off"',
)
confirm = _of_many(
    "confirm",
    "Say that active records are still true today; also makes a machine-made status count.",
    'atocore confirm mem-7k2m9qxw4d3f -m "weighed again"',
)
reject = _of_many(
    "reject",
    "Refuse candidates, with --reason. They are kept, so that the same is not proposed again.",
    'atocore reject ent-4t6w8y0a2c5e --reason "a quotation, not our decision"',
)
reopen = _of_many(
    "reopen",
    "Make rejected records candidates again. Undone by `reject`.",
    "atocore reopen ent-4t6w8y0a2c5e",
)
retire = _of_many(
    "retire",
    "Say that active records are no longer true, without a successor. Undone by `restore-record`.",
    'atocore retire mem-7k2m9qxw4d3f -m "the mirror was sold"',
)
restore_record = _of_many(
    "restore-record",
    "Make superseded or retired records active again.",
    "atocore restore-record mem-2h8d5k1n9q4r",
)


@click.command()
@click.argument("old", metavar="ID")
@click.option("--by", required=True, metavar="ID", help="The active record that replaces it.")
@_IF
@writing
@common
@examples("atocore supersede mem-2h8d5k1n9q4r --by mem-7k2m9qxw4d3f")
@verb
def supersede(vault: Vault, old: str, by: str, if_hash: str, reason: str, dry_run: bool) -> None:
    """Replace an active record by another active one. Undone by `restore-record`."""
    print_written(vault.supersede(old, by, reason=reason, if_hash=if_hash, dry_run=dry_run))


@click.command()
@click.argument("memory", metavar="ID")
@click.option(
    "--type", "type_", default="", metavar="TYPE", help="The entity's type, where the default is wrong."
)
@_IF
@writing
@common
@examples("atocore graduate mem-7k2m9qxw4d3f --type parameter", "atocore promote ent-4t6w8y0a2c5e   # then")
@verb
def graduate(vault: Vault, memory: str, type_: str, if_hash: str, reason: str, dry_run: bool) -> None:
    """Propose that a memory lives on as an entity.

    A candidate entity is born with the memory's claim. The memory stays active until the entity is promoted,
    and is its pointer from then on. Undone by `ungraduate`, or by rejecting the entity.
    """
    print_written(vault.graduate(memory, type=type_, reason=reason, if_hash=if_hash, dry_run=dry_run))


@click.command()
@click.argument("memory", metavar="ID")
@_IF
@writing
@common
@examples("atocore ungraduate mem-7k2m9qxw4d3f")
@verb
def ungraduate(vault: Vault, memory: str, if_hash: str, reason: str, dry_run: bool) -> None:
    """Take a graduation back, before or after the entity was promoted."""
    print_written(vault.ungraduate(memory, reason=reason, if_hash=if_hash, dry_run=dry_run))


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
@_claim
@writing
@common
@examples(
    'atocore new memory --type knowledge -p p04 --subject "primary mirror" --attribute mass --value "4.2 kg" '
    '"The primary mirror weighs 4.2 kg."',
    "atocore new project --key name=p04-telescope --key aliases=p04 'The telescope.'",
    "cat note.md | atocore new entity --type decision -p p04 --title 'Use Zerodur' -",
)
@verb
def new(
    vault: Vault,
    kind: str,
    words: tuple[str, ...],
    type_: str,
    status: str,
    project: str,
    title: str,
    subject: str,
    attribute: str,
    value: str,
    question: str,
    pairs: tuple[str, ...],
    reason: str,
    dry_run: bool,
) -> None:
    """Create a record at any status. TEXT is its body; `-` reads standard input."""
    keys = _keys(
        pairs,
        project=project,
        title=title,
        subject=subject,
        attribute=attribute,
        value=value,
        question=question,
    )
    print_written(
        vault.new(kind, _text(words), type=type_, status=status, reason=reason, dry_run=dry_run, keys=keys)
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
    )
    about = {"supersede": what_supersede, "retire": what_retire, "correct": what_correct}
    if any(about.values()):
        keys["proposes"] = {name: vault.lookup_id(target) for name, target in about.items() if target}
    answer = vault.propose(_text(words), kind=kind, type=type_, by=by, dry_run=dry_run, keys=keys)
    print_written(answer)


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
    text = Path(source).read_bytes() if source else _edited(old)
    try:
        print_written(vault.edit(name, text, reason=reason, dry_run=dry_run))
    except AtocoreError as error:
        if source is None and text != old:
            kept = vault.local_folder() / f"edit-{name.rsplit('/', 1)[-1]}.txt"
            kept.write_bytes(text)
            hint = f"{error.hint}; your text is kept: atocore edit {name} --from {kept}".removeprefix("; ")
            raise AtocoreError(error.code, error.message, hint) from error
        raise


def _edited(old: bytes) -> bytes:
    """What the person saved in their editor; the old text where they saved nothing."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "record.md"
        file.write_bytes(old)
        click.edit(filename=str(file))
        return file.read_bytes()
