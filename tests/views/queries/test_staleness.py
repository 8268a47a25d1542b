"""stale: what nobody has looked at for long."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers import vault_of, whole
from queried import ask, graph_of

from atocore.errors import AtocoreError
from atocore.records.past import Event
from atocore.views.queries.asking import answered, put
from atocore.views.queries.past import Past
from atocore.views.queries.table import query_called

RULED = "ruling: {{step: {step}, by: A <a@b.c>, at: {at}}}\n"


def record(name: str, at: str, more: str = "", step: str = "promote") -> str:
    ruled = RULED.format(step=step, at=at)
    return f"-- memories/{name}.md --\nid: mem-{name}\ntitle: {name}\ncreated: 2026-01-01\n{more}{ruled}"


VAULT = (
    record("a", "2026-01-10T00:00:00Z")
    + record("b", "2026-06-01T00:00:00Z")
    + record("n", "2026-07-01T00:00:00Z")
)


def stale(vault: str, days: str = "90") -> list[tuple[object, object]]:
    return [(row["title"], row["why"]) for row in ask(vault, "stale", days).rows or ()]


def test_what_was_decided_on_long_ago_is_stale_counted_from_the_newest_time_in_the_vault() -> None:
    assert stale(VAULT) == [("a", "not looked at for 172 days")]
    assert [title for title, _ in stale(VAULT, "20")] == ["a", "b"]
    later = VAULT + record("z", "2027-01-01T00:00:00Z", step="reject").replace("title: z", "status: rejected")
    assert [title for title, _ in stale(later)] == ["a", "b", "n"]


def test_the_edge_day_is_not_stale_yet() -> None:
    assert stale(VAULT, "172") == []
    assert stale(VAULT, "171") != []


def test_confirming_takes_a_record_from_the_list() -> None:
    confirmed = VAULT.replace(
        "step: promote, by: A <a@b.c>, at: 2026-01-10", "step: confirm, by: A <a@b.c>, at: 2026-06-30"
    )
    assert stale(confirmed) == []


def test_a_record_without_a_ruling_counts_from_when_it_was_made() -> None:
    vault = VAULT + "-- memories/c.md --\nid: mem-c\ntitle: c\ncreated: 2026-02-01\n"
    answer = ask(vault, "stale", "90")
    row = next(row for row in answer.rows or () if row["title"] == "c")
    assert (row["step"], row["date"], row["days"]) == ("made", "2026-02-01", 150)


def test_its_own_date_makes_a_record_stale_first_of_all() -> None:
    due = VAULT + record("d", "2026-06-30T00:00:00Z", "stale_after: 2026-06-30\n")
    assert stale(due)[0] == ("d", "to be looked at after 2026-06-30")
    assert "d" not in dict(stale(due.replace("stale_after: 2026-06-30", "stale_after: 2026-08-01")))


SOURCE = (
    "-- sources/s.md --\nid: src-s\ntype: markdown\nwave: wave-{wave}\n--\n# S\n\n- The mass is {mass}.\n"
)
RESTING = """\
-- memories/s.md --
id: mem-s
title: s
created: 2026-07-01
provenance: {source: src-s, heading: S, lines: 3-3, quote: "- The mass is 4 kg.", wave: wave-1}
"""


def test_a_passage_that_changed_or_went_makes_what_rests_on_it_stale() -> None:
    assert stale(VAULT + RESTING + SOURCE.format(wave=1, mass="4 kg")) == stale(VAULT)
    assert stale(VAULT + RESTING + SOURCE.format(wave=2, mass="4 kg")) == stale(VAULT)
    changed = VAULT + RESTING + SOURCE.format(wave=2, mass="5 kg")
    assert stale(changed)[0] == ("s", "its passage changed in the source")
    gone = VAULT + RESTING + SOURCE.format(wave=1, mass="4 kg").replace("wave:", "vanished: wave-9\nwave:")
    assert stale(gone)[0] == ("s", "its passage is gone from the source")


def test_an_entity_rests_on_the_passage_of_the_memory_that_graduated_to_it() -> None:
    memory = RESTING.replace("id: mem-s", "id: mem-s\nstatus: graduated\ngraduated_to: ent-e")
    entity = "-- entities/e.md --\nid: ent-e\ntitle: e\ncreated: 2026-07-01\nprovenance: {record: mem-s}\n"
    assert stale(VAULT + memory + entity + SOURCE.format(wave=2, mass="5 kg"))[0][0] == "e"


@pytest.mark.parametrize("days", ["x", "-3", "1.5", "9999999", "²"])
def test_what_is_no_number_of_days_is_refused(days: str) -> None:
    with pytest.raises(AtocoreError) as refused:
        ask(VAULT, "stale", days)
    assert refused.value.code == "bad-value"


def test_nothing_stale_is_an_answer() -> None:
    assert "all 3 active records were looked at within 180 days" in ask(VAULT, "stale").notes[0]


def test_what_tells_no_time_of_its_own_counts_from_the_last_commit_of_a_person() -> None:
    vault = vault_of("-- memories/a.md --\nid: mem-a\ntitle: a\n-- memories/b.md --\nid: mem-b\ntitle: b\n")
    graph, query = graph_of(vault), query_called("stale")
    by_hand = Event("committed", "2026-01-05T00:00:00+00:00", "A <a@b.c>", "0" * 40, "weigh it")
    by_machine = Event("committed", "2026-06-30T00:00:00+00:00", "Bot <b@b.c>", "1" * 40, "reflow", True)
    past = Past(events={whole("mem-a"): (by_machine, by_hand)}, at="2026-07-01T00:00:00+00:00")
    asked = replace(put(query, graph, "90", "")[0], past=past)
    (row,) = answered(query, asked, commit="").rows or ()
    assert (row["title"], row["why"], row["day"], row["who"]) == (
        "a",
        "not looked at for 177 days",
        "2026-01-05",
        "A",
    )


def test_an_answer_that_finds_nothing_stale_ends_where_it_is_said() -> None:
    answer = ask("-- memories/a.md --\nid: mem-a\ntitle: a\n", "stale")
    assert answer.notes == ("all 1 active records were looked at within 180 days",)
