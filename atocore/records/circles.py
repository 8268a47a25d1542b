"""Circles in a graph of names. Knows nothing of what the names stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def circles(links: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """One circle of each strongly connected group: its nodes, each leading to the next and the last to the
    first, which is the smallest. A node that leads to itself is a circle. Linear in the links (from, to)."""
    arrows: dict[str, set[str]] = {}
    for start, end in links:
        arrows.setdefault(start, set()).add(end)
        arrows.setdefault(end, set())
    ordered = {node: sorted(ends) for node, ends in arrows.items()}
    found = (_way_round(group, ordered) for group in _groups(ordered))
    return tuple(sorted(way for way in found if way))


def _groups(arrows: Mapping[str, list[str]]) -> list[set[str]]:
    """The strongly connected groups of a graph (Tarjan 1972, without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    waiting: dict[str, None] = {}
    groups: list[set[str]] = []
    for root in sorted(arrows):
        work = [] if root in number else [(root, 0)]
        while work:
            node, place = work.pop()
            if place == 0:
                number[node] = low[node] = len(number)
                waiting[node] = None
            else:
                low[node] = min(low[node], low[arrows[node][place - 1]])
            for at in range(place, len(arrows[node])):
                end = arrows[node][at]
                if end not in number:
                    work += [(node, at + 1), (end, 0)]
                    break
                if end in waiting:
                    low[node] = min(low[node], number[end])
            else:
                if low[node] == number[node]:
                    groups.append(_taken(waiting, node))
    return groups


def _taken(waiting: dict[str, None], node: str) -> set[str]:
    """The nodes from `node` to the last one, taken off the stack."""
    group: set[str] = set()
    while node not in group:
        group.add(waiting.popitem()[0])
    return group


def _way_round(group: set[str], arrows: Mapping[str, list[str]]) -> tuple[str, ...]:
    """One shortest way from the group's smallest node back to it, () where the group is no circle."""
    start = min(group)
    came: dict[str, str] = {}
    layer = [start]
    while layer:
        reached = []
        for node in layer:
            for end in arrows[node]:
                if end == start:
                    return _back(came, node, start)
                if end in group and end not in came:
                    came[end] = node
                    reached.append(end)
        layer = reached
    return ()


def _back(came: Mapping[str, str], last: str, start: str) -> tuple[str, ...]:
    way = [last]
    while way[-1] != start:
        way.append(came[way[-1]])
    return tuple(reversed(way))
