"""The plain form of the settings: what it reads, YAML's parser reads the same."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from atocore.config import DEFAULTS, read_settings
from atocore.config_plain import read_plain
from atocore.config_text import settings_text

NAMES = st.sampled_from(["format", "capture", "mode", "a_b", "on", "yes", "y", "null", "x" * 70, "n0", "Été"])
SPELLINGS = """
 1; 01; 0; -1; 1.5; 1.; 1e5; 1_000; 0x1; 0o7; .inf; 12:30; 2026-01-01; true; True; no; off; on; null; ~; word
 two-words; two words;  two; "q"; 'q'; ""; "a # b"; "a\\n"; "a"b; "é"; é; word # told; word#; []; [a]; {a: 1}
 |; >; &a b; *a; !!str x; <<; \t1; "\x07";
"""
VALUES = st.sampled_from(["", " ", *SPELLINGS.strip("\n").replace("\n", ";").split(";")])
LINES = st.one_of(
    st.sampled_from(
        ["", "# told", "  # told", "    # told", "---", "...", "- a", "%x", "\ufeff", "text", "  "]
    ),
    st.builds(
        lambda indent, name, value: f"{indent}{name}:{value}",
        st.sampled_from(["", "  ", "   "]),
        NAMES,
        VALUES,
    ),
    st.builds(
        lambda indent, value: f"{indent}-{value}", st.sampled_from(["", "  ", "    ", "      "]), VALUES
    ),
    st.text(max_size=6),
)
TEXTS = st.builds(
    lambda lines, end: end.join(lines), st.lists(LINES, max_size=8), st.sampled_from(["\n", "\n", "\r\n"])
)


@given(TEXTS)
@example("capture:\n  mode: extract\n  mode: extract\n")
@example('ingest:\n  include:\n    # told\n    - "*.md"\n\n    - "b"\n  exclude: []\n')
@example('a:\n    - "b"\n')
@example('a:\n  b: 1\n    - "c"\n')
def test_what_is_read_plainly_is_what_yaml_reads(text: str) -> None:
    found = read_plain(text)
    if found is not None:
        assert (found or None) == yaml.safe_load(text)


def test_the_settings_as_they_are_written_are_plain() -> None:
    assert read_plain(settings_text()) == yaml.safe_load(settings_text())
    assert dict(read_settings(settings_text()).values) == dict(DEFAULTS.values)


@pytest.mark.parametrize(
    "text", ["", "format: 1\n", "capture:\n  mode: extract\n", "future:\n  colour: red\n"]
)
def test_ordinary_settings_are_plain(text: str) -> None:
    assert (read_plain(text) or None) == yaml.safe_load(text)


def test_settings_and_plain_headers_are_read_without_yaml() -> None:
    code = (
        "import sys\n"
        "from atocore.config import read_settings\n"
        "from atocore.config_text import settings_text\n"
        "from atocore.records.codec import read\n"
        "read_settings(settings_text())\n"
        "read('notes/a.md', b'---\\nid: note-0123456789ab\\nkind: note\\n---\\nText\\n', max_bytes=100)\n"
        "sys.exit('yaml' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
