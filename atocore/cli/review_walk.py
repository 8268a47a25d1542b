"""The walk through the queue at a terminal: shows a card, reads a key, carries out what it means, goes on.

Decides nothing itself: `app.review_session` knows what is next and what became of a decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import click

from atocore.cli.card import drawn
from atocore.cli.editor import edited, keep
from atocore.cli.keys import Keys
from atocore.cli.output import plural, shown
from atocore.cli.paper import Paper
from atocore.cli.review_view import everything
from atocore.errors import AtocoreError

if TYPE_CHECKING:
    from atocore.app.review_session import Outcome, ReviewSession, Shown
    from atocore.knowledge.review.card import Card, Side

REASONS = (
    "not true",
    "nobody decided it: a question, an example or a quotation",
    "not worth remembering",
    "too vague to be of use",
    "out of date",
)
"""Common reasons for a rejection, by their number."""
_WEEK_DAYS = 7
_PAST = {
    "promote": "promoted",
    "reject": "rejected",
    "put-off": "put off",
    "merge": "merged",
    "graduate": "graduated",
    "edit": "edited",
}


class Key(NamedTuple):
    """One key: its name in the prompt, what it does, and the method that does it."""

    name: str
    does: str
    act: Callable[[Walk, Shown], bool]


@dataclass(slots=True)
class Walk:
    """One session at a terminal, or over lines that come from elsewhere."""

    session: ReviewSession
    keys: Keys
    last_reason: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Go through the queue until it is empty or the person leaves."""
        while (shown_now := self.session.shown()) is not None:
            self.tell(self.session.news())
            self._draw(shown_now)
            try:
                if not self._answered(shown_now):
                    break
            except EOFError:
                self._say("")
                break

    def _answered(self, now: Shown) -> bool:
        """Ask until a key leads on; False where the person leaves."""
        while True:
            paper = Paper.here()
            for line in paper.items(_PROMPT):
                self._say(paper.style(line, dim=True))
            click.echo("> ", nl=False)
            pressed = self.keys.key()
            key = KEYS.get(pressed)
            if pressed == "q":
                self._say("quit")
                return False
            if key is None:
                self._say("")
                self._help() if pressed == "?" else self._draw(now)
                continue
            self._say(key.name)
            if key.act(self, now):
                return True

    def _draw(self, now: Shown, *, whole: bool = False) -> None:
        place = f"{now.position} of {now.of}"
        self._say("")
        for line in drawn(now.card, Paper.here(), place=place, whole=whole):
            self._say(line)

    def _help(self) -> None:
        paper = Paper.here()
        for pressed, key in KEYS.items():
            for line in paper.beside(f"  {pressed}  ", key.does):
                self._say(line)
        self._say("  q  leave; what was decided stays decided")
        self._say("  Return shows the card again")

    @staticmethod
    def _say(line: str) -> None:
        click.echo(line)

    def tell(self, lines: tuple[str, ...]) -> None:
        """What happened, as lines that stand out."""
        paper = Paper.here()
        for told in lines:
            for line in paper.beside("! ", shown(told)):
                self._say(paper.style(line, color="yellow"))

    # -- what the keys do -------------------------------------------------------------------------------

    def _decide(self, card: Card, verb: str, **said: str | tuple[str, ...]) -> bool:
        """Take a decision to the session; True: on to the next card, which may be this one again."""
        outcome = self.session.decide(card, verb, **said)
        self.tell(outcome.told)
        if outcome.done:
            self.counts[verb] += 1
            self._say(self._done(_PAST[verb], outcome))
            self._conflicts(outcome)
        return True

    def _done(self, what: str, outcome: Outcome) -> str:
        paper = Paper.here()
        if self.session.squash and outcome.written is None:
            return paper.style(f"{what} (commits at the end)", color="green")
        commit = outcome.written.commit if outcome.written else None
        return paper.style(f"{what}{f' in {commit[:10]}' if commit else ''}", color="green")

    def _conflicts(self, outcome: Outcome) -> None:
        for conflict in outcome.written.conflicts if outcome.written else ():
            values = " against ".join(member.value for member in conflict.members)
            self.tell((f"conflict {conflict.id} is open: {values}",))

    def promote(self, now: Shown) -> bool:
        """Accept; where that contradicts something, what is to become of that."""
        against = now.card.would_conflict
        replaced = tuple(side.id for side in against if side.layer != "L3")
        if not against:
            return self._decide(now.card, "promote")
        trusted = [side.id for side in against if side.layer == "L3"]
        if trusted:
            told = "trusted state stays: to change that, atocore state set; both kept, a conflict is recorded"
            self.tell((f"{', '.join(trusted)}: {told}",))
        choices = [f"s supersede {', '.join(replaced)}"] * bool(replaced)
        for line in Paper.here().items([*choices, "k keep both, in conflict", "any other: back"]):
            self._say(line)
        click.echo("> ", nl=False)
        answer = self.keys.key()
        self._say({"s": "supersede", "k": "keep both"}.get(answer, "back"))
        if answer == "s" and replaced:
            return self._decide(now.card, "promote", supersede=replaced)
        return self._decide(now.card, "promote") if answer == "k" else False

    def reject(self, now: Shown) -> bool:
        """Refuse, with a reason: a number of the list, own words, or the last one again."""
        for number, reason in enumerate(REASONS, 1):
            for line in Paper.here().beside(f"  {number}  ", reason):
                self._say(line)
        if self.last_reason:
            for line in Paper.here().beside("  Return  ", shown(f"again: {self.last_reason}")):
                self._say(line)
        answer = self.keys.line("why? ")
        if answer is None or not (answer or self.last_reason):
            return self._back()
        listed = answer.isascii() and answer.isdigit()
        if listed and not 1 <= int(answer) <= len(REASONS):
            self.tell((f"there is no reason {answer}",))
            return False
        self.last_reason = REASONS[int(answer) - 1] if listed else answer or self.last_reason
        return self._decide(now.card, "reject", why=self.last_reason)

    def edit(self, now: Shown) -> bool:
        """Correct the file in the person's editor; the card is shown again as it is then."""
        snapshot = self.session.text_of(now.card.id)
        try:
            text = edited(snapshot)
        except AtocoreError as error:
            self.tell((error.message, f"  -> {error.hint}"))
            return False
        if text == snapshot:
            self._say("nothing was changed")
            return False
        try:
            said = text.decode("utf-8")
        except UnicodeDecodeError:
            kept = keep(self.session.vault.local_folder(), now.card.id, text)
            self.tell((f"what was saved is not UTF-8; it is kept in {kept}",))
            return False
        before = self.counts["edit"]
        self._decide(now.card, "edit", text=said)
        if self.counts["edit"] == before:
            kept = keep(self.session.vault.local_folder(), now.card.id, text)
            self.tell((f"your text is kept: atocore edit {now.card.id} --from {kept}",))
        return True

    def merge(self, now: Shown) -> bool:
        """Let it leave in favour of a record that says the same."""
        listed = _candidates(now.card)
        paper = Paper.here()
        for number, side in enumerate(listed, 1):
            told = f"{side.id} {side.status}: {side.title}"
            for line in paper.beside(f"  {number}  ", shown(told), most=2):
                self._say(line)
        answer = self.keys.line("into which? a number, or an id: " if listed else "into which id? ")
        if not answer:
            return self._back()
        if answer.isascii() and answer.isdigit() and int(answer) <= len(listed):
            target = listed[int(answer) - 1].id if int(answer) else ""
        else:
            target = self.session.id_of(answer)
        if not target:
            self.tell((f"no record {answer}, or more than one",))
            return False
        return self._decide(now.card, "merge", into=target)

    def graduate(self, now: Shown) -> bool:
        """Make an entity candidate of a memory."""
        from atocore.records.kinds import ENTITY_TYPES

        if now.card.kind != "memory":
            self.tell(("only a memory graduates: this is an entity already",))
            return False
        usual = self.session.vault.usual_entity_type(now.card.id)
        types = [f"{number} {name}" for number, name in enumerate(ENTITY_TYPES, 1)]
        for line in Paper.here().items(types, between="  ", indent="  "):
            self._say(line)
        answer = self.keys.line(f"as which type? [{usual}] " if usual else "as which type? ")
        if answer is None or not (answer or usual):
            return self._back()
        named = answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(ENTITY_TYPES)
        return self._decide(
            now.card, "graduate", type=ENTITY_TYPES[int(answer) - 1] if named else answer or usual
        )

    def put_off(self, now: Shown) -> bool:
        """Leave it out of the queue for a week, or until a day."""
        today = date.fromisoformat(self.session.vault.now()[:10])
        usual = (today + timedelta(days=_WEEK_DAYS)).isoformat()
        answer = self.keys.line(f"until? a date, or a number of days [{usual}] ")
        if answer is None:
            return self._back()
        if answer.isascii() and answer.isdigit() and len(answer) <= 4:
            answer = (today + timedelta(days=int(answer))).isoformat()
        return self._decide(now.card, "put-off", until=answer or usual)

    def skip(self, now: Shown) -> bool:
        """Come back to it later."""
        self.session.skip(now.card)
        self.counts["skip"] += 1
        return True

    def undo(self, now: Shown) -> bool:
        """Take the last decision of this session back."""
        step = self.session.last
        outcome = self.session.undo()
        self.tell(outcome.told)
        if outcome.done:
            self.counts[step] -= 1
            commit = outcome.written.commit if outcome.written else None
            self._say(f"taken back{f' in {commit[:10]}' if commit else ''}")
        return outcome.done

    def view(self, now: Shown) -> bool:
        """Everything about it: the whole source, both sides in full, and its history."""
        paper = replace(Paper.here(), colours=False)  # not every pager lets colours through
        lines = everything(self.session, now.card, paper)
        text = "\n".join(lines) + "\n"
        if self.keys.at_terminal and len(lines) >= paper.rows:
            click.echo_via_pager(text)
        else:
            click.echo(text, nl=False)
        return False

    def _back(self) -> bool:
        self._say("back")
        return False

    def summary(self) -> str:
        """What was done, in one line."""
        done = [
            f"{_PAST.get(verb, 'skipped')} {number}" for verb, number in self.counts.items() if number > 0
        ]
        left = plural(self.session.left, "candidate")
        return f"{', '.join(done) or 'nothing decided'}; {left} still to decide"


def _candidates(card: Card) -> list[Side]:
    """The records that a candidate may be merged into, out of those on its card."""
    sides = (*card.resembles, *card.would_conflict)
    return [side for side in sides if side.status in ("active", "candidate")]


KEYS: Mapping[str, Key] = {
    "p": Key("promote", "promote: it is knowledge from now on", Walk.promote),
    "r": Key("reject", "reject, with the reason", Walk.reject),
    "e": Key("edit", "edit its file in your editor, then see it again", Walk.edit),
    "m": Key("merge", "merge: it leaves in favour of a record that says the same", Walk.merge),
    "g": Key("graduate", "graduate: propose it as an entity (a memory)", Walk.graduate),
    "o": Key("put off", "put off: not to be seen for a week, or until a day", Walk.put_off),
    "s": Key("skip", "skip: comes last the next time", Walk.skip),
    "u": Key("undo", "undo the last decision of this session", Walk.undo),
    "v": Key("view", "view everything: whole source, both sides, history", Walk.view),
}
_PROMPT = [*(f"{pressed} {key.name}" for pressed, key in KEYS.items()), "q quit", "? help"]
