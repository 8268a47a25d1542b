"""Made-up secrets of the kinds that providers hand out, and what only looks like them, made anew by a seed.

No secret stands in a file: a row of `samples_*.txt` says how one is built, in a small language of patterns.
Plain text, `[a-z0-9]{32}` for so many random characters of a class, `{20,40}` for a random number of them,
`(a|b)` for a choice; `@P` is a password, `@U` a UUID, `@J` a JSON web token, `@B` what Basic sends. The first
word of a row is its provider or kind. In `samples_others.txt` the secrets stand between « and »; in the files
of others and look-alikes `\\n` is a line's end.
"""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PIECE = re.compile(r"\[(?P<cls>[^\]]+)\](?:\{(?P<least>\d+)(?:,(?P<most>\d+))?\})?|\((?P<choice>[^)]+)\)")
_UUID = "[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"
_JWT = "eyJ[a-zA-Z0-9]{33}.eyJ[a-zA-Z0-9]{80,200}.[a-zA-Z0-9_-]{43}"


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, and the secrets in it; without any the text must stay as it is."""

    kind: str
    text: str
    secrets: tuple[str, ...] = ()

    def leaks_in(self, out: str) -> bool:
        """Whether as much as eight characters of a secret (of a short one: six) are left in a redacted text,
        that were not elsewhere in the text too."""
        others = self.text
        for secret in self.secrets:
            others = others.replace(secret, "\0")
        return any(run in out and run not in others for secret in self.secrets for run in _runs(secret))


def _runs(secret: str) -> Iterator[str]:
    length = 8 if len(secret) >= 12 else min(6, len(secret))
    return (secret[at : at + length] for at in range(len(secret) - length + 1))


def rows(name: str) -> list[tuple[str, str]]:
    """The first word and the rest of each row of `samples_NAME.txt`."""
    text = Path(__file__).with_name(f"samples_{name}.txt").read_text("utf-8")
    return [(row.partition(" ")[0], row.partition(" ")[2]) for row in text.splitlines()]


def made(pattern: str, rng: random.Random) -> str:
    """A random text that fits the pattern."""
    out, at = [], 0
    for piece in _PIECE.finditer(pattern):
        out.append(pattern[at : piece.start()])
        at = piece.end()
        if piece["choice"]:
            out.append(rng.choice(piece["choice"].split("|")))
            continue
        least = int(piece["least"] or 1)
        letters = _letters(piece["cls"])
        out += [rng.choice(letters) for _ in range(rng.randint(least, int(piece["most"] or least)))]
    return "".join([*out, pattern[at:]])


def _letters(cls: str) -> str:
    found, at = "", 0
    while at < len(cls):
        if cls[at + 1 : at + 2] == "-" and at + 2 < len(cls):
            found += "".join(map(chr, range(ord(cls[at]), ord(cls[at + 2]) + 1)))
            at += 3
        else:
            found += cls[at]
            at += 1
    return found


BESIDE = (
    '{NAME}_API_TOKEN="{}"',
    "{NAME}_API_KEY={}",
    "export {NAME}_SECRET='{}'",
    '{"{name}_api_token": "{}"}',
    '  "{name}ApiKey": "{}",',
    "the {name} key = {} \nplease use it for the deploy and do not share it",
    "{name}_token: {}",
    "{name}:\n  api_key: {}\n  region: eu",
    '[{name}]\nsecret_key = "{}"\n',
    "const {name}Secret = '{}';",
    'self.{name}_api_key = "{}"',
    "my {name} token is {} ok?",
    "here is the {name} api key: {}",
    'curl -H "Authorization: Bearer {}" https://api.{name}.example/v1/me',
    "curl -H 'X-Api-Key: {}' https://api.{name}.example/v1/me",
    "--{name}-token {} --verbose",
    "ENV {NAME}_TOKEN {}",
    'set({name}_AUTH_TOKEN, "{}")',
    '{NAME}_CLIENT_SECRET: "{}"',
    "| {name} api key | `{}` |",
)
"""How a provider's secret stands beside its name; `{}` is the secret."""


