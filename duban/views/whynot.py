"""Why rules have not spoken about an item or a unit, in the language of whoever looks."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from duban.output import as_moment
from duban.views.past import Past
from duban.views.view import View
from engine.book.compiled import CompiledRule
from engine.desk import Desk
from engine.grounds import Ground, Look, Term
from engine.whynot import Answer, rules_about_item, rules_about_unit, why_not_item, why_not_unit
from engine.words import say_period
from rules.time.period import parse_period
from store.office import Tx
from store.rows import FiringRow, ItemRow

Data = dict[str, Any]
VERDICTS = {True: "✓", False: "✗", None: "?"}
MOMENTS = 64  # desks that are kept: one for each moment that is asked about


class Backwards:
    """The office as it stood at any moment, and what had to be assumed to say so."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._pasts: list[Past] = []
        self.look: Look = lru_cache(maxsize=MOMENTS)(self._look)

    def _look(self, at: datetime) -> Desk:
        past = Past(self.view.reader, self.view.book, at)
        self._pasts.append(past)
        # A reader answers all that a desk asks, as long as nothing is written; and nothing is.
        return Desk(self.view.book, cast("Tx", past), {}, at)

    @property
    def assumed(self) -> list[str]:
        said = dict.fromkeys(text.in_(self.view.language) for past in self._pasts for text in past.assumed)
        return [*said]


def whynot_item(view: View, row: ItemRow, rule: CompiledRule | None) -> Data:
    backwards, begins = Backwards(view), beginning(view)
    rules = [rule] if rule is not None else rules_about_item(view.book, row.workflow)
    answers = [why_not_item(backwards.look, each, row.id, view.now, begins) for each in rules]
    return {
        "id": row.id,
        "title": row.title,
        "at": view.local(view.now),
        "rules": [answered(view, answer) for answer in answers],
        "assumed": backwards.assumed,
    }


def whynot_unit(view: View, unit: str, rule: CompiledRule | None) -> Data:
    backwards = Backwards(view)
    rules = [pair for pair in rules_about_unit(view.book, unit) if rule is None or pair[0].id == rule.id]
    answers = [unit_answer(view, backwards, unit, each, post) for each, post in rules]
    return {
        "id": unit,
        "title": view.name(unit),
        "at": view.local(view.now),
        "rules": answers,
        "assumed": [*backwards.assumed, *([said_now(view)] if answers else [])],
    }


def unit_answer(view: View, backwards: Backwards, unit: str, rule: CompiledRule, post: str | None) -> Data:
    answer = why_not_unit(backwards.look, rule, (unit, post), view.now, beginning(view))
    return answered(view, answer) | ({"post": view.name(post)} if post is not None else {})


def said_now(view: View) -> str:
    """Measures are asked of the store as of a moment, but items have only their present state and fields."""
    return view.pick(
        "指标按当时的日期重算；其中按状态、字段筛选的部分，用的是事项现在的状态和字段",
        "measures are counted as of then; where they go by states and fields, by those that items have now",
    )


def beginning(view: View) -> datetime:
    """Since when the office exists, by the first entry of its log."""
    return datetime.fromisoformat(next(iter(view.reader.audit_lines())).ts)


# ---------------------------------------------------------------- one rule


def answered(view: View, answer: Answer) -> Data:
    rule = answer.rule
    return {
        "rule": rule.id,
        "rule_label": view.label(rule.spec.label),
        "basis": rule.spec.basis,
        "occasion": rule.occasion,
        "spoke": [spoken_line(view, firing) for firing in answer.spoke],
        "asked": view.local(answer.asked),
        "period": period_name(view, answer.period),
        "grounds": [grounded(view, ground) for ground in answer.grounds],
        "next": view.local(answer.next_at),
    }


def spoken_line(view: View, firing: FiringRow) -> Data:
    return {"at": view.local(firing.at), "outcome": firing.outcome, "occasion": firing.occasion}


def period_name(view: View, id: str | None) -> str | None:
    if id is None:
        return None
    try:
        return say_period(parse_period(id), view.language)
    except ValueError:
        return id


def grounded(view: View, ground: Ground) -> Data:
    return {
        "code": ground.code,
        "said": view.pick(ground.zh, ground.en),
        "terms": [termed(view, term) for term in ground.terms],
    }


def termed(view: View, term: Term) -> Data:
    values = {name: view.pick(zh, en) for name, zh, en in term.values}
    return {"text": view.pick(term.zh, term.en), "holds": term.verdict, "values": values}


# ---------------------------------------------------------------- for people


def answer_lines(view_pick: Any, data: Data) -> Iterator[str]:
    """`view_pick`: how one of two languages is picked."""
    basis = view_pick(f"（{data['basis']}）", f" ({data['basis']})") if data["basis"] else ""
    whose = f"  {data['post']}" if data.get("post") else ""
    yield f"{data['rule']}  {data['rule_label']}{basis}{whose}"
    if data["spoke"]:
        times = view_pick("、", ", ").join(as_moment(each["at"]) for each in data["spoke"])
        yield "    " + view_pick(f"说过：{times}", f"has spoken: {times}")
    if data["period"] and data["grounds"]:
        asked = as_moment(data["asked"])
        yield "    " + view_pick(
            f"{asked} 就{data['period']}看过：", f"{asked} it looked at {data['period']}:"
        )
    for ground in data["grounds"]:
        yield f"    - {ground['said']}"
        for term in ground["terms"]:
            yield f"        {VERDICTS[term['holds']]} {term['text']}{_values(view_pick, term)}"
    if data["next"] is not None:
        yield "    " + view_pick(f"下一次：{as_moment(data['next'])}", f"next: {as_moment(data['next'])}")


def _values(view_pick: Any, term: Data) -> str:
    if not term["values"]:
        return view_pick("（未知）", " (not known)") if term["holds"] is None else ""
    found = view_pick("；", "; ").join(term["values"].values())
    return str(view_pick(f"（现为{found}）", f" (it is {found})"))
