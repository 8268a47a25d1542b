"""A stand-in for the bulk library: its three packages as files that a child process imports in no time.

What a text says, it does: `crash`, `hang`, `nan`, `raise`, `print`.
"""

from __future__ import annotations

from pathlib import Path

_FILES = {
    "torch/__init__.py": """
import contextlib
bfloat16, cpu = None, None
autocast = lambda *args, **options: contextlib.nullcontext()
""",
    "transformers/__init__.py": "",
    "transformers/utils/__init__.py": """
class logging:
    set_verbosity_error = disable_progress_bar = staticmethod(lambda: None)
""",
    "sentence_transformers/__init__.py": """
import os, sys, time
import numpy as np
print("loading")
class SentenceTransformer:
    def __init__(self, folder, device): ...
    def encode(self, texts, **options):
        rows = np.ones((len(texts), 384), dtype=np.float32)
        for text in texts:
            match text.split()[0]:
                case "crash": os._exit(3)
                case "kill": os.kill(os.getpid(), 9)
                case "hang": time.sleep(600)
                case "nan": rows[:] = np.nan
                case "raise": raise RuntimeError("not enough memory")
                case "print": os.write(1, b"noise"); print("noise", flush=True)
                case "priority": rows[:] = [[1 + (column == os.nice(0)) for column in range(384)]]
        return rows
""",
}


def write_fake_torch(folder: Path) -> None:
    """Write the packages where `sys.path` will find them first."""
    for name, text in _FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
