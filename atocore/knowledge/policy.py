"""The one policy of who may do what: machines capture and propose, people decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.records.lifecycle import PERSON_STEPS, steps_named
from atocore.records.plan import Actor


def actor_of(environment: Mapping[str, str], settings: Settings) -> Actor:
    """A machine, where the shell is one that an assistant drives; else a person."""
    driven = any(environment.get(name) for name in settings.texts("machines.shell_variables"))
    return Actor.MACHINE if driven else Actor.PERSON


def permit(step: str, actor: Actor, settings: Settings) -> None:
    """Raise `AtocoreError` (machine-refused) where the step is a person's and the actor is not one."""
    if actor is Actor.PERSON or step not in PERSON_STEPS:
        return
    if step in steps_named(settings.texts("machines.allow")):
        return
    raise AtocoreError(
        "machine-refused",
        f"{step}: a person's step, and this is an assistant's shell",
        "propose instead (atocore propose), and let a person decide; the vault's setting machines.allow "
        "can name steps that machines may take",
    )


def machine_commit(settings: Settings, people: Iterable[str], trailers: Iterable[tuple[str, str]]) -> str:
    """Whose commit it was, where a machine's: the assistant's name, or `atocore`; "" for a person's.

    `people` are author and committer as `Name <email>`; co-authors come from the trailers.
    """
    trailers = tuple(trailers)
    actors = {value.strip() for key, value in trailers if key.casefold() == "atocore-actor"}
    if Actor.MACHINE in actors:
        return "atocore"
    coauthors = [value for key, value in trailers if key.casefold() == "co-authored-by"]
    return settings.names_machine(*people, *coauthors)
