"""Plans: what a verb decided, as a plain value. It can be compared, printed as a diff, and applied once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Actor(StrEnum):
    """Who takes a step. A machine may capture and propose; everything else is a person's."""

    PERSON = "person"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Change:
    """One file's change: `old` is what is believed to be committed there (None: no such file), `new` what
    shall be there (None: removed). `path` is relative to the vault, with `/`."""

    path: str
    old: bytes | None
    new: bytes | None


@dataclass(frozen=True, slots=True)
class Message:
    """A commit's message. `action` is the verb's name; a batch names its `wave` instead of each record."""

    subject: str
    action: str
    actor: Actor
    records: tuple[str, ...] = ()
    reason: str = ""
    wave: str = ""

    def text(self) -> str:
        """Subject, the reason as body, the trailers `Atocore-Action`, `-Record` (or `-Wave`), `-Actor`."""
        trailers = [f"Atocore-Action: {self.action}"]
        if self.wave:
            trailers.append(f"Atocore-Wave: {self.wave}")
        else:
            trailers += [f"Atocore-Record: {record}" for record in self.records]
        trailers.append(f"Atocore-Actor: {self.actor}")
        parts = [" ".join(self.subject.split()), self.reason.strip(), "\n".join(trailers)]
        return "\n\n".join(part for part in parts if part) + "\n"


@dataclass(frozen=True, slots=True)
class Plan:
    """All that one step writes: one commit. Without a `message` the files are written and not committed
    (captures that git ignores)."""

    changes: tuple[Change, ...]
    message: Message | None
