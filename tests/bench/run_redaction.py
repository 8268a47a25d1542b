"""How many secrets the capture hook's rules find, and how many look-alikes they touch, by kind and label.

    python tests/bench/run_redaction.py                      # the figures
    python tests/bench/run_redaction.py --misses             # and every miss, every look-alike touched
    python tests/bench/run_redaction.py --seed 7 --text DIR  # other made-up samples; hits in a folder's text

A secret is found if no run of eight characters of it (of a short one: six) is left; a look-alike is touched
if its text changes. The labelled samples lie beside the checkout, in `shared/data`; without them the made-up
ones of `tests/hooks` are measured alone. Hits in other text are no errors by themselves: they are to be read.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter

HOOKS = Path(__file__).parents[1] / "hooks"
sys.path.insert(0, str(HOOKS))

import samples  # noqa: E402
from hook import DATA, script  # noqa: E402
from samples import Sample  # noqa: E402

_TEXT = (".md", ".txt", ".rst", ".py", ".js", ".ts", ".json", ".yaml", ".yml", ".toml", ".sh", ".c", ".h")
_SECRETS_IN = script()["secrets_in"]
_REDACT = script()["redact"]


def main() -> int:
    """Measure every set of samples, and tell."""
    options = _options()
    if DATA.is_dir():
        _tell("labelled samples", list(_labelled()), misses=options.misses)
    seed = options.seed
    _tell(f"providers, seed {seed}", list(samples.providers(seed)), misses=options.misses)
    _tell(f"other dresses, seed {seed}", list(samples.others(seed)), misses=options.misses)
    _tell(f"look-alikes, seed {seed}", list(samples.look_alikes(seed)), misses=options.misses)
    if options.text:
        _tell_text(options.text)
    return 0


def _labelled() -> Iterator[Sample]:
    sys.path.insert(0, str(DATA / "tools"))
    import secrets_io  # type: ignore[import-not-found]

    for sample in secrets_io.load(DATA / "secrets" / "samples.jsonl.gz"):
        secret = (sample["secret"],) if sample["label"] else ()
        yield Sample(f"{sample['source']}{'+' if secret else '-'}", sample["text"], secret)


def _tell(name: str, given: list[Sample], *, misses: bool) -> None:
    started = perf_counter()
    judged = [(sample, _REDACT(sample.text)) for sample in given]
    seconds, size = perf_counter() - started, sum(len(sample.text) for sample in given)
    wrong = [(sample, out) for sample, out in judged if not _right(sample, out)]
    print(f"\n{name}: {len(given)} samples, {seconds / (size / 1e6):.2f} s a MB\n")
    for secret, told in ((True, "secrets found"), (False, "look-alikes kept")):
        _table(told, [s for s in given if bool(s.secrets) is secret], [s for s, _ in wrong])
    _labels(given)
    for sample, out in wrong if misses else ():
        print(f"{'missed' if sample.secrets else 'touched'}  {sample.kind}: {out[:140]!r}")


def _right(sample: Sample, out: str) -> bool:
    return not sample.leaks_in(out) if sample.secrets else out == sample.text


def _table(told: str, given: list[Sample], wrong: list[Sample]) -> None:
    if not given:
        return
    of, lost = Counter(s.kind for s in given), Counter(s.kind for s in wrong if s in given)
    total, right = sum(of.values()), sum(of.values()) - sum(lost.values())
    print(f"{told:<24}{f'{right}/{total}':>12}{right / total:>9.4f}")
    for kind in sorted(of):
        if lost[kind] or len(of) < 20:
            share = 1 - lost[kind] / of[kind]
            print(f"  {kind:<22}{f'{of[kind] - lost[kind]}/{of[kind]}':>12}{share:>9.4f}")


def _labels(given: Iterable[Sample]) -> None:
    """By the label that a rule gives: how often it stood on a secret, and how often on a look-alike."""
    good: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    for sample in given:
        for start, end, label in _SECRETS_IN(sample.text):
            found = sample.text[start:end]
            hit = any(part in found or found in part for part in sample.secrets)
            (good if hit else bad)[label] += 1
    for label in sorted(bad):
        of = good[label] + bad[label]
        print(f"  label {label:<16}{f'{good[label]}/{of}':>12}{good[label] / of:>9.4f} precision")
    print(f"  {len(good)} labels: {sum(good.values())} places right, {sum(bad.values())} wrong")


def _tell_text(folder: Path) -> None:
    """What is found in text that nobody labelled."""
    hits = size = files = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _TEXT or not path.is_file():
            continue
        text = path.read_text("utf-8", "replace")[:1_000_000]
        files, size = files + 1, size + len(text)
        for start, end, label in _SECRETS_IN(text):
            hits += 1
            line = text.count("\n", 0, start) + 1
            print(f"{path.relative_to(folder)}:{line}: {label} {text[start:end][:60]!r}")
    print(f"\n{folder}: {files} files, {size / 1e6:.1f} MB, {hits} hits")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Recall and false alarms of redaction.")
    parser.add_argument("--misses", action="store_true", help="list what came out wrong")
    parser.add_argument("--seed", type=int, default=1, help="which made-up samples")
    parser.add_argument("--text", type=Path, metavar="DIR", help="also tell every hit in a folder's text")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
