"""A process that has imported AtoCore already, and forks for each command: a page's commands in less time.

`python tests/transcripts/ready.py FOLDER` makes `FOLDER/atocore`, says `ready`, and serves until its standard
input ends. `FOLDER/atocore` hands its arguments, environment, folder and standard streams over, and ends with
the exit code of the `atocore` that ran with them. What it saves is the imports of every command; the command
runs in a process of its own all the same.
"""

from __future__ import annotations

import ast
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

STUB = """\
#!{python} -IS
import os, sys, _socket
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
server.connect({place!r})
here = os.open(".", os.O_RDONLY)
told = ascii((sys.argv[1:], dict(os.environ))).encode()
rights = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2, here))
server.sendmsg([len(told).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
while told:
    told = told[server.send(told):]
code = server.recv(1)
os._exit(code[0] if code else 70)
"""
BESIDE = (
    "atocore.app.vault",
    "atocore.knowledge.extraction.extract",
    "atocore.index.engine",
    "git",
    "tantivy",
)


@contextmanager
def ready(folder: Path, environment: dict[str, str]) -> Iterator[Path]:
    """A folder for the front of PATH, whose `atocore` is fast while the block lasts."""
    with subprocess.Popen(
        [sys.executable, __file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=folder,
    ) as server:
        assert server.stdin
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        yield folder
        server.stdin.close()


def serve(folder: Path) -> None:
    """Answer until standard input ends."""
    from atocore.cli import COMMANDS

    for module in (*(f"atocore.cli.{module}" for module, _ in COMMANDS.values()), *BESIDE):
        import_module(module)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        place = folder / "ready"
        listening.bind(os.fspath(place.relative_to(Path.cwd())))
        listening.listen(64)
        stub = folder / "atocore"
        stub.write_text(STUB.format(python=sys.executable, place=str(place)), "utf-8")
        stub.chmod(0o755)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the children tell their exit codes themselves
        os.write(1, b"ready\n")
        while True:
            asked, _, _ = select.select([0, listening], [], [])
            if 0 in asked:
                return
            caller, _ = listening.accept()
            with caller:
                if os.fork() == 0:
                    listening.close()
                    os._exit(_answer(caller))


def _answer(caller: socket.socket) -> int:
    """In the child: run the command with the caller's streams, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(caller, 4, 4)
    with caller.makefile("rb") as told:
        args, environment = ast.literal_eval(told.read(int.from_bytes(size, "big")).decode())
    for number, stream in enumerate(streams[:3]):
        os.dup2(stream, number)
    os.fchdir(streams[3])
    for stream in streams:
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [shutil.which("atocore", path=os.fspath(Path(sys.executable).parent)) or "atocore", *args]
    code = _run()
    caller.send(bytes([code]))
    return code


def _run() -> int:
    from atocore.cli import main

    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    else:
        code = 0
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
