"""Plural endings: the singular of the last word of a name, where that is certain.

A closed set of endings and words, for English names. A word that may be no plural (`lens`, `status`, `ADCS`),
or whose plural means something else (`contents`, `windows`, `mains`), stays as it is: two names that mean
different things must never become one, and a plural that is not known only finds less.
"""

from __future__ import annotations

import re

_NO_PLURALS = """
lens news means series species summons bellows gallows barracks headquarters crossroads siemens mems
aocs ldaps imaps sips always towards kubernetes jenkins postgres mars contents glasses goods customs
premises damages grounds savings terms rights quarters sales securities utilities remains proceeds
odds clothes earnings bases axes ellipses leaves lives staves adams williams james philips roberts
richards stephens edwards daniels peters andrews michaels rogers evans owens simmons hughes jones
harris stevens matthews phillips collins hopkins jacobs
"""
"""Not plurals, plurals with a meaning of their own, plurals of two different words, people and companies."""
_NOT_ALONE = (
    "windows teams mains units minutes arms rails links looks scales works waters woods sands operations"
)
"""Plurals that mean something else as a whole name: `windows`, but `maintenance windows`."""
_BEHIND_VOWELS = """
cameras antennas areas formulas schemas replicas quotas deltas lambdas personas arenas agendas ideas
commas photos videos logos ratios servos radios repos demos memos scenarios portfolios zeros macros
gyros dynamos silos turbos studios apis skis menus gpus cpus imus psus metrics topics fabrics
clinics critics asics caches niches avalanches movies cookies calories zombies selfies genies pixies
"""
"""Plurals whose ending is as often none: `atlas`, `chaos`, `axis`, `status`, `optics`."""
_WITH_ES = """
lenses buses gases biases statuses viruses focuses canvases aliases atlases bonuses censuses
campuses apparatuses radiuses echoes torpedoes heroes vetoes potatoes tomatoes
"""
_GREEK = "analyses syntheses hypotheses theses crises parentheses"
_CLUSTERS = """
ck ct dd ff ft gg gh ght lb ld lf lk ll lm lp lt lth mb mp nd ng ngth nk nn nt nth ph pt rb rc rd rf
rk rl rm rn rp rr rt rth sk sp st th tt wd wl wn xt
"""
_KEPT = frozenset(_NO_PLURALS.split())
_KEPT_ALONE = frozenset(_NOT_ALONE.split())
_IRREGULAR = {
    **{plural: plural[:-1] for plural in _BEHIND_VOWELS.split()},
    **{plural: plural[:-2] for plural in _WITH_ES.split()},
    **{plural: plural[:-2] + "is" for plural in _GREEK.split()},
    "indices": "index",
    "matrices": "matrix",
    "vertices": "vertex",
    "vortices": "vortex",
    "appendices": "appendix",
    "criteria": "criterion",
    "phenomena": "phenomenon",
    "spectra": "spectrum",
    "radii": "radius",
    "foci": "focus",
    "loci": "locus",
    "formulae": "formula",
    "antennae": "antenna",
    "feet": "foot",
    "teeth": "tooth",
    "halves": "half",
    "shelves": "shelf",
    "knives": "knife",
    "wolves": "wolf",
}
_STEM = re.compile(
    rf"[a-z]*[aeiouy](?:[bcdfgklmnprtvw]|{'|'.join(_CLUSTERS.split())})"  # `motor`, `shaft`; `adc` is no word
    r"|[a-z]*[aeiou]y"  # `relay`
    r"|[a-z]*[aeiouy][a-z]*[b-df-hj-np-z]e|[a-z]+(?:ee|oe|ie|ue)"  # `valve`, `tree`
)
_SIBILANT = re.compile(r"[a-z]+(?:ss|sh|ch|x|zz)es")
_LAST_WORD = re.compile(r"(?:(?<= )|^)[a-z]{4,}$")


def singular(name: str) -> str:
    """A folded name with its last word in the singular, where it is a plural for certain."""
    match = _LAST_WORD.search(name) if name not in _KEPT_ALONE else None
    return name[: match.start()] + _one(match[0]) if match else name


def _one(word: str) -> str:
    if word in _IRREGULAR or word in _KEPT or not word.endswith("s"):
        return _IRREGULAR.get(word, word)
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > len("ties") and word[-4] not in "aeiou" else word
    if _SIBILANT.fullmatch(word):
        return word[:-2]
    kept = word.endswith(("ss", "us", "is", "os", "as", "ics"))
    return word[:-1] if not kept and _STEM.fullmatch(word[:-1]) else word
