"""Run the real hook as its host does, and read what it wrote without any of its code."""

from __future__ import annotations

import gzip
import json
import os
import re
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

SCRIPT = Path(__file__).parents[2] / "hooks" / "capture_stop.py"
DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the development data is not here")

Record = dict[str, Any]


def script() -> dict[str, Any]:
    """The hook's names, as `runpy` gives them."""
    return runpy.run_path(str(SCRIPT))


@dataclass
class Hook:
    """A vault and a host's home, and the hook run between them."""

    vault: Path
    state: Path
    preexec: Callable[[], None] | None = None
    environ: dict[str, str] = field(default_factory=dict)
    script: Path = SCRIPT

    def process(self, stdin: Any, *args: str) -> subprocess.Popen[bytes]:
        env = {
            "HOME": str(self.state),
            "XDG_STATE_HOME": str(self.state),
            "PATH": "/usr/bin:/bin",
            **self.environ,
        }
        command = [sys.executable, "-I", "-S", str(self.script), "--vault", str(self.vault), *args]
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            preexec_fn=self.preexec,
        )

    def run(self, given: Record | bytes | str, *args: str) -> None:
        """Run it to its end; silent and successful, whatever happened."""
        data = given.encode() if isinstance(given, str) else given
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        process = self.process(subprocess.PIPE, *args)
        out, err = process.communicate(data, timeout=60)
        assert (process.returncode, out, err) == (0, b"", b"")

    def captures(self) -> list[Path]:
        return sorted((self.vault / "captures").rglob("*.md"))

    def capture(self) -> Capture:
        """The only capture."""
        paths = self.captures()
        assert len(paths) == 1
        return read_capture(paths[0])

    def log(self) -> str:
        path = self.vault / ".atocore" / "hook.log"
        return path.read_text() if path.exists() else ""

    def state_log(self) -> str:
        path = self.state / "atocore" / "hook.log"
        return path.read_text() if path.exists() else ""

    def status(self) -> Record:
        status: Record = json.loads((self.vault / ".atocore" / "hook-status.json").read_text())
        return status

    def everything(self) -> str:
        """The text of every file below the vault."""
        return "\n".join(p.read_text(errors="replace") for p in self.vault.rglob("*") if p.is_file())


@dataclass(frozen=True)
class Capture:
    path: Path
    header: Record
    prompt: str
    response: str | None


def read_capture(path: Path) -> Capture:
    """Read a capture file by the rules that the hook's docstring states, and no others."""
    text = path.read_bytes().decode("utf-8")
    opening, header, body = text.split("---\n", 2)
    assert opening == ""
    assert text.endswith("\n")
    assert body.startswith("## Prompt\n\n")
    prompt, found, response = (
        body.removeprefix("## Prompt\n\n").removesuffix("\n").partition("\n\n## Response\n\n")
    )
    return Capture(path, yaml.safe_load(header), plain(prompt), plain(response) if found else None)


def plain(text: str) -> str:
    """Take the one space back that the hook put before its own headings and git's markers."""
    mark = re.compile(r"^ ( *(?:## Prompt|## Response|={7}|[<>|]{7}(?: .*)?)[ \t]*)$", re.MULTILINE)
    return mark.sub(r"\1", text)


def start(hook: Hook, given: Record) -> subprocess.Popen[bytes]:
    """Start the hook on this input without waiting for it."""
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(given).encode())
        file.seek(0)
        return hook.process(file)


def ended_well(process: subprocess.Popen[bytes]) -> bool:
    """Wait for the hook's end; true if it was silent and successful."""
    code = process.wait(timeout=60)
    return (code, *process.communicate()) == (0, b"", b"")


def user(text: Any, **keys: Any) -> Record:
    message = {"role": "user", "content": text}
    base = {"type": "user", "uuid": "u1", "sessionId": "s1", "timestamp": "2026-11-22T07:46:00.123Z"}
    return {**base, "message": message, **keys}


def assistant(*texts: str, message_id: str = "m1", **keys: Any) -> Record:
    content = [{"type": "text", "text": text} for text in texts]
    message = {"id": message_id, "role": "assistant", "content": content}
    return {"type": "assistant", "uuid": f"a-{message_id}-{texts[:1]}", "message": message, **keys}


def write_transcript(path: Path, *records: Record | str) -> Path:
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("".join(line + "\n" for line in lines), newline="")
    return path


def stop(transcript: Path | str | None, **keys: Any) -> Record:
    path = None if transcript is None else str(transcript)
    base = {"session_id": "s1", "transcript_path": path, "cwd": "/work/p", "hook_event_name": "Stop"}
    return {**base, **keys}


def real_transcripts() -> Iterator[tuple[Record, bytes]]:
    """Each development transcript with its line in the manifest."""
    folder = DATA / "claude_transcripts"
    for line in (folder / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        yield entry, gzip.decompress((folder / entry["file"]).read_bytes())


def as_root() -> bool:
    return os.geteuid() == 0
