"""What the schedule runs, each in a process of its own: its memory goes with it, and it can be ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from atocore import clock
from atocore.app.operations import Job, Operations
from atocore.daemon.opening import Stopped
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app import Vault

_NICE: Final = 10
_SECONDS_TO_END: Final = 5.0
_PROGRAM: Final = (
    "import sys; folder, job, *sys.path = sys.argv[1:];"
    "from atocore.daemon.jobs import serve; serve(folder, job)"
)


def _back_up(vault: Vault) -> str:
    from atocore.store.backups.manifest import Reason

    vault.backup_create(reason=Reason.SCHEDULED)
    return ""


def _prune(vault: Vault) -> str:
    vault.backup_prune(off_site=True)
    return ""


def _drill(vault: Vault) -> str:
    from atocore.app.backups.rehearsing import failure

    done = vault.backup_drill()
    if not done.passed:
        raise AtocoreError(done.code, failure(done), "atocore backup drill")
    return ""


def _sweep(vault: Vault) -> str:
    if not vault.on_machine_branch():
        return f"machines commit on {vault.machine_branch()}, and another branch is checked out"
    vault.conflicts_sweep()
    return ""


JOBS: Final[Mapping[Job, Callable[[Vault], str]]] = {
    Job.BACKUP: _back_up,
    Job.PRUNE: _prune,
    Job.DRILL: _drill,
    Job.SWEEP: _sweep,
}
"""How each is run, those that go first first. The answer is what it waits for, "" where it was done."""


class JobProcess:
    """Runs the jobs of the vault at `folder`, one at a time; another thread may `end` the one that runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False

    def run(self, job: Job) -> str:
        """Run a job to its end; what it waits for, "" where it was done. Raises what the job raises,
        `damaged` where its process died, and `Stopped` where it was ended from here."""
        paths = [str(Path(entry).absolute()) for entry in sys.path]
        with subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, str(self._folder), job, *paths],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._folder,
            start_new_session=True,  # Ctrl-C is the parent's; and its children can be ended with it
        ) as process:
            self._process = process
            if self._ended:
                self.end()
            out, err = process.communicate()
        self._process = None
        if self._ended:
            raise Stopped
        return self._answer(job, out, err.decode("utf-8", "replace").strip(), process.returncode)

    def _answer(self, job: Job, out: bytes, said: str, code: int) -> str:
        try:
            told = json.loads(out)
            if "error" not in told:
                return str(told["waits"])
            error = told["error"]
            raise AtocoreError(error["code"], error["message"], error["hint"])
        except (ValueError, LookupError, TypeError):
            why = "was killed (out of memory?)" if code == -signal.SIGKILL else f"ended with code {code}"
            message = f"its process {why}" + (f": {said.splitlines()[-1]}" if said else "")
            now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
            Operations(self._folder / ".atocore").failed(job, now, f"damaged: {message}")
            raise AtocoreError("damaged", message) from None

    def end(self) -> None:
        """End the job that runs: it cleans up after itself, or is killed, and its children with it."""
        self._ended = True
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_TO_END)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def serve(folder: str, job: str) -> None:
    """The child: runs one job and tells how it ended, as JSON on stdout."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    try:
        told: dict[str, object] = {"waits": _run(Path(folder), Job(job))}
    except KeyboardInterrupt:
        os._exit(1)
    except AtocoreError as error:
        told = {"error": {"code": error.code, "message": error.message, "hint": error.hint}}
    except OSError as error:
        message = f"{error.filename or 'the system'}: {error.strerror or error}"
        told = {"error": {"code": "unreadable", "message": message, "hint": ""}}
    except Exception as error:
        traceback.print_exception(error)
        message = f"internal error: {type(error).__name__}: {error}"
        told = {"error": {"code": "damaged", "message": message, "hint": ""}}
    with suppress(BrokenPipeError):  # the daemon was killed meanwhile: what was done is written down
        print(json.dumps(told), flush=True)


def _run(folder: Path, job: Job) -> str:
    from atocore.daemon.opening import Opening
    from atocore.index.model import Model

    with Opening(folder, Model()).open() as vault:
        return JOBS[job](vault)


def _leave(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
