"""Telling the service manager how the daemon stands, by systemd's protocol: a datagram to a socket it names.

A few lines in the place of a library: https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

from __future__ import annotations

import os
import socket

_VARIABLE = "NOTIFY_SOCKET"


def tell_manager(state: str) -> None:
    """Send a line such as `READY=1`; nothing where no manager listens, or it cannot be reached."""
    place = os.environ.get(_VARIABLE, "")
    if not place.startswith(("/", "@")):
        return
    address = os.fsencode(place).replace(b"@", b"\0", 1) if place[0] == "@" else os.fsencode(place)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto(state.encode(), address)
    except OSError:
        pass  # it waits for what never comes, and tells so
