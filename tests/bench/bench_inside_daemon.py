"""Parts that ask a running daemon over its socket: see `bench_inside.py`."""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from time import perf_counter

from bench_inside import main, spend

_LONGEST_SECONDS = 60.0
_PAUSE_SECONDS = 0.2


def sync(vault):
    """Wait until the daemon says that every index is in step."""
    start = perf_counter()
    while True:
        told = _ask(vault, "sync", {}, 600.0)
        if told is not None and told["in_step"]:
            return {"seconds": [perf_counter() - start]}
        if perf_counter() - start > 600.0:
            raise SystemExit(f"not in step: {told}")
        time.sleep(0.05)


def served(vault, queries, vectors):
    """Searches in the daemon, beside embedding the question and an exact scan of as many vectors."""
    import numpy as np

    from atocore.index.embedding import load_embedder

    model, found = load_embedder(), {}
    rows = np.random.default_rng(1).standard_normal((vectors, model.dimensions), dtype=np.float32)

    def alone(query):
        cosines = rows @ model.embed([query])[0]
        best = np.argpartition(cosines, -10)[-10:]
        return best[np.argsort(-cosines[best])]

    for number, query in enumerate([*queries[:5], *queries]):
        into = found if number >= 5 else {}
        spend(into, "floor", lambda query=query: alone(query))
        answer = spend(into, "ours", lambda query=query: _ask(vault, "search", {"query": query}))
        if answer is None or answer["mode"] != "hybrid":
            raise SystemExit(f"not answered by both halves: {answer}")
        found.setdefault("hits", []).append(len(answer["hits"]))
    return {"ours": found["ours"], "floor": found["floor"], "hits": found["hits"]}


def saved(vault, saves):
    """From a save to the answers that have it, by words and then by meaning; beside one embedding and one
    full-text commit."""
    import tantivy

    from atocore.index.embedding import load_embedder

    model, found = load_embedder(), {}
    writer, documents = _text_index(tantivy)

    def alone(text):
        model.embed([text])
        writer.add_document(tantivy.Document(body=text))
        writer.commit()
        documents.reload()

    for path, text, word, sentence in saves:
        place = Path(vault, path)
        spend(found, "floor", lambda text=text: alone(text))
        time.sleep(_PAUSE_SECONDS)
        start = perf_counter()
        _save(place, text)
        _until(vault, path, {"query": word, "words": True, "draft": True})
        found.setdefault("words", []).append(perf_counter() - start)
        _until(vault, path, {"query": sentence, "vectors": True})
        found.setdefault("ours", []).append(perf_counter() - start)
    return {name: found[name] for name in ("ours", "words", "floor")}


def _text_index(tantivy):
    schema = tantivy.SchemaBuilder().add_text_field("body", stored=True).build()
    documents = tantivy.Index(schema, path=tempfile.mkdtemp(dir=os.environ["HOME"]))
    return documents.writer(15_000_000, 1), documents


def _save(place, text):
    """As most editors do: written aside, and put in place."""
    draft = place.with_name(f"{place.name}.tmp")
    draft.write_text(text)
    draft.replace(place)


def _until(vault, path, args):
    """Ask until the saved version is found."""
    start = perf_counter()
    while perf_counter() - start < _LONGEST_SECONDS:
        answer = _ask(vault, "search", args) or {"hits": []}
        if any(hit["path"] == path and hit["draft"] for hit in answer["hits"]):
            return
    raise SystemExit(f"{path} was not found by {args}: {answer.get('notes')}")


def checkout(vault, branches):
    """From the start of a checkout until the daemon has every index in step, beside the checkout alone."""
    found = {}
    for branch in branches:

        def both(branch=branch):
            spend(found, "floor", lambda: _switch(vault, branch))
            sync(vault)

        spend(found, "ours", both)
    return {name: found[name] for name in ("ours", "floor")}  # the daemon's processor time is not in it


def _switch(vault, branch):
    subprocess.run(["git", "-C", vault, "checkout", "-q", branch], check=True)


def libraries(_vault, names):
    """The memory of an interpreter that imported these, in MB."""
    import importlib

    for name in names:
        importlib.import_module(name)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {"rss": [pages * os.sysconf("SC_PAGE_SIZE") / 1e6]}


def ask(vault, verb, args):
    """One question; how long the answer took."""
    start = perf_counter()
    if _ask(vault, verb, args, 600.0) is None:
        raise SystemExit(f"the daemon did not answer {verb}")
    return {"seconds": [perf_counter() - start]}


def _ask(vault, verb, args, seconds=30.0):
    from atocore.daemon.client import ask

    told = ask(vault, verb, args, seconds)
    if told is not None and "error" in told and told["error"]["code"] != "vault-busy":
        raise SystemExit(f"the daemon answered {verb} {args}: {told['error']}")
    return told.get("answer") if told is not None else None


if __name__ == "__main__":
    main(sync, served, saved, checkout, libraries, ask)
