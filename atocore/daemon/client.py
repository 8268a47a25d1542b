"""Asking the daemon: one line of JSON over its socket. What that needs is imported once there is one to ask.

Where no daemon runs, or it does not answer as it should, the answer is None: the caller does the work itself.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from atocore import __version__

if TYPE_CHECKING:
    import socket

TOLD_IN = "daemon.json"
"""The file in `.atocore/` that tells where the daemon is."""
HEARD_SECONDS = 0.5
"""A daemon that is not stopped says so soon that it heard."""
ANSWER_SECONDS = 30.0


def find(start: str) -> str | None:
    """The vault's folder that `start` is or lies in, if a daemon says that it runs for it."""
    here = os.path.abspath(os.path.expanduser(start))
    while not os.path.isfile(os.path.join(here, "atocore.yaml")):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return here if os.path.exists(os.path.join(here, ".atocore", TOLD_IN)) else None


def ask(
    vault: str, verb: str, args: Mapping[str, object] | None = None, seconds: float = ANSWER_SECONDS
) -> dict[str, Any] | None:
    """What the vault's daemon answers: {"answer": ...}, or {"error": {code, message, hint}}. None where there
    is no daemon, it is stopped, another version, or another vault's, or it takes longer than `seconds`; and
    where the environment says that none is to be asked."""
    if os.environ.get("ATOCORE_NO_DAEMON"):
        return None
    return ask_itself(vault, verb, args, seconds)


def ask_itself(
    vault: str, verb: str, args: Mapping[str, object] | None = None, seconds: float = ANSWER_SECONDS
) -> dict[str, Any] | None:
    """As `ask`, for questions about the daemon: whatever the environment says of using it."""
    import json

    try:
        with open(os.path.join(vault, ".atocore", TOLD_IN), encoding="utf-8") as file:
            told = json.load(file)
        if told["version"] != __version__ or told["vault"] != os.path.realpath(vault):
            return None
        return _ask(told["socket"], told["vault"], {"verb": verb, "args": args or {}}, seconds)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _ask(place: str, vault: str, request: Mapping[str, object], seconds: float) -> dict[str, Any] | None:
    import json
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(HEARD_SECONDS)
        connection.connect(place)
        if not _is_mine(connection):
            return None
        with connection.makefile("rb") as lines:
            heard = json.loads(lines.readline())["heard"]
            if heard["version"] != __version__ or heard["vault"] != vault:
                return None
            connection.settimeout(seconds)
            connection.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(lines.readline())
    return answer if isinstance(answer, dict) and answer.keys() & {"answer", "error"} else None


def _is_mine(connection: socket.socket) -> bool:
    return peer_uid(connection) in (None, os.getuid())


def peer_uid(connection: socket.socket) -> int | None:
    """Who is at the other end; None where the system does not tell."""
    import socket

    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    found = connection.getsockopt(socket.SOL_SOCKET, option, 12)  # pid, uid, gid
    return int.from_bytes(found[4:8], sys.byteorder)