def providers(seed: int, forms: int = 4) -> Iterator[Sample]:
    """Each provider's secrets in some of the forms."""
    rng = random.Random(seed)
    for name, row in rows("providers"):
        pattern = row.replace("@U", _UUID).replace("@J", _JWT)
        for form in rng.sample(BESIDE, forms):
            secret = made(pattern, rng)
            text = form.replace("{NAME}", name.upper()).replace("{name}", name).replace("{}", secret)
            yield Sample(f"provider:{name}", text, (secret,))


_PW = "[a-zA-Z0-9]{6}[!@#%^*_+-][a-zA-Z0-9]{5}"


def others(seed: int, times: int = 1) -> Iterator[Sample]:
    """Secrets in every other dress: addresses, connection strings, files, commands, headers, code, prose."""
    rng = random.Random(seed)
    for kind, form in rows("others") * times:
        secrets: list[str] = []

        def fill(piece: re.Match[str], found: list[str] = secrets) -> str:
            found.append(_special(piece[1], rng) or made(piece[1], rng))
            return found[-1]

        text = re.sub("«(.*?)»", fill, form.replace("\\n", "\n"))
        yield Sample(kind, text, tuple(secrets))
    yield from _private_keys(rng)


def _special(pattern: str, rng: random.Random) -> str:
    match pattern:
        case "@P":
            return made(_PW, rng)
        case "@U":
            return made(_UUID, rng)
        case "@J":
            return made(_JWT, rng)
        case "@B":
            return base64.b64encode(made(f"bob:{_PW}", rng).encode()).decode()
    return ""


def _private_keys(rng: random.Random) -> Iterator[Sample]:
    for kind in ("RSA ", "EC ", "OPENSSH ", "DSA ", "ENCRYPTED ", ""):
        body = [made("[a-zA-Z0-9+/]{64}", rng) for _ in range(5)]
        head, foot = f"-----BEGIN {kind}PRIVATE KEY-----", f"-----END {kind}PRIVATE KEY-----"
        for end in ("\n", "\r\n", "\\n", "\n    ", "\\\\n"):
            yield Sample("pem", f"key:{end}{head}{end}{end.join(body)}{end}{foot}{end}done", tuple(body))
        yield Sample("pem", f"{head}\n" + "\n".join(body), tuple(body))
        yield Sample(
            "pem", f'{{"private_key": "{head}\\n' + "\\n".join(body) + f'\\n{foot}\\n"}}', tuple(body)
        )
        quoted = "\n> ".join([head, *body, foot])
        yield Sample("pem", f"> {quoted}", tuple(body))
        headed = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n"
        yield Sample("pem", f"{head}\n{headed}" + "\n".join(body) + f"\n{foot}", tuple(body))
    body = [made("[a-zA-Z0-9+/]{64}", rng) for _ in range(8)]
    block = "\n".join(body)
    yield Sample(
        "pgp",
        f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{block}\n=ab1D\n-----END PGP PRIVATE KEY BLOCK-----",
        tuple(body),
    )
    versioned = f"Version: GnuPG v2\n\n{block}\n=ab1D"
    text = f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n{versioned}\n-----END PGP PRIVATE KEY BLOCK-----"
    yield Sample("pgp", text, tuple(body))
    yield Sample(
        "ppk",
        f"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 8\n{block}\nPrivate-MAC: x",
        tuple(body),
    )
    yield Sample(
        "pem",
        f"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{block}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
        tuple(body),
    )


def look_alikes(seed: int, times: int = 1) -> Iterator[Sample]:
    """Texts that hold no secret, however they look."""
    rng = random.Random(seed)
    for kind, form in rows("look_alikes") * times:
        form = form.replace("@U", _UUID).replace("\\n", "\n")
        plain = any(sign in form for sign in ("]{", "[a-", "[0-9]")) or kind == "uuid"
        yield Sample(kind, made(form, rng) if plain else form)
