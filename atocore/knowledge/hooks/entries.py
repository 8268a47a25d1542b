"""AtoCore's own entries among the hooks in a client's settings: reading, adding, changing, taking away.

Pure: text in, text out. The shape is that of Claude Code and Codex: `hooks` → event → a list of groups, each
with a list `hooks` of handlers `{type: command, command: …}`. An entry is ours where its command runs a file
named `capture_stop.py`. Must not know of files, shells, and where scripts lie.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from atocore.errors import AtocoreError
from atocore.knowledge.hooks.json_edit import (
    JsonError,
    JsonText,
    Span,
    find,
    items,
    json_text,
    members,
    newline_of,
    read_json,
    with_item,
    with_member,
    with_value,
    without,
)

SCRIPT_NAME = "capture_stop.py"
TIMEOUT_SECONDS = 30
"""What the client is told to wait for; the hook takes milliseconds, and gives up after some ten seconds."""

FILE = "file"
"""What `made` calls the settings file itself."""

VAULT_VARIABLE = "ATOCORE_VAULT"
"""What a hook obeys before its --vault; a person's own command may set it in front."""

_HOOKS = "hooks"
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)


@dataclass(frozen=True, slots=True)
class HookCommand:
    """What a hook's command says. `flags` are the interpreter's; what is not said is empty."""

    interpreter: str
    flags: tuple[str, ...]
    script: str
    vault: str
    client: str = ""
    response: str = ""
    max_chars: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The command as a list of arguments."""
        options = {
            "--vault": self.vault,
            "--client": self.client,
            "--response": self.response,
            "--max-chars": self.max_chars,
        }
        told = [word for name, value in options.items() if value for word in (name, value)]
        return (self.interpreter, *self.flags, self.script, *told)

    @property
    def line(self) -> str:
        """The command for a POSIX shell."""
        return shlex.join(self.words)


@dataclass(frozen=True, slots=True)
class Entry:
    """One of our entries: where it stands in the settings, its command as written, and what that says."""

    group: int
    handler: int
    written: str
    command: HookCommand


@dataclass(frozen=True, slots=True)
class Edited:
    """Settings with a change: the new text, None where nothing is left of a file that we made; the containers
    that were made for our entry (`hooks`, the event's name, and FILE as the caller knows); and the vaults
    whose entries changed."""

    text: str | None
    made: tuple[str, ...]
    vaults: tuple[str, ...] = ()


Same = Callable[[str, str], bool]
"""Whether two paths name one vault."""


def read_settings(text: str, name: str) -> JsonText:
    """A client's settings as text with positions. Raises `bad-client-settings` with line and column."""
    try:
        document = read_json(text)
    except JsonError as error:
        raise AtocoreError(
            "bad-client-settings", f"{name}: {error}", "mend the file; nothing was written"
        ) from None
    if not isinstance(document.value, dict):
        raise AtocoreError("bad-client-settings", f"{name}: no JSON object", "its settings are an object")
    return document


def entries(document: JsonText, event: str) -> list[Entry]:
    """Our entries for an event, in order; whatever else stands there is passed over."""
    found = []
    for group, handler, value in _handlers(document, event):
        command = read_command(value)
        if command is not None:
            found.append(Entry(group, handler, _written(value), command))
    return found


def read_command(handler: object) -> HookCommand | None:
    """What a handler runs, where it is the capture hook; None for any other."""
    if not isinstance(handler, dict) or handler.get("type", "command") != "command":
        return None
    words = _words(handler)
    named = (at for at, word in enumerate(words) if PurePath(word).name == SCRIPT_NAME)
    at = next((at for at in named if not _ASSIGNMENT.match(words[at])), None)
    if at is None:
        return None
    start = next((number for number, word in enumerate(words) if not _ASSIGNMENT.match(word)), at)
    told = dict(_options(words[at + 1 :]))
    for word in words[:start]:
        name, _, value = word.partition("=")
        if name == VAULT_VARIABLE:
            told["vault"] = value
    names = ("vault", "client", "response", "max-chars")
    vault, client, response, max_chars = (told.get(name, "") for name in names)
    interpreter, flags = (words[start], tuple(words[start + 1 : at])) if at > start else ("", ())
    return HookCommand(interpreter, flags, words[at], vault, client, response, max_chars)


def added(
    document: JsonText,
    event: str,
    command: HookCommand,
    *,
    same: Same,
    lost: Callable[[str], bool],
    beside: bool,
    name: str,
) -> Edited:
    """The settings with an entry that runs this command.

    An entry of the same vault is changed where it stands. So is a single entry of another vault, or of one
    that was `lost` (it moved, most likely), unless the new one is to stand `beside` it. Raises
    `bad-client-settings` for hooks of another shape, `ambiguous` where several other vaults have entries.
    """
    ours = entries(document, event)
    mine = [entry for entry in ours if same(entry.command.vault, command.vault)]
    if not mine and ours and not beside:
        gone = [entry for entry in ours if lost(entry.command.vault)]
        if len(ours) > 1 and len(gone) != 1:
            vaults = ", ".join(entry.command.vault for entry in ours)
            raise AtocoreError(
                "ambiguous",
                f"{name} has hooks of other vaults: {vaults}",
                "add --beside to have one more, or uninstall one first",
            )
        mine = ours if len(ours) == 1 else gone
    text = document.text
    for entry in reversed(mine):
        text = _changed(read_json(text), event, entry, command)
    if mine:
        return Edited(text, (), tuple(entry.command.vault for entry in mine))
    return _appended(document, event, command, name)


def removed(document: JsonText, event: str, made: Collection[str], *, whose: Callable[[str], bool]) -> Edited:
    """The settings without our entries of the vaults that are meant, and without what that leaves empty of
    what was `made` for them; unchanged where there is none."""
    gone = [entry for entry in entries(document, event) if whose(entry.command.vault)]
    for entry in reversed(gone):
        document = _without_entry(document, event, entry)
    if not gone:
        return Edited(document.text, tuple(made))
    left = list(made)
    for path in ((_HOOKS, event), (_HOOKS,)):
        span = find(document, *path)
        if path[-1] in left and span is not None and not document.text[span.start + 1 : span.end - 1].strip():
            document = _without_member(document, path)
            left.remove(path[-1])
    empty = FILE in left and document.value == {} and document.strict
    return Edited(None if empty else document.text, tuple(left), tuple(e.command.vault for e in gone))


# --- reading -----------------------------------------------------------------------------------------------


def _handlers(document: JsonText, event: str) -> Iterator[tuple[int, int, object]]:
    """(group, handler, value) of every handler of an event."""
    assert isinstance(document.value, dict)
    hooks = document.value.get(_HOOKS)
    groups = hooks.get(event) if isinstance(hooks, dict) else None
    for number, group in enumerate(groups if isinstance(groups, list) else ()):
        handlers = group.get(_HOOKS) if isinstance(group, dict) else None
        yield from (
            (number, at, handler) for at, handler in enumerate(handlers if isinstance(handlers, list) else ())
        )


def _words(handler: dict[str, object]) -> list[str]:
    """The arguments of a handler: its command as a shell reads it, or with `args` as it stands; none where
    nothing can run it."""
    command, args = handler.get("command"), handler.get("args")
    if not isinstance(command, str):
        return []
    try:
        words = [command, *map(str, args)] if isinstance(args, list) else shlex.split(command)
    except ValueError:
        return []
    return words if not any("\0" in word for word in words) else []


def _written(handler: object) -> str:
    assert isinstance(handler, dict)
    return shlex.join(_words(handler)) if isinstance(handler.get("args"), list) else str(handler["command"])


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`--name value` and `--name=value`, as the script reads them."""
    left = iter(words)
    for word in left:
        name, equals, value = word.removeprefix("--").partition("=")
        if word.startswith("--"):
            yield name, value if equals else next(left, "")


# --- editing -----------------------------------------------------------------------------------------------


def _changed(document: JsonText, event: str, entry: Entry, command: HookCommand) -> str:
    """The text with the entry's command replaced; in the form that it had: one string, or with `args`."""
    place = (_HOOKS, event, entry.group, _HOOKS, entry.handler)
    if entry.command == command:
        return document.text
    arguments = find(document, *place, "args")
    if arguments is None:
        return with_value(document, _found(document, *place, "command"), command.line)
    handler = _found(document, *place)
    member = next(one for one in members(document, handler) if one.value == arguments)
    bare = read_json(without(document, handler, member))
    return with_value(bare, _found(bare, *place, "command"), command.line)


def _appended(document: JsonText, event: str, command: HookCommand, name: str) -> Edited:
    handler = {"type": "command", "command": command.line, "timeout": TIMEOUT_SECONDS}
    group: dict[str, object] = {_HOOKS: [handler]}
    if not document.plain.strip():  # no file, or one that holds nothing
        text = json_text({_HOOKS: {event: [group]}}, "  ").replace("\n", newline_of(document.text))
        return Edited(document.text + text + newline_of(document.text), (_HOOKS, event))
    hooks, groups = find(document, _HOOKS), find(document, _HOOKS, event)
    if hooks is None:
        text = with_member(document, document.root, _HOOKS, {event: [group]})
        return Edited(text, (_HOOKS, event))
    if document.plain[hooks.start] != "{" or (groups is not None and document.plain[groups.start] != "["):
        where = _HOOKS if groups is None else f"{_HOOKS}.{event}"
        raise AtocoreError(
            "bad-client-settings",
            f"{name}: {where} is not what hooks are written as",
            f"mend it, or add by hand: {json_text({event: [group]})}",
        )
    if groups is None:
        return Edited(with_member(document, hooks, event, [group]), (event,))
    return Edited(with_item(document, groups, group), ())


def _without_entry(document: JsonText, event: str, entry: Entry) -> JsonText:
    """Without one handler; a group that held nothing else goes with it."""
    groups = _found(document, _HOOKS, event)
    group = items(document, groups)[entry.group]
    handlers = _found(document, _HOOKS, event, entry.group, _HOOKS)
    alone = len(items(document, handlers)) == 1 and len(members(document, group)) == 1
    if alone:
        return read_json(without(document, groups, group))
    return read_json(without(document, handlers, items(document, handlers)[entry.handler]))


def _without_member(document: JsonText, path: tuple[str, ...]) -> JsonText:
    container = _found(document, *path[:-1])
    member = [one for one in members(document, container) if one.key == path[-1]][-1]
    return read_json(without(document, container, member))


def _found(document: JsonText, *path: str | int) -> Span:
    span = find(document, *path)
    assert span is not None, path
    return span
