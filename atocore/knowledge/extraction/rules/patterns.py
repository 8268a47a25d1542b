"""The wording that rules go by: headings of each kind, labels before a colon, binding words.

Knows words only. Headings are matched whole, folded by `normal_heading`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DENIED = (  # words before a noun that turn it into something else
    r"no|not|non|un\w+ed|rejected|obsolete|deprecated|superseded|removed|former|previous|old|invalid\w*"
    r"|violated|possible|potential|examples?|samples?|missing|open|future|related|alternatives?|options?"
    r"|hypothetical|wrong|understanding|writing|managing|gathering|changing|checking|challenging|breaking"
    r"|meeting|tracing|listing|add(?:ing)?|creat(?:e|ing)|defin(?:e|ing)|us(?:e|ing)|apply(?:ing)?"
    r"|specify(?:ing)?|configur(?:e|ing)|edit(?:ing)?|updat(?:e|ing)|remov(?:e|ing)|enforc(?:e|ing)"
    r"|implement(?:ing)?|handl(?:e|ing)|new|types?|kinds?|how|why|what|about|install\w*|build|dev|compil\w+"
    r"|python|dependency|cli|pr|pull|commit|merge|parent|traced"
)
_OF_CODE = (  # constraints that are a feature of a language or a tool
    r"(?:(?:the|supported|semantic|available|resource) )*(?:language|grammar|syntax"
    r"|compiler|versions?|semver|type|trait|schema|column|field"
    r"|table|sql|foreign|unique|check|topology|placement|affinity|lifetime|generic|data)"
)
_AFTER_AND = r"(?<!\band )(?<!\bor )(?<!& )(?<!/ )"  # "wiring and requirements" announces two things
_MODIFIERS = rf"(?:(?!(?:{_DENIED})\b(?!-functional))[\w/&,'+.-]+ ){{0,4}}{_AFTER_AND}"
_ABOUT = r"(?: (?:for|of|on|from|in|at|to|by) .{1,80}| \(.{1,60}\))?"
_AND = r" ?(?:and|&|/|,|or) ?"


def _nouns(*nouns: str) -> str:
    return rf"{_MODIFIERS}(?:{'|'.join(nouns)}){_ABOUT}"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


DECISION_HEADING = _any(
    r"(?!(?:related|rejected|open|pending|previous|past|former|other|superseded|deferred|future|possible"
    r"|no) )"
    r"(?:(?:the|our|final|my|main|key|major|important|design|architecture|architectural|architecturally"
    r"|technical|technology|team|project|product|engineering|significant|board|management|system|software"
    r"|hardware|mechanical|electrical|optical|interface|trade|taken|made|agreed|summary of|list of|record of"
    r"|log of) )*decisions?(?:[ -]?#?[0-9]{1,3})?"
    r"(?: (?:outcomes?|made|taken|reached|agreed|summary|result|statement|log|record|(?:and|&"
    r"|/) (?:rationale|justification|consequences?|reason(?:s|ing)?|outcome|actions?|implications?)))?"
    r"(?: (?:for|on|of|about) .{1,60}| \(.{1,60}\))?",
    r"(?:what )?we (?:have |'ve )?(?:decided|agreed|resolved)\b.{0,60}|what (?:was|is|has been) decided"
    r"|decided",
    r"(?:chosen|selected|accepted|agreed|adopted|preferred) (?:option|solution|approach|alternative|design"
    r"|concept|proposal|variant|technology|architecture)(?: (?:and|&) (?:rationale|justification|reasons?))?",
    r"(?:agreements|resolutions)(?: (?:made|reached|passed))?|agreed (?:actions|points)",
    r"(?:(?:die|unsere|getroffene|gewählte) )*(?:(?:architektur|entwurfs)?entscheidung(?:en)?|beschlüsse"
    r"|beschluss|lösung)"
    r"(?: und begründung)?|(?:(?:la|les|notre) )*décisions?(?: (?:prises?|retenues?))?|(?:(?:la"
    r"|las) )*decisi[oó]n(?:es)?(?: tomadas?)?|(?:(?:a|as) )*decis(?:ão|ões)(?: tomadas?)?|decisioni?e?",
)
PROPOSAL_HEADING = re.compile(
    r"(?:(?:the|our|final) )?(?:proposal|proposed (?:solution|approach|decision|design|change)|what(?:'s"
    r"| is) proposed|what(?: is this)?|recommendation)"
)
RESOLUTION_HEADING = re.compile(r"(?:the |final |agreed )?resolution")
REQUIREMENT_HEADING = _any(
    _nouns("requirements?", "acceptance criteria"),
    r"(?:functional |system |software |design |user |goals and |needs and |use cases and )?requirements?"
    rf"{_AND}(?:constraints?|verification|rationale|specifications?|acceptance criteria|needs|traceability)",
    r"(?:goals|needs|use cases|constraints|features) and requirements",
    r"shall[- ]statements|reqs?",
    r"(?:(?:nicht[- ]?)?(?:funktionale|technische) )*anforderung(?:en)?(?: an .{1,60})?"
    r"|(?:les )?exigences?(?: .{1,40})?|requisitos?(?: (?:no |não )?(?:funcionales|funcionais|técnicos))?"
    r"|requisiti(?: .{1,40})?",
)
CONSTRAINT_HEADING = _any(
    rf"(?!(?:{_OF_CODE})\b)" + _nouns("constraints?", "restrictions?", "boundary conditions"),
    rf"(?:(?:design|technical|project|general|known|system) )?(?:constraints?|limitations?){_AND}"
    r"(?:constraints?|limitations?|restrictions?|assumptions?|boundary conditions|dependencies|guidelines"
    r"|rules)",
    r"(?:technische |organisatorische )*(?:rand|rahmen)bedingungen|einschränkungen"
    r"|(?:les )?contraintes?(?: .{1,40})?|restricciones|restrições|vincoli",
)
LIMITATION_HEADING = _any(
    r"(?!.*\b(?:of|to|in) (?:this|the|our) (?:run|tests?|study|analysis|paper|review|survey|claims?|report"
    r"|method|compliance|experiments?|evaluation)\b)" + _nouns("limitations?")
)
ASSUMPTION_HEADING = _any(
    _nouns("assumptions?", "presuppositions?", "working hypotheses"),
    rf"(?:(?:design|technical|project|general|key) )?assumptions?{_AND}(?:dependencies|constraints?"
    rf"|limitations?"
    r"|preconditions|prerequisites|conditions|conventions|simplifications)",
    r"we assume(?: that)?|what we assume",
    r"annahmen?|(?:les )?hypothèses?|suposiciones|supuestos|premissas|pressupostos|ipotesi",
)

BINDING = re.compile(
    r"\b(?:shall|must|should|is required to|are required to|has to|have to)\b", re.IGNORECASE
)

Y_STATEMENT = re.compile(
    r"\W*in the context of [^<>]{3,300}?\bfacing [^<>]{3,300}?\b(?:we|i|the team) (?:have )?(?:decided"
    r"|chose|opted|selected|agreed|will)\b[^<>]{3,}",
    re.IGNORECASE,
)


def label(words: str) -> re.Pattern[str]:
    """A label with or without a number or an id, plain or emphasised, and its colon."""
    number = r"(?:\s+\#?(?P<id>[A-Z]{0,12}[-_.]?\d[\w.-]{0,20}?))?"
    colon = r"[*_]{0,3}\s*[:：]\s*[*_]{0,3}|[*_]{2,3}\s*[-–—.]\s+|[*_]{2,3}\s*$"
    return re.compile(rf"\s*[*_]{{0,3}}(?:{words}){number}\s*(?:{colon})\s*", re.IGNORECASE)


LABELS: Mapping[str, re.Pattern[str]] = {
    "decision": label(
        r"(?:final |key |our )?decisions?(?: (?:made|taken|outcome))?|decided|entscheidung|beschluss"
        r"|décision|decisi[oó]n|decisão"
    ),
    "requirement": label(r"requirements?|req|anforderung|exigence|requisito"),
    "constraint": label(
        r"(?:(?:hard|design|known) )?(?:constraints?|limitations?|restrictions?)|randbedingung|contrainte"
        r"|restricción|restrição"
    ),
    "assumption": label(r"(?:(?:key|design|working) )?assumptions?|annahme|hypothèse|supuesto|premissa"),
}
CHOSEN_LABEL = label(r"(?:chosen|selected|agreed) (?:option|solution|alternative|approach)s?")
