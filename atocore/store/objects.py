"""Git's objects by the stream: contents of blobs from one `cat-file`, whatever their number and size."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

from atocore.store.git import Answer, Git, failure

_PART = 1 << 20


class Blob(NamedTuple):
    """One blob: `raw` is None where git lacks it (`size` -1), or where it is larger than was asked for."""

    oid: str
    size: int
    raw: bytes | None


def read_blobs(git: Git, oids: Iterable[str], *, max_bytes: int | None = None) -> Iterator[Blob]:
    """Blobs in the order asked for; what is larger than `max_bytes` is passed over without being kept."""
    lines = (f"{oid}\n".encode() for oid in oids)
    with git.fed("cat-file", "--batch", "--buffer", lines=lines) as process:
        assert process.stdout
        while header := process.stdout.readline():
            oid, _, rest = header.decode().rstrip("\n").partition(" ")
            if rest in ("missing", "ambiguous") or not rest:
                yield Blob(oid, -1, None)
                continue
            size = int(rest.partition(" ")[2])
            if max_bytes is not None and size > max_bytes:
                _pass_over(process.stdout, size + 1)
                yield Blob(oid, size, None)
            else:
                yield Blob(oid, size, process.stdout.read(size + 1)[:-1])
        if process.wait():
            assert process.stderr
            said = os.fsdecode(process.stderr.read())
            raise failure(["cat-file"], Answer(process.returncode, b"", said))


def _pass_over(pipe: IO[bytes], size: int) -> None:
    while size > 0:
        size -= len(pipe.read(min(size, _PART))) or size
