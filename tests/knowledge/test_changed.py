"""What became of knowledge between two commits: who, when and why."""

from __future__ import annotations

from helpers import files_of, ruling

from atocore.knowledge.changed import changes
from atocore.records.past import Changed, Event

OLD = "-- memories/a.md --\nid: mem-a\nstatus: candidate\n"
NEW = "-- memories/b.md --\nid: mem-a\nstatus: active\n" + ruling("promote")
COMMIT = Event("", "2026-11-22T10:00:00+00:00", "B <b@b.c>", "c0ffee", "a squash")


def between(old: str, new: str, **events: Event) -> tuple[Changed, ...]:
    told = {f"memories/{name}.md": event for name, event in events.items()}
    return changes(files_of(old), files_of(new), lambda _id: "", told)


def test_records_are_paired_by_id_whatever_became_of_their_files() -> None:
    (change,) = between(OLD, NEW)
    assert change.before is not None and change.after is not None
    assert (change.step, change.before.status, change.after.status) == ("promote", "candidate", "active")


def test_git_says_who_and_when_and_the_record_why() -> None:
    (change,) = between(OLD, NEW, b=COMMIT)
    assert change.event == COMMIT._replace(step="promote", why="weighed on the bench")
    (plain,) = between(OLD, NEW.replace(ruling("promote"), ""), b=COMMIT)
    assert plain.event.why == "a squash"


def test_without_a_commit_the_ruling_says_it() -> None:
    (change,) = between(OLD, NEW)
    assert (change.event.date, change.event.commit) == ("2026-11-22T09:12:00Z", "")


def test_the_newest_come_first_and_broken_files_and_notes_are_passed_over() -> None:
    old = "-- memories/x.md --\n---\nid: [\n---\n"
    new = "-- memories/x.md --\nid: mem-x\n-- memories/y.md --\nid: mem-y\n-- note.md --\nWords.\n"
    later = COMMIT._replace(date="2026-11-23T10:00:00+00:00")
    found = between(old, new, x=COMMIT, y=later)
    assert [change.after and change.after.id[:5] for change in found] == ["mem-y", "mem-x"]


def test_a_status_that_a_machine_set_counts_as_the_vault_counts_it() -> None:
    (change,) = changes(files_of(OLD), files_of(NEW), lambda _id: "candidate", {})
    assert change.after is not None and change.after.status == "candidate"
