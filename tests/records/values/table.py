"""Pairs of values as engineers write them, one a line, parted by ` | `. `SAME` mean the same; `TOGETHER` are
two things that can both be true; `APART` cannot, or nobody can tell that they do."""

from __future__ import annotations

SAME = """
5 kg | 5000 g
5 kg | 5.0 kg
5 kg | 5kg
5 KG. | 5 kg
**4.2 kg** | 4.2 kg
4,5 kg | 4.5 kg
1,250 rpm | 1250 rpm
1 250 rpm | 1250 rpm
1'250 rpm | 1250 rpm
12,345.5 N | 12345.5 N
12.345,5 N | 12345.5 N
0.35 t | 350 kg
2 tonnes | 2000 kilograms
16 oz | 1 lb
1 lb | 453.59237 g
3 mm | 0.3 cm
30 MM | 3 cm
25.4 mm | 1 in
25.4 mm | 1"
1½ in | 38.1 mm
1-1/2 in | 1.5 inches
3/8" | 0.375 in
-3 µm | −0.003 mm
12 um | 12 µm
12 microns | 0.012 mm
250 milliseconds | 0.25 s
5 megahertz | 5 MHz
500 nm | 0.5 µm
6 ft | 72 in
5 ft 3 in | 63 inches
1 nmi | 1852 m
80 thou | 2.032 mm
250 cm² | 0.025 m²
250 cm^2 | 250 cm2
1.5 L | 1500 ml
1.5 l | 1.5 litres
2 m³ | 2000 L
3 cc | 3 mL
1 ha | 10000 m²
90 s | 1.5 min
2 h 30 min | 150 min
1 h, 15 min and 30 s | 4530 s
2 weeks | 14 days
two weeks | 2 weeks
24 h | 1 day
24 months | 2 years
50 ms | 0.05 s
1500 ms | 1.5 seconds
100 MHz | 0.1 GHz
2.4 GHz | 2400 MHz
50 Hz | 0.05 khz
20 °C | 293.15 K
68 °F | 20 °C
20 degC | 20 degrees Celsius
-40 °C | -40 °F
0 °C | 273.15 K
15 m/s² | 15 m/s^2
9.81 m s^-2 | 9.81 m/s²
9.81 m s⁻² | 9.81 m/s/s
36 km/h | 10 m/s
120 kph | 120 km/h
2700 kg/m³ | 2.7 g/cm³
2700 kg m^-3 | 2700 kg/m3
5 N·m | 5 Nm
5 N*m | 5000 N·mm
0.9 W/(m·K) | 0.9 W/(m K)
1 bar | 100 kPa
5 kPa | 5000 Pa
101.325 kPa | 1 atm
60 cm H2O | 0.6 m H2O
60 cmH2O | 600 mmH2O
1013.25 mbar | 1013.25 hPa
12 V | 12000 mV
3.3V | 3.3 volts
0.5 A | 500 mA
4.7 kΩ | 4700 Ω
4.7 kOhm | 4.7 kΩ
10 MΩ | 10000 kΩ
100 nF | 0.1 µF
2.2 uH | 2200 nH
2200 mAh | 2.2 Ah
1.2 kW | 1200 W
3.6 MJ | 1 kWh
1 kW h | 1 kWh
7 % | 7 percent
7% | 7.0 %
50 ppm | 0.005 %
90° | 90 deg
1.5 deg | 90 arcmin
64 KiB | 65536 bytes
1.5 MB | 1500 kB
8 Mbit/s | 1 MB/s
8 Mbps | 1000 kB/s
1 Gbit/s | 1000 Mbps
12 V DC | 12000 mV DC
7 widgets | 7.0 widgets
4 pcs | 4
(1) | 1
3 | 3.0
+5 | 5
1e3 Hz | 1 kHz
4.2 × 10^3 m | 4.2 km
10⁻⁶ m | 1 µm
1.2e-3 | 0.0012
5 million cycles | 5000000 cycles
<= 4.5 kg | ≤ 4500 g
<= 4.5 kg | at most 4.5 kg
max. 4.5 kg | 4.5 kg max
up to 5 V | no more than 5 V
not more than 10 min | maximum 600 s
>= 2 V | at least 2000 mV
min. 2 V | 2 V min
2 V or more | ≥ 2 V
< 10 ms | less than 0.01 s
over 9 kN | > 9000 N
~50 ms | about 0.05 s
approx. 50 ms | ≈ 50 ms
ca. 3 kg | roughly 3000 g
2-5 V | 2..5 V
2–5 V | 2 V to 5 V
between 2 and 5 V | from 2 to 5 V
2000 mV - 5 V | 2-5V
-40 to 85 °C | -40..+85 °C
-40 °C to 85 °C | 233.15 K to 358.15 K
0 to 5 % | 0 % to 5 %
5-7 days | 5 to 7 days
4.2 ± 0.1 kg | 4.2 kg ± 100 g
4.2 +- 0.1 kg | 4.2 +/- 0.1 kg
4.2 kg ±0.1 kg | (4.2 ± 0.1) kg
5 V ± 5 % | 5 V ± 0.25 V
10 mm (+0.1/-0.05) | 10 +0.1/-0.05 mm
10 mm -0.05/+0.1 | 10 mm +0.1 -0.05
20 ± 2 °C | 20 °C ± 2 K
±5 V | ± 5000 mV
10 x 20 mm | 1 cm × 2 cm
10 x 20 x 30 mm | 10 mm x 20 mm x 30 mm
100 by 50 mm | 100 x 50 mm
5.50 / 10pk | 5.50/10
16.69/100pk | 16.69 / 100
12.50 / 10 | 1.25
12 EUR/m | 12 € / m
USD 5 | 5.00 USD
€12 | 12 EUR
6 in / 15 cm | 15 cm (6 in)
2026-11-28 | 28 November 2026
2026-11-28 | November 28, 2026
2026-11-28 | 28 Nov 2026
2026-11-28 | Nov. 28th, 2026
2026-11-28 | Saturday, 28 November 2026
2026-11-28 | 28.11.2026
2026-11-28 | 28/11/2026
2026-11-28 | 11/28/2026
2026-11-28 | 2026/11/28
2026-3-7 | 2026-03-07
28-Nov-2026 | '2026-11-28'
November 2026 | 2026-11
Q3 2026 | 2026-Q3
third quarter of 2026 | Q3/2026
2026-W09 | CW 9, 2026
2026-11-28T07:46:00Z | 2026-11-28 08:46+01:00
2026-11-28T07:46:00Z | 2026-11-28 07:46 UTC
2026-11-28 07:46 | 2026-11-28T07:46:00
5 pm | 17:00
5:30 PM | 17:30
yes | true
Yes | enabled
off | no
disabled | false
✓ | yes
v1.2 | 1.2
1.2 | 1.2.0
v2 | 2.0
version 3.11 | 3.11
1.4.0-rc1 | 1.4rc1
1.4.0-beta.2 | 1.4.0b2
CAN and SPI | SPI and CAN
CAN, SPI and UART | UART, CAN, SPI
USB; CAN; SPI | spi; usb; can
USB, UART | UART, USB
115.2 kBd | 115200 baud
30 fps | 30 frames per second
4x | 4
qty 4 | 4 pcs
x4 | 4
2' | 24"
5 VDC | 5 V DC
8 GB | 8000 MB
part_no_5 | part no 5
USB-C | USB C
M3x10 | M3 x 10
M3 x 10mm | M3x10 mm
stainless steel (316) | Stainless steel 316
every 50 ms | every 0.05 s
rated for 12 V and 2 A | rated for 12000 mV and 2.0 A
shipped on 28 November 2026 | Shipped on 2026-11-28.
expires after 7 days | expires after 7.0 days
3.3 V and 5 V | 5000 mV and 3.3 V
Ada Lovelace and Grace Hopper | Grace Hopper and Ada Lovelace
[data sheet](https://example.org/d/77) | https://example.org/d/77/
<https://Example.ORG/a> | https://example.org/a
HTTPS://example.org:443/x | https://example.org/x
[[Mirror cell]] | mirror cell
`FW_TASK_MAX` | FW_TASK_MAX
"Zerodur" | Zerodur
Zerodur. | zerodur
stepper_base | Stepper base
heat-set insert | heat set insert
black / red | black/red
Al 6061‑T6 | al 6061-t6
McMaster 5463K33 | mcmaster 5463k33
the **primary** mirror | the primary mirror
naïve | nai\u0308ve
ﬁbre | fibre
5 degrees C | 5 °C
25º C | 25 °C
25 ° C | 25 °C
77 deg F | 77 °F
1500 rev/min | 1500 rpm
1.5 krpm | 1500 rpm
10 kohms | 10 kΩ
10 kSPS | 10,000 samples/s
1 kS/s | 1000 sps
8-bit | 8 bit
40-pin | 40 pin
FreeRTOS v10.4.3 | FreeRTOS 10.4.3
Linux version 6.1 | Linux 6.1
Aluminium 6061-T6 | aluminum 6061-T6
carbon fibre | carbon fiber
/var/log/ | /var/log
"""

