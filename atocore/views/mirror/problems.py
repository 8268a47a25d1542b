"""What is wrong with single files, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atocore.records.problem import PROBLEMS, Problem, Severity
from atocore.views.mirror.frame import Page
from atocore.views.mirror.markdown import code, link, table, text
from atocore.views.mirror.material import Material
from atocore.views.mirror.names import page
from atocore.views.mirror.parts import INDEX_TITLE, ROWS_A_PAGE, counted, parted, turned

_ABOVE = ((INDEX_TITLE, page("index")),)
_HEAD = ("File", "What is wrong", "How to mend it")


def problems(material: Material, _: str) -> Iterator[Page]:
    """The problems, errors first."""
    found = sorted(
        material.problems, key=lambda p: (p.severity is not Severity.ERROR, p.path, p.line, p.code)
    )
    parts = parted(found, ROWS_A_PAGE)
    paths = [page("problems", number=number + 1) for number in range(len(parts))]
    told = f"{counted(len(found), 'problem')}. An error keeps its file out of knowledge."
    for at, (here, some) in enumerate(zip(paths, parts, strict=True)):
        lines = [told if found else "No problems.", ""]
        for severity in Severity:
            rows = [_row(here, problem) for problem in some if problem.severity is severity]
            lines += [f"## {str(severity).capitalize()}s", "", *table(_HEAD, rows)] if rows else []
        lines += turned(here, paths, at)
        newest = material.newest([problem.path for problem in some])
        yield Page(here, "Problems", lines, _ABOVE, len(some), newest, "mend the files")


def _row(here: str, problem: Problem) -> Sequence[str]:
    line = f", line {problem.line}" if problem.line else ""
    hint = f"{text(PROBLEMS[problem.code].hint)} ({code(problem.code)})"
    return (f"{link(problem.path, here, problem.path)}{line}", text(problem.message), hint)
