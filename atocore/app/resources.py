"""What travels with the package and is no code of it: the hook script and the example vault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from atocore.app.captured import Captured
from atocore.errors import AtocoreError
from atocore.knowledge.leaks import Finder
from atocore.store.worktree import files_below

_PACKAGE = Path(__file__).resolve().parent.parent
CAPTURE_SCRIPT = "hooks/capture_stop.py"
CAPTURE_LAUNCHER = "hooks/launch.py"
EXAMPLE = "vault"


def shipped(name: str) -> Path:
    """The place of something that the package ships: inside a wheel, or in the checkout it runs from."""
    for place in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if place.exists():
            return place
    raise AtocoreError("damaged", f"this installation lacks {name}", "install AtoCore again")


@cache
def script() -> Mapping[str, Any]:
    """The capture script's functions: one implementation serves the hook and the command line. Loaded as a
    module, so that it is compiled once and not at every call."""
    loader = SourceFileLoader("capture_stop", str(shipped(CAPTURE_SCRIPT)))
    module = ModuleType("capture_stop")
    loader.exec_module(module)
    return vars(module)


def redactor() -> Callable[[str], str]:
    """The function that takes secrets out of a text."""
    redact = script()["redact"]
    assert callable(redact)
    return lambda text: str(redact(text))


def secret_finder() -> Finder:
    """The function that finds secrets: the hook's rules, for second looks."""
    find: Finder = script()["secrets_in"]
    return find


def capture_turn(
    vault: Path,
    prompt: str,
    response: str,
    *,
    client: str,
    session: str,
    prompt_id: str,
    cwd: str,
    at: str,
    max_chars: int,
) -> Captured:
    """Write one turn as the hook would; the same turn twice is one file, on whichever day."""
    hook = script()
    asked, asked_cut = hook["presentable"](prompt, max_chars)
    if not asked:
        raise AtocoreError(
            "bad-value", "the prompt says nothing of its own", "give the text that a person typed"
        )
    told, told_cut = hook["presentable"](response, max_chars)
    key = prompt_id or asked
    turn = {
        "id": hook["capture_id"](session, key),
        "created": at,
        "session": session or "cli",
        "client": hook["word"](client) or "unknown",
        "prompt_id": prompt_id,
        "cwd": cwd,
        "branch": "",
        "version": "",
        "cut": [name for name, cut in (("prompt", asked_cut), ("response", told_cut)) if cut],
    }
    for path, _ in files_below(vault, "captures"):
        if path.endswith(f"/{turn['id']}.md"):
            return Captured(turn["id"], path, new=False)
    text = hook["render"](turn, asked, told)
    day = at[:10].split("-")
    try:
        folder = hook["open_folders"](str(vault), ["captures", *day])
        outcome = hook["write_capture"](folder, f"{turn['id']}.md", text.encode(), bool(told))
    except hook["Failure"] as failure:
        raise AtocoreError("read-only", str(failure), "") from failure
    return Captured(turn["id"], f"captures/{'/'.join(day)}/{turn['id']}.md", new=outcome == "captured")