TOGETHER = """
4.2 kg | <= 4.5 kg
4200 g | <= 4.5 kg
4.5 kg | ≤ 4.5 kg
4.4 kg | < 4.5 kg
>= 2 V | <= 5 V
>= 2000 mV | <= 2 V
7 | <= 9
-40 °C | >= -55 °C
20 °C | <= 300 K
25 ms | > 0.024 s
3.3 V | 2-5 V
5 V | 2-5 V
3300 mV | between 2 and 5 V
4.25 kg | 4.2 ± 0.1 kg
4.2 kg | 4.2 kg ± 100 g
4.1 kg | 4.2 ± 0.1 kg
5.2 V | 5 V ± 5 %
10.05 mm | 10 mm (+0.1/-0.05)
2-5 V | <= 6 V
5 V ± 5 % | <= 5.5 V
4.1 to 4.3 kg | 4.2 ± 0.1 kg
~50 ms | 50 ms
~1.20 | 1.20
~1.2 | 1.20
about 50 ms | 52 ms
about 4.2 kg | 4.23 kg
about 50 ms | <= 60 ms
6in/15cm | 15cm
25.4 mm (1 in) | 1 in
64 KB | 64 KiB
8 GB | 8192 MB
0.5 MB | 512 KB
$5 | 5 USD
$4.50 | 4.5
4.97 | 4.97 USD
3.3 V | 3.3 V DC
5 ms typ | 5 ms
64 KB | 64 kB
85 C | 85 °C
68 F | 20 °C
5 mw | 5 mW
5 mw | 5 MW
15.00 / 10 | 1.50
3.12 | >= 3.11
3.11.4 | >= 3.11
12 days | 10 to 14 days
[Zerodur](https://example.org/z) | Zerodur
4k7 | 4.7 kΩ
4k7 | 4.7k
4K7 | 4700 ohm
4R7 | 4.7 Ω
10R | 10 Ω
4n7 | 4.7 nF
2u2 | 2.2 µF
3V3 | 3.3 V
5V0 | 5 V
1V8 | 1.5 to 2 V
10k | 10 kΩ
10K | 10 kΩ
10k | 10000
1M | 1 MΩ
1h30 | 90 min
1h30m | 1 h 30 min
RS-485 | RS485
GPIO 5 | GPIO5
5 A continuous | 5 A
"""

