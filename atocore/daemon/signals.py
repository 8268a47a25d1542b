"""The signals that end the daemon, as something to wait for."""

from __future__ import annotations

import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Waiting = Callable[[float], str]
"""Waits so many seconds at most; why to end, "" where there is no reason."""


@contextmanager
def ending() -> Iterator[Waiting]:
    """While the block lasts, the signals end nothing by themselves; what is given waits for one. For the main
    thread."""
    ours, systems = socket.socketpair()
    with ours, systems:
        systems.setblocking(False)
        former_fd = signal.set_wakeup_fd(systems.fileno(), warn_on_full_buffer=False)
        former = {number: signal.signal(number, lambda *_: None) for number in ENDING}

        def wait(seconds: float) -> str:
            ready, _, _ = select.select([ours], [], [], seconds)
            numbers = ours.recv(64) if ready else b""
            return next((signal.Signals(n).name for n in numbers if n in ENDING), "")

        try:
            yield wait
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(former_fd)
