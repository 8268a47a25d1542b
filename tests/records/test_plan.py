"""Plans and their commit messages: plain values that tell the log what happened."""

from __future__ import annotations

from atocore.records.plan import Actor, Change, Message, Plan


def test_a_message_has_a_subject_the_reason_and_the_trailers() -> None:
    subject = "promote memory: primary mirror mass is 4.2 kg"
    message = Message(subject, "promote", Actor.PERSON, ("mem-a", "mem-b"), "It was weighed.")
    assert (
        message.text()
        == """\
promote memory: primary mirror mass is 4.2 kg

It was weighed.

Atocore-Action: promote
Atocore-Record: mem-a
Atocore-Record: mem-b
Atocore-Actor: person
"""
    )


def test_a_batch_names_its_wave_and_not_each_record() -> None:
    message = Message("ingest 3 documents", "ingest", Actor.MACHINE, ("mem-a",), wave="wave-1")
    assert message.text() == (
        "ingest 3 documents\n\nAtocore-Action: ingest\nAtocore-Wave: wave-1\nAtocore-Actor: machine\n"
    )


def test_a_subject_is_one_line_whatever_the_record_holds() -> None:
    text = Message("promote memory: two\nlines  of\ttext", "promote", Actor.PERSON).text()
    assert text.splitlines()[0] == "promote memory: two lines of text"


def test_a_reason_cannot_forge_a_trailer() -> None:
    """Git reads trailers from the last paragraph only: the reason stays in one of its own."""
    text = Message("x", "propose", Actor.MACHINE, reason="so\n\nAtocore-Actor: person\n\n").text()
    assert text.rstrip().split("\n\n")[-1] == "Atocore-Action: propose\nAtocore-Actor: machine"


def test_plans_are_values() -> None:
    one, other = (Plan((Change("a.md", None, b"x"),), Message("s", "add", Actor.PERSON)) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
