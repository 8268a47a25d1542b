"""Words for the tests of purging: secrets, and what git still knows of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

KEY = "AKIA" + "Q3EGR7X2M5N8P4T6"
TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
PASSWORD = "tr0ub4dor-and-3"


def stored(git_dir: Path, *texts: str) -> list[str]:
    """The objects of a repository, reachable or not, that hold one of the texts."""
    listed = ["git", "-C", str(git_dir), "cat-file", "--batch-all-objects", "--batch"]
    out = subprocess.run(listed, capture_output=True, check=True).stdout
    found, at = [], 0
    while at < len(out):
        end = out.index(b"\n", at)
        oid, kind, size = out[at:end].decode().split()
        content = out[end + 1 : end + 1 + int(size)]
        if any(text.encode() in content for text in texts):
            found.append(f"{kind} {oid}")
        at = end + 2 + int(size)
    return found
