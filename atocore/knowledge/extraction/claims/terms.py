"""The nouns that name an attribute, with the words that belong to them: "peak power", "focal length", "port".

Knows words. Must not know sentences, or what is claimed. A row is a noun, the kind of value it takes, and the
nouns that may stand before it as a part of its name; adjectives such as "maximum" may stand before any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

QUANTITY, NUMBER, DATE, VERSION, PORT, WORD, PERSON, COUNT, ANY, MOMENT, PLACE = range(11)
"""What the value of an attribute is: a number with a unit, or even without, a day, a version, a port, a word,
the name of a person or firm, a number of things, any of these, an hour
of the day, a room or the like."""

_ROWS: tuple[tuple[int, str, str], ...] = (
    (
        QUANTITY,
        "mass weight volume area radius density energy capacity resistance capacitance"
        " inductance"
        " impedance stiffness stress strain angle torque humidity jitter offset drift level altitude"
        " elevation overhead roughness flatness gain noise clearance gap backlash preload stroke pitch"
        " attenuation dose brightness contrast",
        "moment dry wet net gross launch empty payload dead working mechanical thermal electrical"
        " specific phase"
        " signal axial radial bending shear yield surface storage tank",
    ),
    (QUANTITY, "length width height depth thickness diameter distance", "focal path stroke bore wall screen"),
    (
        QUANTITY,
        "wavelength bandwidth throughput latency duration delay lifetime lifespan uptime downtime",
        "network",
    ),
    (
        QUANTITY,
        "time",
        "response boot start-up startup settling rise fall dwell cycle reaction recovery exposure"
        " integration"
        " flight lead warm-up warmup cool-down cooldown cure curing setup hold transit transition run load"
        " closing opening loading backup reset sync failover hold-up shutdown charging charge discharge"
        " travel build processing operating flushing",
    ),
    (
        QUANTITY,
        "temperature",
        "cure melt set trip ambient surface storage working junction case survival melting curing inlet"
        " outlet color colour",
    ),
    (
        QUANTITY,
        "pressure",
        "opening closing cracking set output supply inlet outlet burst proof working vapor vapour"
        " differential back line gauge",
    ),
    (QUANTITY, "voltage", "supply input output breakdown bias cut-off cutoff charge threshold clamping"),
    (
        QUANTITY,
        "current",
        "trip charging supply input output quiescent inrush leakage holding stall charge discharge trip",
    ),
    (QUANTITY, "power", "output input transmit tx rf optical orbit-average heater electrical"),
    (
        QUANTITY,
        "consumption draw usage dissipation use",
        "power current energy fuel memory ram cpu disk heat water air",
    ),
    (
        QUANTITY,
        "rate",
        "data sample sampling bit baud frame refresh flow leak update error failure polling spin"
        " packet-loss"
        " scan tick duty repetition slew",
    ),
    (
        QUANTITY,
        "frequency",
        "sampling sample natural resonant clock carrier centre center cut-off cutoff switching",
    ),
    (QUANTITY, "speed velocity acceleration", "clock wind rotation rotational top cruise angular spindle"),
    (QUANTITY, "force load", "clamping axial radial wind snow pull-out breaking holding pre-load"),
    (
        QUANTITY,
        "range",
        "ambient operating storage measurement measuring dynamic temperature input output voltage"
        " frequency pressure",
    ),
    (
        QUANTITY,
        "accuracy precision resolution error tolerance uncertainty",
        "pointing positioning angular position",
    ),
    (QUANTITY, "margin", "phase gain safety link design mass power"),
    (
        QUANTITY,
        "efficiency availability reliability coverage",
        "code test compression gear aspect duty",
    ),
    (QUANTITY, "cycle", "duty"),
    (QUANTITY, "life", "design service shelf fatigue mission"),
    (
        QUANTITY,
        "period interval retention timeout age",
        "retention warranty sampling orbital notice polling service maintenance heartbeat update refresh"
        " calibration inspection replacement cleaning rotation review sync check connection read write"
        " session request data backup",
    ),
    (QUANTITY, "cost budget price fee", "unit mass power error link memory time"),
    (
        QUANTITY,
        "limit threshold",
        "temperature current voltage power speed memory time pressure mass load rate",
    ),
    (
        NUMBER,
        "soc size ratio factor coefficient constant index count yield level sensitivity spacing"
        " validity gradient slope"
        " score multiplier modulus hardness viscosity torsion inclination eccentricity azimuth"
        " declination"
        " conductivity emissivity reflectivity absorptance thrust impulse dose"
        " strength"
        " elongation"
        " aperture warranty rating cross-section porosity salinity turbidity dropout turnover headroom"
        " runway allowance surcharge"
        " discount",
        "page batch packet frame block sector heap stack code file step pixel font chunk compression"
        " gear aspect focal"
        " spring safety load lot log noise fill water oil thermal refractive specific tensile",
    ),
    (DATE, "deadline", ""),
    (MOMENT, "hour", "opening closing"),
    (PLACE, "location place", "storage mounting"),
    (DATE, "date", "release launch delivery due start expiry end shipping freeze"),
    (
        VERSION,
        "version release",
        "python java node rust firmware software hardware schema api protocol kernel os driver",
    ),
    (PORT, "port", "tcp udp http https grpc debug"),
    (
        WORD,
        "number",
        "part serial drawing model order article revision",
    ),
    (WORD, "address", "ip mac i2c ipv4 ipv6 bus"),
    (WORD, "url host hostname endpoint branch bucket cluster region path", "default aws cloud git base"),
    (
        WORD,
        "licence license colour color material alloy language protocol chemistry"
        " encoding format finish coating adhesive coolant lubricant connector framework toolchain"
        " time-zone timezone"
        " mode label codename",
        "base programming",
    ),
    (
        PERSON,
        "engineer manager reviewer approver contact operator inspector contractor coordinator architect"
        " customer supplier vendor manufacturer owner maintainer lead",
        "technical product project on-call quality safety systems lead",
    ),
)
_QUALIFIERS = (
    "maximum minimum max max. min min. total measured nominal rated peak average mean typical idle"
    " standby sleep"
    " allowed allowable permissible permitted required target overall effective inner outer internal"
    " external"
    " expected estimated actual worst-case steady-state static dynamic absolute relative usable upper lower"
    " continuous rms operating design default initial final normal planned median approximate"
    " primary secondary main"
)
_INSIDE = (  # what may as well be a part of the thing's name: "upper deck mass"
    "operating design default sleep static dynamic upper lower inner outer internal external initial final"
    " standby idle continuous relative absolute target normal primary secondary main usable"
)
_OF_TIME = {"version": ("latest", "current", "minimum", "required"), "release": ("latest", "current")}
_LEADING = frozenset(_QUALIFIERS.split()) - frozenset(_INSIDE.split())
_OWNERS = (  # what may own an attribute that it is also part of the name of
    "firmware software hardware api kernel driver os schema battery heater disk cpu tank link request"
    " stack heap"
    " code page network clock session connection backup"
)
_THINGS = frozenset(_OWNERS.split())
_SAME = {
    "max": "maximum",
    "max.": "maximum",
    "min": "minimum",
    "min.": "minimum",
    "mean": "average",
    "colour": "color",
    "license": "licence",
    "lifespan": "lifetime",
    "life": "lifetime",
    "startup": "start-up",
    "warmup": "warm-up",
    "cooldown": "cool-down",
    "cutoff": "cut-off",
    "centre": "center",
    "vapour": "vapor",
    "sampling": "sample",
    "vendor": "supplier",
    "hostname": "host",
    "tx": "transmit",
    "curing": "cure",
    "melting": "melt",
    "closure": "closing",
    "charge": "charging",
    "loading": "load",
    "polling": "poll",
    "pre-load": "preload",
}
_ALLOWED = frozenset(("allowed", "allowable", "permissible", "permitted"))
_PHRASES = (  # attributes whose name is no noun with what describes it
    (MOMENT, r"(?:start|end) time"),
    (DATE, r"end[ -]of[ -](?:life|(?:active |security |extended )?support)"),
    (DATE, r"date of the latest (?:version|release)"),
    (WORD, r"point of contact"),
    (
        QUANTITY,
        r"depth of discharge|cent(?:er|re) of (?:gravity|mass)|factor of safety|state of charge|time of"
        r" flight|angle of view|field of view|moment of inertia|rate of (?:climb|turn)",
    ),
    (QUANTITY, r"signal[ -]to[ -]noise ratio|time between failures"),
    (COUNT, r"number of (?!(?:the|our|this)\b)[\w-]+(?: [\w-]+)?"),
)
_PHRASE = tuple(
    (kind, re.compile(rf"(?:^|.* )(?P<name>{words})$", re.IGNORECASE)) for kind, words in _PHRASES
)
_HEADS = {head: (kind, frozenset(before.split())) for kind, heads, before in _ROWS for head in heads.split()}
_ANY = frozenset(_QUALIFIERS.split())
_DRAWN = re.compile(r"^((?:.* )?(?:power|current)) (?:consumption|draw|usage|use)$")


@dataclass(frozen=True, slots=True)
class Term:
    """What is left of a phrase before its attribute, the attribute in its one form, and its kind of value."""

    rest: str
    attribute: str
    kind: int


def split(phrase: str) -> Term | None:
    """Split "AI payload peak power" into "AI payload" and "peak power"; `rest` is "" where the phrase names
    an attribute and nothing else. None where it ends in no attribute.
    """
    for kind, pattern in _PHRASE:
        if match := pattern.match(phrase):
            name = re.sub(r"[\s-]+", " ", match["name"].casefold())
            return _led(phrase[: match.start("name")].strip(), [name], kind)
    words = phrase.split()
    head = words[-1].casefold() if words else ""
    if head not in _HEADS:
        return None
    kind, before = _HEADS[head]
    at = len(words) - 1
    allowed = before | _ANY | frozenset(_OF_TIME.get(head, ()))
    while at and words[at - 1].casefold() in allowed:
        at -= 1
    if at and words[at - 1].casefold() == "power" and words[at].casefold() == "supply":
        at += 1  # "the power supply voltage": of the power supply
    return _led(" ".join(words[:at]), [word.casefold() for word in words[at:]], kind)


def own(phrase: str) -> tuple[str, str, int] | None:
    """Split "request timeout" into "request" and "timeout" where the whole would belong to nothing."""
    first, _, last = phrase.partition(" ")
    term = split(last) if first.casefold() in _THINGS and last else None
    return (first, term.attribute, term.kind) if term and not term.rest else None


def named(attribute: str) -> str:
    """An attribute in its one form where it is known, as typed where not."""
    term = split(attribute)
    return term.attribute if term and not term.rest else attribute


def is_known(phrase: str) -> bool:
    """Whether a phrase names an attribute and nothing else."""
    term = split(phrase)
    return term is not None and not term.rest


def limited(attribute: str, sign: str) -> str:
    """The attribute that a limit is about: "mass" and "<=" give "maximum mass"; "" where it is a limit of the
    other side already.
    """
    if not sign:
        return attribute
    side, other = ("maximum", "minimum") if sign[0] == "<" else ("minimum", "maximum")
    if re.search(rf"\b{other}\b", attribute):
        return ""
    return attribute if re.search(rf"\b{side}\b", attribute) else f"{side} {attribute}"


def one_form(phrase: str) -> str:
    """An attribute in its one form, whatever its noun: "Max payload" is "maximum payload"."""
    return _one_form(phrase.casefold().split())


def _led(rest: str, words: list[str], kind: int) -> Term:
    """Take what qualifies the attribute from the front of the phrase, too: "total harness mass"."""
    front, left = [], rest.split()
    while left and left[0].casefold() in _LEADING:
        front.append(left.pop(0).casefold())
    return Term(" ".join(left), _one_form([*front, *words]), kind)


def _one_form(words: list[str]) -> str:
    same = [_SAME.get(word, word) for word in words]
    if "maximum" in same or "minimum" in same:
        same = [word for word in same if word not in _ALLOWED]
    name = " ".join(dict.fromkeys(same))
    name = _DRAWN.sub(r"\1 consumption", name)
    return {"time": "duration", "service lifetime": "lifetime", "due date": "deadline"}.get(name, name)
