"""How a git remote is reached for backups: its address, what of the vault's settings applies, and what to say
where it cannot be reached."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from atocore.errors import AtocoreError
from atocore.store.backups.ssh_command import ssh_command
from atocore.store.git import Git

_PROTOCOLS: Final = "file:git:http:https:ssh"
_SCHEME: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://.")
_SCP_LIKE: Final = re.compile(r"[^/:]+:(?!:).+")
_COMMAND: Final = re.compile(r"[A-Za-z0-9+.-]*::")
_PASSWORD: Final = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")
_APPLIES: Final = r"^(credential|http|https|url|core\.sshcommand|core\.gitproxy|ssh)(\.|$)"
"""The settings of a vault's repository that say how others are reached."""
_CHATTER: Final = re.compile(
    r"hint:|To |Please make sure you have the correct|and the repository exists\.|@@@|@ .* @$"
    r"|(IT IS POSSIBLE|Someone could be|It is also possible|The fingerprint for|SHA256:|Please contact)"
    r"|Add correct host key|Offending |remove with:|ssh-keygen -|Warning: Permanently added"
)
"""Lines of git and ssh that tell nothing of why."""
_TELLING: Final = re.compile(
    r"fatal:|error:|ssh:|!|remote:|Load key|(No .* )?[Hh]ost key|Connection |Timeout, |Bad owner|Permissions "
    r"|\S+: Permission denied"
)
_OUTCOME: Final = re.compile(
    r"fatal: Could not read from remote|fatal: [Tt]he remote end hung up|error: failed to push some refs"
)
"""Lines that say that it failed, as others say better."""
_HINTS: Final = (
    (
        r"transport '.*' not allowed",
        "backups go to file, git, http, https and ssh addresses alone",
    ),
    (
        r"Host key verification failed|[Hh]ost key is known|Host key for .* has changed",
        "ask who runs it for the fingerprint of its key; as the user that backs up, forget another one "
        "(ssh-keygen -R HOST), and take this one (ssh HOST)",
    ),
    (
        r"could not read (Username|Password)|terminal prompts disabled|Authentication failed"
        r"|Permission denied \(| 401| 403",
        "nobody is asked for a password: let `git ls-remote ADDRESS` work without one (an ssh key in the "
        "agent, a credential helper)",
    ),
    (
        r"No space left|[Qq]uota exceeded",
        "the disk there is full: free space on it, or name another place",
    ),
    (
        r"Read-only file system|unpacker error|unable to create temporary object directory",
        "what is sent cannot be written there: see the rights of the repository's folder, and its disk",
    ),
    (
        r"dubious ownership",
        "the repository there belongs to another user than the one who connects: chown it, on that machine",
    ),
    (
        r"Bad owner or permissions",
        "the file is to be yours or root's, and nobody else's to write; in a service, which sees root's as "
        "nobody's, it cannot be used",
    ),
    (
        r"Could not resolve host|Connection refused|timed out|unreachable|Connection reset|early EOF"
        r"|Connection (to .* )?closed|Timeout, server|Broken pipe|hung up unexpectedly",
        "is the network there? try again later",
    ),
    (
        r"does not appear to be a git repository|[Rr]epository .*not found|not exported",
        "make an empty bare repository there first: git init --bare",
    ),
    (
        r"remote rejected|hook declined|prohibited",
        "the server refuses references below refs/atocore/: ask who runs it",
    ),
    (
        r"unsupported object format|mismatched algorithms|hash algorithm",
        "the remote names objects by another hash",
    ),
)


@dataclass(frozen=True, slots=True)
class Address:
    """A git remote: where it is read and written, and the environment that git is to have for it."""

    url: str
    push_url: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


