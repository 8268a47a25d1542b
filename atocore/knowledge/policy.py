"""The one policy of who may do what: machines capture and propose, people decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from atocore.config import Settings
from atocore.errors import AtocoreError
from atocore.knowledge.recognition import recognise
from atocore.records.kinds import Kind
from atocore.records.lifecycle import PERSON_STEPS, steps_named
from atocore.records.plan import Actor, Plan


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


def keep_trusted(plan: Plan, actor: Actor, settings: Settings) -> None:
    """Raise `AtocoreError` (machine-refused) where a machine's plan touches trusted state, whatever step it
    is and whoever proposed it: only who may set state may."""
    if actor is Actor.PERSON or steps_named(settings.texts("machines.allow")) & {"set", "unset"}:
        return
    deeds = (deed for c in plan.changes for deed in recognise(c.path, c.old, c.path, c.new))
    touched = next((deed for deed in deeds if deed.kind is Kind.STATE), None)
    if touched is not None:
        raise AtocoreError(
            "machine-refused",
            f"{touched.step} of {touched.record}: trusted state is for people alone, and this is a machine",
            "propose instead (atocore propose), and let a person set it: atocore state set",
        )


_SQUASHED = "Squashed commit of the following:"
_CREDIT = re.compile(
    r"^[ \t]*(Co-authored-by|Atocore-Actor):[ \t]*(\S.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE
)
_AUTHOR = re.compile(r"^(?:Author|Commit):[ \t]+(\S.*?)[ \t]*$", re.MULTILINE)


def machine_commit(
    settings: Settings, people: Iterable[str], trailers: Iterable[tuple[str, str]], message: str = ""
) -> str:
    """Whose commit it was, where a machine's: the assistant's name, or `atocore`; "" for a person's.

    `people` are author and committer as `Name <email>`; co-authors come from the trailers. `message` without
    them tells who made what was squashed into the commit: a squash may credit nobody else.
    """
    trailers = tuple(trailers)
    if not any(key.casefold() == "atocore-actor" for key, _ in trailers):
        trailers += tuple(_CREDIT.findall(message))
        people = (*people, *(_AUTHOR.findall(message) if _SQUASHED in message else ()))
    actors = {value.strip() for key, value in trailers if key.casefold() == "atocore-actor"}
    if Actor.MACHINE in actors:
        return "atocore"
    coauthors = [value for key, value in trailers if key.casefold() == "co-authored-by"]
    return settings.names_machine(*people, *coauthors)
