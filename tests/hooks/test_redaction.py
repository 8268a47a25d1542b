"""Secrets go, whatever they stand in; what only looks like one stays."""

from __future__ import annotations

import base64
import random
import string
import sys
from typing import Any

import pytest
from hook import DATA, needs_data

RNG = random.Random(20261122)
ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def rnd(length: int, letters: str = ALNUM) -> str:
    """A random run that has a digit, as nearly every real one does."""
    run = [RNG.choice(letters) for _ in range(length)]
    run[length // 2] = RNG.choice("23456789")
    return "".join(run)


def uuid() -> str:
    return "-".join(rnd(length, HEX) for length in (8, 4, 4, 4, 12))


def jwt() -> str:
    return f"eyJ{rnd(33)}.eyJ{rnd(80)}.{rnd(43, ALNUM + '_-')}"


def pem(kind: str) -> str:
    body = "\n".join(rnd(64, ALNUM + "+/") for _ in range(6))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"


TOKENS = {
    "aws-access-key": lambda: "AKIA" + rnd(16, string.ascii_uppercase + string.digits),
    "github-token": lambda: "ghp_" + rnd(36),
    "github-token fine": lambda: f"github_pat_{rnd(22)}_{rnd(59)}",
    "gitlab-token": lambda: "glpat-" + rnd(20),
    "slack-token": lambda: f"xoxb-{rnd(12, '123456789')}-{rnd(12, '123456789')}-{rnd(24)}",
    "slack-webhook": lambda: f"https://hooks.slack.com/services/T{rnd(8)}/B{rnd(8)}/{rnd(24)}",
    "stripe-key": lambda: "sk_live_" + rnd(24),
    "openai-key": lambda: "sk-proj-" + rnd(48, ALNUM + "_-"),
    "anthropic-key": lambda: "sk-ant-api03-" + rnd(93, ALNUM + "_-"),
    "huggingface-token": lambda: "hf_" + rnd(34),
    "google-api-key": lambda: "AIza" + rnd(35, ALNUM + "_-"),
    "google-oauth": lambda: "ya29." + rnd(60, ALNUM + "_-"),
    "npm-token": lambda: "npm_" + rnd(36),
    "pypi-token": lambda: "pypi-AgEIcHlwaS5vcmc" + rnd(60, ALNUM + "_-"),
    "twilio-key": lambda: "SK" + rnd(32, HEX),
    "sendgrid-key": lambda: f"SG.{rnd(22)}.{rnd(43)}",
    "mailgun-key": lambda: "key-" + rnd(32, HEX),
    "telegram-token": lambda: f"{rnd(10, '123456789')}:AA{rnd(33)}",
    "discord-token": lambda: f"MT{rnd(24)}.{rnd(6)}.{rnd(38)}",
    "digitalocean-token": lambda: "dop_v1_" + rnd(64, HEX),
    "shopify-token": lambda: "shpat_" + rnd(32, HEX),
    "terraform-token": lambda: f"{rnd(14)}.atlasv1.{rnd(67)}",
    "jwt": jwt,
    "private-key": lambda: pem(RNG.choice(["", "RSA ", "EC ", "OPENSSH "])),
}
AROUND = [
    "{}",
    "here is the value: {} -- keep it safe",
    '"{}"',
    "`{}`.",
    "(see {})",
    "token={}&x=1",
    "a\n{}\nb",
    "x/{}/y",
]


@pytest.mark.parametrize("label", TOKENS)
def test_tokens_known_by_their_shape(names: dict[str, Any], label: str) -> None:
    for around in AROUND:
        secret = TOKENS[label]()
        out = names["redact"](around.format(secret))
        assert secret[-12:] not in out, around
        assert "[REDACTED:" in out
    assert f"[REDACTED:{label.split()[0]}]" in names["redact"](f"take {TOKENS[label]()} now")


NAMED = [
    'api_key = "{}"',
    "API_KEY={}",
    "export SERVICE_SECRET='{}'",
    '{{"client_secret": "{}", "x": 1}}',
    '{{\\"access_token\\": \\"{}\\"}}',
    "authToken: {}",
    "apiKey: '{}',",
    "--token {}",
    "--api-key={}",
    "X-Api-Key: {}",
    "Authorization: Bearer {}",
    'curl -H "Authorization: token {}" https://example.org',
    "?access_token={}&page=2",
    "AccountKey={};EndpointSuffix=core",
    "the acme key = {} \nplease",
    "| secret | {} |",
    'token: str = "{}"',
    'os.environ["SECRET_TOKEN"] = "{}"',
    "<clientSecret>{}</clientSecret>",
    "the api key is {}.",
    "//registry.npmjs.org/:_authToken={}",
    "**Token:** `{}`",
    "  secret_key_base: {}",
]


@pytest.mark.parametrize("form", NAMED)
def test_random_values_beside_telling_names(names: dict[str, Any], form: str) -> None:
    for secret in (
        rnd(24),
        rnd(32, HEX),
        rnd(40),
        rnd(43, ALNUM + "-_"),
        rnd(20, string.ascii_lowercase + string.digits),
    ):
        out = names["redact"](form.format(secret))
        if "secret_key_base" not in form:
            assert secret not in out, out
            assert form.partition("{}")[0].replace("{{", "{") in out


PASSWORDS = [
    'password = "{}"',
    "DB_PASSWORD={}",
    "password: {}",
    "Password={};Database=x",
    "postgres://app:{}@db.internal:5432/prod",
    "redis://:{}@cache",
    "https://admin:{}@host/path",
    "amqp://guest:{}@rabbit",
    "mongodb+srv://u:{}@c0.mongodb.net/?retryWrites=true",
    "--password {}",
    "--password={}",
    "curl -u admin:{} https://host",
    "curl --user admin:{} https://host",
    "mysql -u root -p{} db",
    "sshpass -p {} ssh host",
    "app:{}@tcp(db:3306)/x",
    "my password is {}",
    "passwd: '{}'",
    '"pwd": "{}"',
    "<password>{}</password>",
    "SMTP_PASS={}",
]


@pytest.mark.parametrize("form", PASSWORDS)
def test_passwords(names: dict[str, Any], form: str) -> None:
    for secret in ("hunter2xyz", "Sup3rS3cret_DB_p4ss", "tr0ub4dor", "c0rrect-h0rse"):
        assert secret not in names["redact"](form.format(secret)), form


def test_basic_authorization_and_cookies(names: dict[str, Any]) -> None:
    basic = base64.b64encode(b"admin:correct horse").decode()
    assert basic not in names["redact"](f"Authorization: Basic {basic}")
    assert "a8f3b2" not in names["redact"]("Cookie: session=a8f3b2c9d1e0; theme=dark\nHost: x")
    assert names["redact"]("Set-Cookie: id=a3fWaxyz81; Path=/\nHost: x").endswith(
        "[REDACTED:cookie]\nHost: x"
    )


LOOK_ALIKES = [
    "TOKEN_BUDGET=200",
    "max_per_pass: 100000",
    "first-pass: 123456, MAX_PER_PASS=100000",
    "max_tokens: 4096, num_tokens=12345678",
    "commit 3fa8c2d9e1b04756a9c8d7e6f5a4b3c2d1e0f9a8",
    "see 434456e..87f686f",
    "session 4873b2b7-56f8-45b4-a25c-640ec1132176 resumed",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "integrity sha512-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC",
    "![x](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA/AKIAABCDEFGHIJKLMNOP+ghp_Zz9)",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@host",
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
    "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG\n-----END CERTIFICATE-----",
    "a PEM file starts with -----BEGIN RSA PRIVATE KEY----- on its first line, and then the body",
    "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
    "API_KEY=<your-key-here>",
    "api_key: YOUR_API_KEY",
    "secret: changeme",
    "password = getpass.getpass()",
    "password=********",
    "token = os.environ['TOKEN']",
    "token: process.env.GITHUB_TOKEN_2",
    'apiKey: "${API_KEY_2}"',
    "Authorization: Bearer $TOKEN",
    "Authorization: Bearer {{ token1 }}",
    "export TOKEN=${TOKEN1:-none}",
    "secret: !vault xxxxxxxxxxxx",
    "primary key = 4873b2b7-56f8-45b4-a25c-640ec1132176",
    "cache key: 9f86d081884c7d659a2feaa0c55ad015",
    "const csrfToken = document.querySelector(\"meta[name='csrf-token']\")?.getAttribute('content')",
    'thread_key = block["id"] || "tool-use-#{name}"',
    "def login(user: str, password: str | None = None) -> Token:",
    "private_key: ed25519.Ed25519PrivateKey, public_key: rsa.RSAPublicKey",
    "the password must have 12 characters and the token expires after 30 days",
    "sorted(items, key=lambda item: item[1])",
    "git@github.com:org/repo.git and ssh://git@github.com/org/repo1.git",
    "https://example.org/a/b?page=2#token",
    "use superpowers:subagent-driven-development for this",
    "sk-learn-style-estimators-and-more-words",
    "tokenizer=utf8_v2, keyboard=qwerty1, monkey: banana12, author: jane1984",
    "the key insight: we should use 3 replicas",
    "password: string",
    "key: value1",
    "lib/auth/token_store_v2.ex:12: unused variable",
    "postgres://user:password@localhost/db",
    "Basic authentication is off",
    "secretName: db-credentials-v2",
]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_stay(names: dict[str, Any], text: str) -> None:
    assert names["redact"](text) == text


def test_redaction_is_idempotent_and_keeps_the_rest(names: dict[str, Any]) -> None:
    text = "\n".join(form.format(rnd(24)) for form in NAMED + PASSWORDS)
    once = names["redact"](text)
    assert names["redact"](once) == once
    assert once.count("\n") == text.count("\n")
    assert once.count("[REDACTED:") >= len(NAMED + PASSWORDS) - 1


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("password=Tr0ub4dor&3xyz", "password=[REDACTED:password]"),
        ("?user=bob&password=Tr0ub4dor&page=3xyz", "?user=bob&password=[REDACTED:password]&page=3xyz"),
        ("Server=db;Pwd=abcd&02ARdn;Encrypt=True", "Server=db;Pwd=[REDACTED:password];Encrypt=True"),
        ("<Password>jjca9&amp;jaiwh0</Password>", "<Password>[REDACTED:password]</Password>"),
        ("PWD={r0mtJH!WWYp};UID=sa", "PWD={[REDACTED:password]};UID=sa"),
        ("DB_PASSWORD=a1b2c3d4 && make", "DB_PASSWORD=[REDACTED:password] && make"),
    ],
)
def test_where_a_password_ends(names: dict[str, Any], text: str, left: str) -> None:
    """A `&` ends it in an address only, where more names follow."""
    assert names["redact"](text) == left


