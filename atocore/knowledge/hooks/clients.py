"""The assistants whose hooks AtoCore manages: one table, a row each. Knows names and places, reads nothing.

A new client is one row here, where its settings have the shape that `hook_entries` edits.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Client(NamedTuple):
    """An assistant's client. Its folder of settings is `home_variable`'s, else `home` in the user's home.

    `files` are the settings that hold hooks by scope: the user's below the client's folder, the others below
    a project's. `shell` is what the client runs a hook's command with; `$SHELL` stands for the user's own,
    else /bin/sh. `transcripts` are patterns below the client's folder. `after` is what a person has to do
    once more before the hook runs.
    """

    name: str
    title: str
    home_variable: str
    home: str
    files: Mapping[str, str]
    event: str
    shell: tuple[str, str]
    transcripts: str
    after: str


CLIENTS: Mapping[str, Client] = MappingProxyType(
    {
        row.name: row
        for row in (
            Client(
                "claude-code",
                "Claude Code",
                "CLAUDE_CONFIG_DIR",
                ".claude",
                MappingProxyType(
                    {
                        "user": "settings.json",
                        "project": ".claude/settings.json",
                        "local": ".claude/settings.local.json",
                    }
                ),
                "Stop",
                ("/bin/sh", "-c"),
                "projects/*/*.jsonl",
                "new sessions take the hook up; /hooks in Claude Code lists it",
            ),
            Client(
                "codex",
                "Codex",
                "CODEX_HOME",
                ".codex",
                MappingProxyType({"user": "hooks.json", "project": ".codex/hooks.json"}),
                "Stop",
                ("$SHELL", "-lc"),
                "sessions/*/*/*/rollout-*.jsonl",
                "Codex runs a new or changed hook only once you trusted it: enter /hooks in codex",
            ),
        )
    }
)

SCOPES = ("user", "project", "local")
"""Whose settings: the user's everywhere, a project's that git shares, a project's on this machine alone."""
