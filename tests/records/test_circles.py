"""Circles in a graph: each is found once, and nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atocore.records.circles import circles

NODES = st.sampled_from("abcdef")
LINKS = st.lists(st.tuples(NODES, NODES), max_size=15)


def test_each_circle_is_told_from_its_smallest_node() -> None:
    links = [("c", "a"), ("a", "b"), ("b", "c"), ("x", "y"), ("y", "x"), ("s", "s")]
    assert circles(links) == (("a", "b", "c"), ("s",), ("x", "y"))


def test_what_leads_to_a_circle_from_it_or_between_two_is_no_part_of_it() -> None:
    links = [
        ("in", "a"),
        ("a", "b"),
        ("b", "a"),
        ("b", "mid"),
        ("mid", "x"),
        ("x", "y"),
        ("y", "x"),
        ("y", "out"),
    ]
    assert circles(links) == (("a", "b"), ("x", "y"))


def test_a_tree_has_none_however_deep() -> None:
    assert circles((str(n), str(n + 1)) for n in range(5000)) == ()


def reach(links: list[tuple[str, str]], start: str) -> set[str]:
    seen: set[str] = set()
    open_ = [start]
    while open_:
        node = open_.pop()
        new = {end for begin, end in links if begin == node} - seen
        seen |= new
        open_ += new
    return seen


@given(LINKS)
def test_a_node_that_leads_back_to_itself_has_a_circle_near(
    links: list[tuple[str, str]],
) -> None:
    found = circles(links)
    on_one = {node for node in "abcdef" if node in reach(links, node)}
    assert {node for way in found for node in way} <= on_one
    assert all({*reach(links, node)} & {n for way in found for n in way} for node in on_one)
    for way in found:
        assert all(pair in links for pair in zip(way, (*way[1:], way[0]), strict=True))


@given(LINKS)
def test_the_order_of_the_links_does_not_matter(links: list[tuple[str, str]]) -> None:
    assert circles(links) == circles(reversed(links))