@pytest.mark.parametrize(
    "text",
    [
        "def make_credentials(cls, universe_domain=service_account._DEFAULT_DOMAIN):",
        "return cls(credentials.signer, **kwargs)",
        "int getpwnam_r(const char *name, struct passwd **__restrict result);",
        "password:\n  v1alpha2:\n    description: the old form",
        "'EASession', 'EAWiFiUnconfiguredAccessory', 'EKAlarm'",
    ],
)
def test_code_of_others_stays(names: dict[str, Any], text: str) -> None:
    """What a rule touched in libraries before it was told apart."""
    assert names["redact"](text) == text


def test_letters_whose_small_form_is_longer(names: dict[str, Any]) -> None:
    assert names["redact"]("İİİ password: hunter2xyz İ") == "İİİ password: [REDACTED:password] İ"


UNITS = [
    "key=",
    "password=",
    'key="',
    '"key": ',
    "token ",
    "-----BEGIN PRIVATE KEY-----",
    "://",
    "a://b:c",
    ":A",
    "eyJ.",
]
UNITS += [
    "ghp_",
    "sk-a1-",
    "mysql -p",
    "curl -u",
    "cookie:a=",
    "basic ",
    "data:;base64,",
    "`\"'",
    "bearer ",
    ".",
    "İ",
    "cookie=a=",
    "*:*:",
    "a:5432:b",
    "creds: a:",
    "auth=(",
    "Private-Lines:",
    "BEGIN ",
    "@//",
    "key (",
    "password for ",
    "key value=",
    "echo --password-stdin",
    "PASSWORD=a1;",
    "login(",
    "connect(a,b,",
    "kind: secret\ndata:\n",
    "kind: secret\ndata:\n a: bcdefghi\n",
    '"kty"',
    '"kty":"d":"',
    "net use a b ",
    "?code=a1",
    "8Q~",
    "password:\n",
    "password=a&b",
    "user/pass: a/",
    "sqlplus a/b",
    "echo chpasswd ",
    "enable password 7 ",
]


@pytest.mark.parametrize("unit", UNITS)
def test_hostile_texts_come_to_an_end(names: dict[str, Any], unit: str) -> None:
    """A rule of quadratic cost would take minutes here; and a secret at the end is still found."""
    secret = "ghp_" + "a1B2c3D4" * 5
    assert secret not in names["redact"](unit * (200_000 // len(unit)) + "\n" + secret)


@needs_data
def test_the_development_samples(names: dict[str, Any]) -> None:
    sys.path.insert(0, str(DATA / "tools"))
    try:
        import secrets_io  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    found, touched, secrets, others = 0, 0, 0, 0
    for sample in secrets_io.load(DATA / "secrets" / "samples.jsonl.gz"):
        out = names["redact"](sample["text"])
        if sample["label"]:
            secrets += 1
            found += not secrets_io.leaked(sample["secret"], out)
        else:
            others += 1
            touched += out != sample["text"]
    assert found / secrets > 0.95
    assert touched / others < 0.01


def test_a_label_gives_nothing_of_the_token_away(names: dict[str, Any]) -> None:
    for row in names["PREFIXES"].strip().split("\n"):
        label, _, _, *starts = row.split()
        for start in starts:
            assert not any(start[at : at + 8] in label for at in range(len(start) - 7)), row
