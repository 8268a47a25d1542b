"""Clients' transcripts: where they lie, and every turn in them, read with the hook's own functions.

One definition of a person's prompt, of its answer and of a turn's identity serves the hook and this: what
the hook does once, at a turn's end, is done here for each turn of a file. Nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from atocore.app import resources
from atocore.app.hook_places import client_folder
from atocore.errors import AtocoreError
from atocore.knowledge.hooks.clients import CLIENTS, Client
from atocore.store.files import expanded

LINE_LIMIT = 64 << 20
"""Bytes of a line; a longer one is no turn's."""

_SUBAGENTS = "subagents"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a transcript: `fields` as the hook's functions know it, whose names the others repeat."""

    id: str
    prompt_id: str
    session: str
    client: str
    created: str
    cwd: str
    fields: Mapping[str, Any]

    @property
    def answered(self) -> bool:
        """Whether an answer was found that is surely this prompt's."""
        return bool(self.fields["answer"]) and not self.fields["adrift"]


@dataclass(slots=True)
class Transcript:
    """A transcript that was read: its turns in order, and how many of its lines could not be understood."""

    turns: list[Turn] = field(default_factory=list)
    damaged: int = 0


def find_transcripts(clients: Iterable[Client], environ: Mapping[str, str]) -> list[Path]:
    """The transcripts that clients keep of this user's sessions, subagents' left out; sorted."""
    found = {
        path
        for client in clients
        for path in client_folder(client, environ).glob(client.transcripts)
        if _is_session(path)
    }
    return sorted(found)


def transcripts_in(names: Sequence[str]) -> list[Path]:
    """The transcripts that files and folders name. Raises `not-found`."""
    found: set[Path] = set()
    for name in names:
        path = Path(os.path.abspath(expanded(name)))  # noqa: PTH100
        if path.is_dir():
            found |= {one for one in path.rglob("*.jsonl") if _is_session(one)}
        elif path.exists():
            found.add(path)
        else:
            raise AtocoreError("not-found", f"no transcript or folder {name}", "name one that is there")
    return sorted(found)


def client_names(clients: Sequence[str]) -> list[Client]:
    """The clients of these names; all of them where none is named."""
    return [CLIENTS[name] for name in clients] if clients else list(CLIENTS.values())


def _is_session(path: Path) -> bool:
    """Whether a file is a session's own log, not one of a subagent or of a compaction."""
    return _SUBAGENTS not in path.parts and not path.name.startswith("agent-")


# --- reading one -------------------------------------------------------------------------------------------


def read_transcript(path: Path) -> Transcript:
    """Every turn of a transcript. Raises OSError where it cannot be read."""
    hook = resources.script()
    read = Transcript()
    with open(path, "rb", opener=_without_waiting) as file:
        status = os.fstat(file.fileno())
        if status.st_mode & 0o170000 != 0o100000:
            raise OSError(None, "it is not a regular file")
        head = file.read(1 << 18)
        if _is_subagents(hook["parse"](head.partition(b"\n")[0])):
            return read
        file.seek(0)
        records = list(_records(file, hook, read))
    session = hook["codex_session"](head) if any("payload" in record for _, record in records) else {}
    for segment, turn_id in _segments(records):
        walk = hook["Walk"]()
        walk.session = session
        for record in reversed(segment):
            if walk.take(record):
                break
        walk.prompts = walk.prompts or walk.events
        given = {"transcript_path": str(path), "turn_id": turn_id, "session_id": session.get("sessionId", "")}
        fields = hook["turn_of"](walk, given, status.st_mtime)
        read.turns.append(_turn(fields, hook))
    return read


def _is_subagents(first: object) -> bool:
    """Whether a rollout's first line says that another agent, and no person, began the session."""
    meta = first.get("payload") if isinstance(first, dict) else None
    if not isinstance(meta, dict):
        return False
    source = meta.get("source")
    return meta.get("thread_source") == "subagent" or (isinstance(source, dict) and "subagent" in source)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that lies among transcripts is not waited for."""
    return os.open(path, flags | os.O_NONBLOCK)


def _turn(fields: dict[str, Any], hook: Mapping[str, Any]) -> Turn:
    fields["client"] = "codex" if fields["codex"] else "claude-code"
    name = hook["capture_id"](fields["session"], fields["key"])
    return Turn(
        id=name,
        prompt_id=fields["prompt_id"],
        session=fields["session"],
        client=fields["client"],
        created=fields["created"],
        cwd=fields["cwd"],
        fields=fields,
    )


def _records(file: BinaryIO, hook: Mapping[str, Any], read: Transcript) -> Iterator[tuple[str, Any]]:
    """(role, record) of the lines that may belong to a turn; `turn` where Codex says which one begins."""
    for line in _lines(file):
        marks = b'"turn_id"' in line
        if not marks and not hook["worth_parsing"](line):
            continue
        record = hook["parse"](line)
        if record is None:
            read.damaged += 1
            continue
        role, _, _ = hook["read_record"](record)
        if role:
            yield role, record
        elif marks and isinstance(record, dict) and isinstance(record.get("payload"), dict):
            yield "turn", record


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long, nothing."""
    while line := file.readline(LINE_LIMIT):
        if len(line) < LINE_LIMIT or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LINE_LIMIT)


def _segments(records: Sequence[tuple[str, Any]]) -> Iterator[tuple[list[Any], str]]:
    """Each prompt with the records up to the next one, and the id that Codex gives its turn.

    A Stop hook knows a turn of Codex by that id, and takes its last prompt: so of several prompts in a turn,
    the last has it.
    """
    prompt = "user" if any(role == "user" for role, _ in records) else "event"
    starts = [at for at, (role, _) in enumerate(records) if role == prompt]
    turn_ids = _turn_ids(records, starts)
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(records)
        segment = [record for role, record in records[start:end] if role != "turn"]
        last = number + 1 == len(starts) or turn_ids[number + 1] != turn_ids[number]
        yield segment, turn_ids[number] if last else ""


def _turn_ids(records: Sequence[tuple[str, Any]], starts: Sequence[int]) -> list[str]:
    """The turn's id at each prompt: the last one said before it, else the first one after it."""
    said = [
        (at, str(record["payload"]["turn_id"]))
        for at, (role, record) in enumerate(records)
        if role == "turn" and isinstance(record["payload"].get("turn_id"), str)
    ]
    found = []
    for start in starts:
        before = [name for at, name in said if at < start]
        found.append(before[-1] if before else next((name for _, name in said), ""))
    return found