APART = """
5 kg | 50 kg
5 kg | -5 kg
5 kg | 5 g
5 kg | 5
5 kg | 5 lb
5.0 kg | 5.01 kg
3 mm | 3 cm
3 mm | 3 m
30 mm | 30 cm
12 V | 24 V
12 V | 12 mV
50 W | 50 kW
5 mW | 5 MW
5 mΩ | 5 MΩ
5 kPa | 5 Pa
5 Pa | 5 PSI
10 s | 10 ms
10 s | 10 min
10 m | 10 min
24 h | 24 min
90 days | 90 hours
90 days | 3 months
1 year | 365 days
30 days | 1 month
5 K | 5 °C
5 K | 5 kΩ
20 °C | 20 °F
20 °C | 20 K
1 GB | 1 GiB
64 kB | 64 KiB
100 Mbit/s | 100 MB/s
100 Mb | 100 MB
5 kB/s | 5 kbit/s
50 Hz | 50 kHz
3000 rpm | 3000 Hz
5 % | 0.05
5 % | 5
5 % | 5 ppm
10 dB | 10 dBm
10 dBm | 10 mW
5 hp | 3.7 kW
5 USD | 5 EUR
$5 | 5 EUR
$5 | 6 USD
$5 | 6
5 EUR | 6
8 GB | 8 GiB
8 GB | 8192 GB
5 N | 5 Nm
5 N/m | 5 N·m
5 m/s | 5 m/s²
5 W/m K | 5 W/(m K)
0.9 W/(m K) | 0.9 W/(m² K)
2700 kg/m³ | 2700 g/cm³
1,250 kg | 1.25 kg
1,5 kg | 15 kg
10⁶ cycles | 106 cycles
10^3E1 | 10^3
-10^3 Pa | 1 kPa
1½ mm | 11⁄2 mm
4.8 kg | <= 4.5 kg
4800 g | <= 4.5 kg
4.5 kg | < 4.5 kg
4.5 kg | > 4.5 kg
>= 6 V | <= 5 V
> 2 V | <= 2 V
<= 4.5 kg | <= 5 kg
<= 4.5 kg | < 4.5 kg
>= 2 V | >= 3 V
4 kg | <= 5
4 kg | <= 4.5 V
blue | <= 9 kg
1.9 V | 2-5 V
5.1 V | 2-5 V
2-5 V | 2-6 V
2-5 V | 1-5 V
2-5 V | <= 4 V
2-5 V | 2-5 mV
4.35 kg | 4.2 ± 0.1 kg
4.2 ± 0.1 kg | 4.2 ± 0.2 kg
4.2 ± 0.1 kg | 4.3 ± 0.1 kg
5 V ± 5 % | 5 V ± 10 %
5 V ± 5 % | <= 5.1 V
10 mm (+0.1/-0.05) | 10 mm (+0.05/-0.1)
±5 V | ±12 V
±5 V | 5 V
20 ± 2 °C | 20 ± 2 K
~50 ms | ~40 ms
~50 ms | 60 ms
about 100 kg | 149 kg
~50 ms | 50 s
10 x 20 mm | 20 x 10 mm
10 x 20 mm | 10 x 20 cm
10 x 20 mm | 10 x 20 x 5 mm
2 x 100 nF | 200 nF
55 / 3716cm² | 20.44 / m²
8.95 / 100 | 0.09
3/4 | 6/8
6in/15cm | 7 in
7 widgets | 7 gadgets
4 pcs | 6 pcs
2 h 30 min | 2 h 20 min
1.10 | 1.1
2.50 | 2.5
3.9 | >= 3.11
1.0.8 | 1.0.9
1.2 | 1.2.1
6.1 | 6.1.9
7.0.7 | 7.0.7.2
v1.2 | v2.1
1.2-rc1 | 1.2-rc2
1.2-rc1 | 1.2
1.26-eks-48 | 1.26-eks-49
24.04 | 24.4
2019 CU12 | 2019 CU13
R2 | R3
Rev A | Rev B
V5 | 5
12E4 | 120000
007 | 7
2026-11-28 | 2026-11-29
2026-11-28 | 2026-12-28
2026-11-28 | 2025-11-28
2026-11 | 2026-11-01
November 2026 | 2026-11-30
2026 | 2026-01-01
Q3 2026 | 2026-07-01
Q3 2026 | Q4 2026
Q3 2026 | Q3 2027
2026-W09 | 2026-09
03/04/2026 | 2026-03-04
03/04/2026 | 2026-04-03
28 November | 2026-11-28
28 Nov 26 | 2026-11-28
Sunday, 28 November 2026 | 2026-11-28
2026-02-30 | 2026-03-02
2026-11-28T07:46:00Z | 2026-11-28T07:46:00+01:00
2026-11-28T07:46:00Z | 2026-11-28T07:46:00
2026-11-28T00:00:00 | 2026-11-28
17:00 | 05:00
5 pm | 5 am
5 pm | 5 min
yes | no
true | false
enabled | disabled
on | off
yes | 1
true | 2026-11-28
none | no
CAN and SPI | CAN or SPI
CAN, SPI | CAN, UART
CAN, SPI | CAN, SPI, UART
CAN, SPI, SPI | CAN, SPI, I2C
Smith, John | John, Smith
10, 20, 30 | 30, 20, 10
1 mm, 2 mm | 2 mm, 1 mm
boot, then load | load, then boot
https://example.org/A | https://example.org/a
https://example.org/a | https://example.org/b
https://example.org/a?x=1 | https://example.org/a?x=2
[data sheet](https://example.org/a) | [data sheet](https://example.org/b)
5463K33 | 5463K3
IR2010-N02B | SRH3000-N02
M3 | M4
M4 x 10 | M4 x 12
GPIO17 | GPIO18
Zerodur | ULE
Zerodur | not Zerodur
Al 6061-T6 | Al 7075-T6
C | C++
C | C#
a | b
PTFE | Vanguard
Moto G23 | Motorola Moto G23
N/A | stepper_rotor
Ada Lovelace | Grace Hopper
10.0.0.1 | 10.0.0.2
every 50 ms | every 50 s
draws 5 mW | draws 5 MW
shipped on 2026-11-28 | shipped on 2026-11-29
5 V DC | 5 V AC
stainless steel (316) | stainless steel (304)
enabled by default | disabled by default
3 in stock | 3 inches
a pint | 1 pint
5 a day | 5 days
4k7 | 47 kΩ
4k7 | 4.9 kΩ
4k7 | 4k9
4n7 | 4.7 µF
10R | 10 kΩ
3V3 | 5 V
3V3 | 3V0
3V3 | 3 V
10k | 100k
10k | 10 km
1h30 | 1h45
1h30 | 90 s
RS-485 | RS-422
GPIO 5 | GPIO 15
8-bit | 16-bit
FreeRTOS v10.4.3 | FreeRTOS 10.5.0
v2 board | 2 boards
/etc/App.conf | /etc/app.conf
/dev/tty_a | /dev/tty-a
"""


def rows(table: str) -> list[tuple[str, str]]:
    """The pairs of a table."""
    lines = (line.encode().decode("unicode_escape") if "\\u" in line else line for line in table.split("\n"))
    return [(one, other) for line in lines if line for one, _, other in [line.partition(" | ")]]
