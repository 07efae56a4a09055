"""Why a rule spoke: one sentence with its clause, the values that were found and the items counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property

from engine.book.book import Book
from engine.book.compiled import CompiledRule
from engine.facts import Facts, Subject
from engine.privacy import withheld_facts
from engine.words import readable, say_day, say_moment, say_offset, say_value
from rules.cel import Condition, Language
from rules.shape import Label

SHOWN = 10  # items behind a rate or a rank
LIMITS = "params."  # what a condition holds its facts against is said by its value


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Which time this is, and the earlier ones."""

    nth: int
    cites: tuple[str, ...]
    label: Label  # of the measure that counts


@dataclass(frozen=True, kw_only=True)
class Because:
    book: Book
    rule: CompiledRule
    subject: Subject
    facts: Facts

    def of_rung(self, rung: int, due: datetime, language: Language, again: int = 0) -> str:
        """A ladder by time: until when, which rung was reached, and for which time."""
        moment = say_moment(self.book, due, language)
        step = self.rule.ladder[rung]
        offset = say_offset(step.offset, language)
        when = f"期限{moment}，{offset}" if language == "zh" else f"due {moment}, {offset}"
        if step.every is not None:
            every = step.every.text(language)
            when += (
                f"起每{every}，第{again + 1}次"
                if language == "zh"
                else f", then every {every}: no. {again + 1}"
            )
        reasons = self._reasons((self.rule.condition, step.condition), language)
        return self._sentence([when, *self._as_of(language), *reasons], language)

    def _as_of(self, language: Language) -> Iterator[str]:
        """From when the rule looks, where that is not now: a day, which is written as its beginning."""
        if self.rule.moment is None or self.subject.as_of is None:
            return
        day = self.subject.as_of.astimezone(self.book.zone).time() == time.min
        said = (say_day if day else say_moment)(self.book, self.subject.as_of, language)
        yield f"截至{said}" if language == "zh" else f"as of {said}"

    def of_occasion(self, counted: Counted | None, language: Language) -> str:
        """A period or an event, and for a ladder by count which time it is."""
        parts = [*self._as_of(language), *self._reasons((self.rule.condition,), language)]
        if counted is not None:
            parts.append(self._count(counted, language))
        return self._sentence(parts, language)

    def _count(self, counted: Counted, language: Language) -> str:
        cited = say_value(self.book, counted.cites, language) if counted.cites else ""
        label = counted.label.zh if language == "zh" else counted.label.en
        if language == "zh":
            return f"第{counted.nth}次（{label}" + (f"，此前：{cited}）" if cited else "）")
        return f"number {counted.nth} ({label}" + (f", before: {cited})" if cited else ")")

    def _sentence(self, parts: list[str], language: Language) -> str:
        label, basis = self.rule.spec.label, self.rule.spec.basis
        if language == "zh":
            return f"{label.zh}（{basis}）" + (f"：{'，'.join(parts)}" if parts else "") + "。"
        return f"{label.en} ({basis})" + (f": {', '.join(parts)}" if parts else "") + "."

    def _reasons(self, conditions: Iterable[Condition | None], language: Language) -> Iterator[str]:
        """The comparisons that held, with the values and the items behind them: where each is named last."""
        values = self.facts.values
        lines = [
            line
            for each in conditions
            if each is not None
            for line in zip(each.said(values, language, LIMITS), each.held(values), strict=True)
        ]
        last = {name: at for at, (_, read) in enumerate(lines) for name in read or ()}
        for at, (text, read) in enumerate(lines):
            if read is not None:
                found = [name for name in read if last[name] == at and not name.startswith(LIMITS)]
                yield text + self._found(found, language)

    @cached_property
    def _said(self) -> dict[Language, dict[str, object]]:
        """The facts as people may read them."""
        case, values = self.subject.case, self.facts.values
        workflow = case.row.workflow if case else None
        read: dict[Language, dict[str, object]] = {
            "zh": readable(self.book, workflow, values, "zh"),
            "en": readable(self.book, workflow, values, "en"),
        }
        return {language: dict(withheld_facts(self.book, workflow, said)) for language, said in read.items()}

    def _found(self, names: Iterable[str], language: Language) -> str:
        """`（现为3：PB-2020-0007）`: what was found, what that rests on, and the items counted."""
        found, said = [], self._said[language]
        for name in names:
            value = say_value(self.book, said[name], language)
            reason, items = self.facts.reasons.get(name), self._items(name, language)
            if language == "zh":
                rests = f"，{reason.zh}" if reason else ""
                found.append(f"现为{value}{rests}" + (f"：{items}" if items else ""))
            else:
                rests = f", {reason.en}" if reason else ""
                found.append(f"it is {value}{rests}" + (f": {items}" if items else ""))
        if not found:
            return ""
        return f"（{'；'.join(found)}）" if language == "zh" else f" ({'; '.join(found)})"

    def _items(self, name: str, language: Language) -> str:
        """What was counted; of what a rate or a rank is made of, only the first."""
        cites = self.facts.cites.get(name, ())
        if not cites:
            return ""
        many = name in self.facts.reasons and len(cites) > SHOWN
        items = say_value(self.book, cites[:SHOWN] if many else cites, language)
        return items + (("等" if language == "zh" else ", …") if many else "")
