"""What the comparison promises, for any index and any vault."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from atocore.index.reconcile import compare

PATHS = st.sampled_from(["a.md", "b.md", "c.md", "d/e.md", "d/f.md"])
VERSIONS = st.dictionaries(PATHS, st.sampled_from(["1", "2", "3"]))


def test_each_path_is_added_changed_removed_or_left_alone() -> None:
    difference = compare(
        {"same": "1", "changed": "1", "gone": "1"}, {"same": "1", "changed": "2", "new": "1"}
    )
    assert (difference.adds, difference.changes, difference.removals) == (("new",), ("changed",), ("gone",))
    assert difference.fresh == ("new", "changed")
    assert difference
    assert not compare({"same": "1"}, {"same": "1"})


def test_what_could_not_be_looked_at_is_neither_taken_in_nor_removed() -> None:
    unseen = {"held": "no right", "new": "no right"}
    difference = compare({"held": "1"}, {"new": "1"}, unseen)
    assert not difference
    assert difference.unknown == unseen


@given(VERSIONS, VERSIONS, st.dictionaries(PATHS, st.just("no right")))
def test_taking_a_difference_in_leaves_nothing_but_what_is_unknown(
    held: dict[str, str], there: dict[str, str], unseen: dict[str, str]
) -> None:
    difference = compare(held, there, unseen)
    after = {path: there[path] if path in difference.fresh else version for path, version in held.items()}
    after |= {path: there[path] for path in difference.adds}
    after = {path: version for path, version in after.items() if path not in difference.removals}
    seen = {path: version for path, version in there.items() if path not in unseen}
    kept = {path: version for path, version in held.items() if path in unseen}
    assert after == seen | kept
    assert not compare(after, there, unseen)
