"""Parts that commit: see `bench_inside.py`."""

import os
import subprocess
from pathlib import Path

from bench_inside import main, pages, read_all, spend

_WHO = "Bench <bench@example.org> 1795339920 +0000"


def batch(vault, files, times):
    """So many machine-made files in one commit, beside a bare fast-import of them on another branch."""
    from atocore.app import Vault
    from atocore.records.plan import Actor, Change, Message, Plan

    found = {}
    text = Path(pages(vault)[0]).read_bytes().split(b"---\n")[-1]
    with Vault.open(vault, actor=Actor.MACHINE) as opened:
        for number in range(times + 1):
            made = {
                f"reports/{number}/wave-{one:04}.md": b"# Report %d\n\n%s" % (one, text)
                for one in range(files)
            }
            changes = tuple(Change(path, None, raw) for path, raw in made.items())
            plan = Plan(changes, Message("bench: a batch", "ingest", Actor.MACHINE, wave=f"bench-{number}"))
            spend(found, "floor", lambda made=made: _import(vault, made))
            spend(found, "ours", lambda plan=plan: opened.repository.apply(plan))
    return {name: taken[1:] for name, taken in found.items()}


def _import(vault, made):
    lines = [f"commit refs/heads/bench-floor\ncommitter {_WHO}\ndata 5\nbench\nfrom HEAD^0\n".encode()]
    lines += [b"M 100644 inline %s\ndata %d\n%s\n" % (p.encode(), len(r), r) for p, r in made.items()]
    command = ["git", "-C", vault, "fast-import", "--quiet", "--force"]
    subprocess.run(command, input=b"".join(lines), check=True, env={**os.environ, "LC_ALL": "C"})


def sweep(vault, times):
    """A look at every slot when all conflict files are written, beside reading every page once."""
    from atocore.app import Vault
    from atocore.records.plan import Actor

    found = {}
    with Vault.open(vault, actor=Actor.MACHINE) as opened:
        made = opened.conflicts_sweep()
        for _ in range(times):
            spend(found, "floor", lambda: len(read_all(pages(vault))))
            spend(found, "ours", lambda: opened.conflicts_sweep(dry_run=True))
        found["slots"] = [len(list(opened.catalog.slots()))]
    return found | {"conflicts": [len(made.conflicts)]}


if __name__ == "__main__":
    main(batch, sweep)
