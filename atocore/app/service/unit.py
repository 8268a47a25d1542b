"""A systemd user unit for a vault's daemon, as text: what is written, and what a written one says of itself.

Knows systemd's syntax and nothing of the machine. `%` begins a specifier everywhere, `$` a variable in a
command; words are quoted and escaped. Paths that systemd takes nowhere (`is_writable_name` is false) are
reached by a link with a name of ours.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_DIGEST = "# Digest: "
_LIGHT = "# Without namespaces"
_HEAD = """\
# Written by `atocore service install`, which renews it. What you want otherwise belongs in a file of its own,
# which stays then: systemctl --user edit {name}
"""
_MEMORY = "2G"
"""The most that the daemon and its children may hold; embedding in bulk takes a quarter of it."""

_ALWAYS = """\
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
"""
_NAMESPACES = """\
PrivateUsers=yes
CapabilityBoundingSet=
ProtectSystem=strict
ProtectHome=read-only
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
"""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit is made of. All paths are absolute, and such as systemd takes.

    `writable` are the folders that may be written; `has_network` whether git remotes and extractors may be
    reached; `has_own_tmp` whether /tmp may be hidden, because nothing of the vault's lies there; `is_light`
    leaves out what takes namespaces of the user's own.
    """

    name: str
    vault: str
    shown: str
    interpreter: str
    environment: Mapping[str, str]
    writable: tuple[str, ...]
    has_network: bool
    has_own_tmp: bool
    is_light: bool = False

    def text(self) -> str:
        """The unit's file."""
        body = "".join((_HEAD.format(name=self.name), f"{_LIGHT}\n" if self.is_light else "", self._body()))
        return f"{_DIGEST}{_digest(body)}\n{body}"

    def _body(self) -> str:
        command = " ".join(map(_argument, _run([self.interpreter, "-P", "-m", "atocore", *self._arguments])))
        lines = "".join(
            f"Environment={_word(f'{name}={value}')}\n" for name, value in self.environment.items()
        )
        return f"""
[Unit]
Description=AtoCore's daemon for {_plain(self.shown)}
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={command}
WorkingDirectory=/
# the socket is to be where others look for it
Environment=XDG_RUNTIME_DIR=%t
{lines}
# whatever ends it but a wish: a vault that is not mounted yet, an upgrade of AtoCore, a kill
Restart=on-failure
RestartSec=10
TimeoutStopSec=60
KillMode=mixed

# embedding, the large part, runs in a child: the daemon outlives it
OOMPolicy=continue
MemoryMax={_MEMORY}
TasksMax=1024

{self._hardening()}
[Install]
WantedBy=default.target
"""

    @property
    def _arguments(self) -> tuple[str, ...]:
        return ("--vault", self.vault, "daemon")

    def _hardening(self) -> str:
        network = " AF_INET AF_INET6 AF_NETLINK" if self.has_network else ""
        always = f"{_ALWAYS}RestrictAddressFamilies=AF_UNIX{network}\n"
        if self.is_light:
            return f"{always}RestrictNamespaces=yes\n"
        own = f"PrivateTmp={_yes(self.has_own_tmp)}\nPrivateNetwork={_yes(not self.has_network)}\n"
        # a missing folder is no reason not to start: the daemon tells what it cannot write
        paths = "".join(f"ReadWritePaths={_word('-' + path)}\n" for path in self.writable)
        runtime = "RuntimeDirectory=atocore\nRuntimeDirectoryMode=0700\nRuntimeDirectoryPreserve=yes\n"
        return f"{always}RestrictNamespaces=yes\n\n{_NAMESPACES}{own}{paths}{runtime}"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def unit_name(vault: Path) -> str:
    """The name of a vault's unit: the folder's name as far as units may have it, and a hash of its path."""
    real = os.path.realpath(vault)
    name = re.sub(r"[^A-Za-z0-9_.]+", "-", Path(real).name).strip("-.")[:40] or "vault"
    return f"atocore-{name}-{hashlib.sha256(os.fsencode(real)).hexdigest()[:8]}.service"


def is_untouched(text: str) -> bool:
    """Whether a unit is as it was written: nobody edited it, and it is one of ours."""
    head, _, body = text.partition("\n")
    return head == f"{_DIGEST}{_digest(body)}"


def is_light(text: str) -> bool:
    """Whether a unit was written without namespaces."""
    return f"\n{_LIGHT}\n" in text


def is_writable_name(path: str) -> bool:
    """Whether systemd takes a path: its files are UTF-8, and lists of paths have no escapes for control
    characters."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return not any(ord(character) < 0x20 or ord(character) == 0x7F for character in path)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _word(text: str) -> str:
    """One word of a list, or of an environment."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{text}"' if re.search(r"""[\s"'\\;#]""", text) else text


def _argument(text: str) -> str:
    """One word of a command."""
    return _word(text).replace("$", "$$")


def _run(command: Iterable[str]) -> list[str]:
    """A command whose first word systemd takes: it refuses quotes and backslashes there."""
    first, *rest = command
    if not re.search(r"""["'\\]""", first):
        return [first, *rest]
    return ["/bin/sh", "-c", 'exec "$0" "$@"', first, *rest]


def _plain(text: str) -> str:
    """A text for people on one line."""
    printable = "".join(one if one.isprintable() else "?" for one in text)
    return printable.encode("utf-8", "replace").decode().replace("%", "%%").rstrip("\\")