def is_address(name: str) -> bool:
    """Whether a place's name is that of a git remote: a URL, scp-like, or `remote:NAME`. Raises `bad-value`
    for one that would run a command."""
    if _COMMAND.match(name):
        told = f"{without_password(name)!r}: such an address runs a command"
        raise AtocoreError("bad-value", told, "name a folder, a URL (ssh, https, git, file) or remote:NAME")
    return bool(_SCHEME.match(name) or _SCP_LIKE.fullmatch(name))


def address_of(name: str, vault: Path | None) -> Address:
    """The remote that a place's name stands for; `vault` is the vault whose remotes and settings are meant,
    None where there is none. Raises `bad-value` and `not-found`."""
    git = Git(vault, vault) if vault is not None and vault.is_dir() else None
    environment = _environment(git)
    if not name.startswith("remote:"):
        return Address(name, name, environment)
    chosen = name.removeprefix("remote:")
    urls = [git.ask("remote", "get-url", *flag, "--", chosen) for flag in ((), ("--push",))] if git else []
    if not urls or any(answer.code for answer in urls):
        raise AtocoreError(
            "not-found", f"no remote {chosen!r} in the vault's repository", "see: git remote -v"
        )
    url, push_url = (os.fsdecode(answer.out).split("\n")[0] for answer in urls)
    for one in (url, push_url):
        is_address(one)
    return Address(_absolute(url, vault), _absolute(push_url, vault), environment)


def _absolute(url: str, vault: Path | None) -> str:
    """A remote that is a path is one from the vault's folder."""
    if _SCHEME.match(url) or _SCP_LIKE.fullmatch(url) or vault is None:
        return url
    return os.path.normpath(vault / url)


def _environment(git: Git | None) -> dict[str, str]:
    """No prompts, no dead servers waited for, and the settings of the vault that say how to reach others."""
    listed = git.ask("config", "--local", "-z", "--get-regexp", _APPLIES).out if git else b""
    pairs = [one.partition("\n") for one in os.fsdecode(listed).split("\0") if one]
    settings = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _, _) in enumerate(pairs)}
    settings |= {f"GIT_CONFIG_VALUE_{number}": value for number, (_, _, value) in enumerate(pairs)}
    asked = git or Git(Path(tempfile.gettempdir()))
    configured = os.environ.get("GIT_SSH_COMMAND") or os.fsdecode(asked.ask("config", "core.sshCommand").out)
    ssh = ssh_command(configured) if configured or "GIT_SSH" not in os.environ else None
    settings |= {"GIT_SSH_COMMAND": ssh} if ssh else {}
    return {
        **settings,
        "GIT_CONFIG_COUNT": str(len(pairs)),
        "GIT_ALLOW_PROTOCOL": _PROTOCOLS,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "SSH_ASKPASS_REQUIRE": "never",
        "GCM_INTERACTIVE": "never",
        "GIT_HTTP_LOW_SPEED_LIMIT": "100",
        "GIT_HTTP_LOW_SPEED_TIME": "60",
    }


def refusal(code: str, address: Address, said: str) -> AtocoreError:
    """What git said of a remote, with what can be done about it."""
    reasons = _reasons(said.replace(address.url, without_password(address.url)))
    telling = [line for line in reasons if _TELLING.match(line)][:3] or reasons[-3:]
    told = "; ".join(without_password(line.removeprefix("fatal: ")) for line in telling) or "git failed"
    whole = "\n".join(reasons)
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, whole)), "see: git ls-remote ADDRESS")
    return AtocoreError(code, f"{without_password(address.url)}: {told}", hint)


def _reasons(said: str) -> list[str]:
    """The lines that tell why it failed: git's, ssh's, or what a program on the other side says without a
    mark of its own; where there are none, that it did."""
    lines = [line.strip() for line in said.splitlines()]
    lines = [line for line in lines if line and not _CHATTER.match(line)]
    return [line for line in lines if not _OUTCOME.match(line)] or lines[:1]


def without_password(url: str) -> str:
    """An address as it may be shown."""
    return _PASSWORD.sub(r"\1:…@", url)
