"""What travels with the package and is no code of it: the hook script and the example vault."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from atocore.app.captured import Captured
from atocore.errors import AtocoreError
from atocore.knowledge.leaks import Finder

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
    """Write one turn as the hook would. The same turn again is the same file, on whichever day, and is
    replaced where its answer is another."""
    hook = script()
    created = hook["utc"](at)
    if not created:
        raise AtocoreError("bad-value", f"{at!r} is no time", "like 2026-11-22T07:46:00Z")
    asked, asked_cut = hook["presentable"](prompt, max_chars)
    if not asked:
        raise AtocoreError(
            "bad-value", "the prompt says nothing of its own", "give the text that a person typed"
        )
    told, told_cut = hook["presentable"](response, max_chars)
    name = hook["capture_id"](session, prompt_id or asked)
    before = next(vault.glob(f"captures/*/*/*/{name}.md"), None)
    turn = {
        "id": name,
        "created": _created(before) or created if before is not None else created,
        "session": session or "cli",
        "client": hook["word"](client) or "unknown",
        "prompt_id": prompt_id,
        "cwd": cwd,
        "branch": "",
        "version": "",
        "cut": [part for part, cut in (("prompt", asked_cut), ("response", told_cut)) if cut],
    }
    day = before.relative_to(vault).parts[1:4] if before is not None else created[:10].split("-")
    try:
        folder = hook["open_folders"](str(vault), ["captures", *day])
        try:
            text = hook["render"](turn, asked, told).encode()
            outcome = hook["write_capture"](folder, f"{name}.md", text, bool(told))
        finally:
            os.close(folder)
    except hook["Failure"] as failure:
        raise AtocoreError("read-only", str(failure), "") from failure
    path = f"captures/{'/'.join(day)}/{name}.md"
    return Captured(name, path, new=outcome == "captured", replaced=outcome == "replaced")


def _created(capture: Path) -> str:
    """When a capture that is there says that it was said; "" where it does not."""
    try:
        lines = capture.read_text("utf-8", "replace").split("\n", 8)
    except OSError:
        return ""
    return next((line[9:] for line in lines if line.startswith("created: ")), "")
