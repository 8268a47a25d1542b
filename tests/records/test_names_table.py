"""Names of real things: pairs that are one name, and pairs that must never become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.records.slots import normal_name, normal_thing

ONE = """
primary mirror | Primary Mirror
primary mirror | PRIMARY-MIRROR
primary mirror | primary_mirror
primary mirror | the primary mirror
primary mirror | The  Primary\tMirror
primary mirror | ｐｒｉｍａｒｙ　ｍｉｒｒｏｒ
primary mirror | primary mirrors
audit log | audit logs
audit log | the audit-logs
set-point | set point
set‑point | set-point
end–effector | end effector
supplier's drawing | supplier’s drawing
naïve filter | naïve filter
soft­ware | software
Ångström scale | Ångström scale
ﬁlter wheel | filter wheel
reaction wheel | reaction wheels
star tracker | star trackers
solar array | solar arrays
battery | batteries
control assembly | control assemblies
natural frequency | natural frequencies
relay | relays
gearbox | gearboxes
limit switch | limit switches
mesh | meshes
radio mast | radio masts
wiring harness | wiring harnesses
roof truss | roof trusses
process | processes
pressure class | pressure classes
relief valve | relief valves
pressure gauge | pressure gauges
drive axle | drive axles
node | nodes
fuse | fuses
phase | phases
bearing | bearings
flange | flanges
bolt | bolts
shaft | shafts
weld | welds
pump | pumps
beam | beams
bulkhead | bulkheads
thermocouple | thermocouples
heat exchanger | heat exchangers
stepper motor | stepper motors
LED | LEDs
camera | cameras
antenna | antennas
antenna | antennae
database schema | database schemas
replica | replicas
API | APIs
servo | servos
gyro | gyros
lens | lenses
bus | buses
test axis | Test Axis
inertia matrix | inertia matrices
acceptance criterion | acceptance criteria
structural analysis | structural analyses
gear tooth | gear teeth
landing foot | landing feet
mounting rail | mounting rails
robot arm | robot arms
maintenance window | maintenance windows
control unit | control units
tree | trees
an actuator | actuator
a valve | the valve
A-frame | a-frame
"""

APART = """
gas | ga
bus | bu
lens | len
status | statu
class | clas
analysis | analysi
axis | axi
axis | axes
base | bases
basis | bases
chassis | chassi
series | serie
species | specie
news | new
optics | optic
electronics | electronic
mechanics | mechanic
hydraulics | hydraulic
dynamics | dynamic
ADCS | ADC
AOCS | AOC
GNSS | GNS
MEMS | MEM
HTTPS | HTTP
FTPS | FTP
LDAPS | LDAP
RTOS | RTO
SaaS | Saa
contents | content
moisture contents | moisture content
windows | window
Teams | team
mains | main
glasses | glass
units | unit
minutes | minute
means | mean
customs | custom
goods | good
grounds | ground
premises | premise
damages | damage
terms | term
rights | right
quarters | quarter
scales | scale
operations | operation
securities | security
utilities | utility
clothes | cloth
arms | arm
rails | rail
leaves | leaf
lives | life
Williams | William
Philips | Philip
Siemens | Siemen
atlas | atla
canvas | canva
chaos | chao
bias | bia
radius | radiu
apparatus | apparatu
corpus | corpu
process | proces
stress | stres
mass | mas
loss | los
universe | university
organ | organization
operate | operation
mirror | mirrored
primary mirror | primary mirror cell
primary mirror | mirror
M1 | M2
M1 | M11
M1 | Ml
A-frame | frame
A-arm | arm
part 10 | part 1
part 1.0 | part 10
rev A | rev B
setpoint | set point
lookup | look up
10⁶ counter | 106 counter
M½ | M12
μ | m
α | a
O2 sensor | 02 sensor
channel 5 | channels
units of measure | unit of measurement
π-filter | filter
naive filter | naïve filter
"""


def pairs(table: str) -> list[tuple[str, str]]:
    rows = [line.split(" | ") for line in table.strip().splitlines()]
    return [(row[0], row[1]) for row in rows if len(row) == 2]


@pytest.mark.parametrize(("one", "other"), pairs(ONE))
def test_one_thing_in_two_writings_is_one(one: str, other: str) -> None:
    assert normal_thing(one) == normal_thing(other)


@pytest.mark.parametrize(("one", "other"), pairs(APART))
def test_two_things_are_never_one(one: str, other: str) -> None:
    assert normal_thing(one) != normal_thing(other)


def test_the_tables_are_as_large_as_they_should_be() -> None:
    assert min(len(pairs(ONE)), len(pairs(APART))) >= 60


@pytest.mark.parametrize(
    ("one", "other"), [("channels", "channel"), ("retries", "retry"), ("teeth", "tooth")]
)
def test_an_attribute_keeps_its_plural(one: str, other: str) -> None:
    assert normal_name(one) != normal_name(other)


TYPED = st.one_of(
    st.text(max_size=12),
    st.text("aAn-_ thesSiIy’\u00ad‐éoxzcu", max_size=12),
    st.sampled_from([name for pair in pairs(ONE) + pairs(APART) for name in pair]),
)


@given(TYPED)
def test_a_name_that_is_normal_stays_as_it_is(name: str) -> None:
    assert normal_name(normal_name(name)) == normal_name(name)
    assert normal_thing(normal_thing(name)) == normal_thing(name)


@given(TYPED)
def test_case_and_spacing_never_matter(name: str) -> None:
    assert normal_thing(f"  {name}\t") == normal_thing(name)
    if name.isascii():
        assert normal_thing(name.upper()) == normal_thing(name.lower())
