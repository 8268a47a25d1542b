"""How git is to start ssh for a backup: nobody is asked, no dead server is waited for, and it works where a
service is shut in.

Knows ssh's options and nothing of remotes. What a person's own command says goes before.
"""

from __future__ import annotations

import os
import pwd
import shlex
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

SYSTEM_FOLDER: Final = Path("/etc/ssh/ssh_config.d")
_QUIET: Final = " -oBatchMode=yes -oConnectTimeout=20 -oServerAliveInterval=15 -oControlMaster=no"
"""The last one: a connection that others share would be left behind, and its socket lies in a home that a
service may not write."""
_NOBODY: Final = 65534


def ssh_command(configured: str) -> str | None:
    """The command, made of what is configured ("" for nothing); None where that is no ssh that options of
    OpenSSH can be told to."""
    program, *rest = (configured.strip() or "ssh").split(maxsplit=1)
    if Path(program).name != "ssh":
        return None
    return f"{' '.join((program + _own_settings(), *rest))}{_QUIET}"


def _own_settings() -> str:
    """Inside a namespace of the user's own (`PrivateUsers=` of systemd) root's files seem to be nobody's. ssh
    refuses to start with an included one of those, so the system's settings are left out there."""
    if not any(_owner(path) == _NOBODY for path in _included()):
        return ""
    with suppress(KeyError):  # a user without a name, in a container; ssh tells that better
        own = Path(pwd.getpwuid(os.getuid()).pw_dir) / ".ssh/config"
        return f" -F {shlex.quote(str(own)) if own.is_file() else 'none'}"
    return ""


def _included() -> Iterable[Path]:
    with suppress(OSError):
        return list(SYSTEM_FOLDER.iterdir())
    return ()


def _owner(path: Path) -> int | None:
    with suppress(OSError):
        return path.stat().st_uid
    return None
