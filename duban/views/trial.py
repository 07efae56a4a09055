"""What a trial of a book shows: what was replayed, what differs, what is coming."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from duban.output import Listing
from duban.texts import Language, Text
from engine.book.book import Book
from engine.forecast import Coming
from engine.history import History
from engine.replay import Replayed
from engine.words import name_of
from engine.world import Difference, World, compare, compare_counts

Data = dict[str, Any]
FATES = {
    "done": Text("照样办成", "done again"),
    "refused": Text("此书不许", "refused by this book"),
    "no_object": Text("此书没有这件事项", "no such item under this book"),
    "nobody": Text("没有可以办的人", "nobody may do it"),
}
SHOWN = 20  # of what did not happen again; programs get all of it
CAVEAT = Text(
    "重演中人们照旧做当时做过的事，即使按此书他们会另有做法。",
    "In a replay people do what they did then, also where this book would have had them act otherwise.",
)


def backtest_data(book: Book, history: History, replayed: Replayed, summary: Data) -> Data:
    return {
        "book": {"id": book.info.id, "version": book.info.version, "digest": book.digest},
        "history": history_data(book, history),
        "fates": dict(replayed.fates),
        "left": [
            {
                "at": each.happened.at.astimezone(book.zone),
                "item": each.happened.item,
                "event": each.happened.event,
                "by": each.happened.by,
                "fate": each.fate,
                "code": each.code,
                "why": {"zh": each.zh, "en": each.en},
                "place": each.happened.place,
            }
            for each in replayed.left
        ],
        "summary": summary,
        "caveat": {"zh": CAVEAT.zh, "en": CAVEAT.en},
    }


def history_data(book: Book, history: History) -> Data:
    return {
        "source": history.source,
        "begins": history.begins.astimezone(book.zone),
        "ends": history.ends.astimezone(book.zone),
        "happened": len(history.happened),
        "items": len(history.births),
    }


def backtest_parts(data: Data, language: Language) -> Iterator[str | Listing]:
    from duban.views.summary import summary_parts

    yield from history_lines(data["history"], language)
    rows = [
        {"label": FATES[fate].in_(language), "count": count}
        for fate, count in sorted(data["fates"].items())
        if count
    ]
    yield Listing(columns=("label", "count"), rows=rows)
    yield from left_parts(data["left"], language)
    yield from summary_parts(data["summary"], language)
    yield data["caveat"][language]


def history_lines(history: Data, language: Language) -> Iterator[str]:
    span = f"{history['begins']:%Y-%m-%d} – {history['ends']:%Y-%m-%d}"
    if language == "zh":
        yield f"历史：{span}，{history['items']} 件事项，人办 {history['happened']} 次"
    else:
        yield f"History: {span}, {history['items']} items, {history['happened']} acts of persons"


def left_parts(left: Sequence[Data], language: Language) -> Iterator[str | Listing]:
    if not left:
        return
    reasons = Counter((each["fate"], each["event"], each["why"][language]) for each in left)
    rows = [
        {"kind": FATES[fate].in_(language), "event": event, "because": why, "count": count}
        for (fate, event, why), count in reasons.most_common(SHOWN)
    ]
    title = Text("没有照样办成的", "What did not happen again").in_(language)
    yield Listing(title=title, columns=("count", "kind", "event", "because"), rows=rows)


# ---------------------------------------------------------------- two books


def diff_data(book: Book, history: History, old: World, new: World) -> Data:
    return {
        "history": history_data(book, history),
        "items": {"old": len(old.things), "new": len(new.things)},
        "rules": [
            {"rule": rule, "label": rule_label(book, rule), "old": before, "new": after}
            for rule, before, after in compare_counts(old.firings, new.firings)
        ],
        "notices": [
            {"rule": rule, "label": rule_label(book, rule), "old": before, "new": after}
            for rule, before, after in compare_counts(old.notices, new.notices)
        ],
        "differences": [difference(each) for each in compare(old, new)],
        "caveat": {"zh": CAVEAT.zh, "en": CAVEAT.en},
    }


def rule_label(book: Book, rule: str) -> Data:
    found = book.rules.get(rule)
    return {"zh": found.spec.label.zh, "en": found.spec.label.en} if found else {"zh": rule, "en": rule}


def difference(each: Difference) -> Data:
    return {
        "item": each.key,
        "id": each.thing.id,
        "id_in": "old" if each.what == "only_old" else "new",
        "title": each.thing.title,
        "workflow": each.thing.workflow,
        "unit": each.thing.unit,
        "what": each.what,
        "old": each.old,
        "new": each.new,
    }


def diff_parts(data: Data, language: Language) -> Iterator[str | Listing]:
    yield from history_lines(data["history"], language)
    if not (data["differences"] or data["rules"] or data["notices"]):
        yield Text("两册在这段历史上没有差别。", "On this history the two books do the same.").in_(language)
        return
    for name, title in (
        ("rules", Text("规则发声次数", "How often rules spoke")),
        ("notices", Text("通知件数", "Notices")),
    ):
        rows = [{**each, "label": each["label"][language]} for each in data[name]]
        yield Listing(title=title.in_(language), columns=("rule", "label", "old", "new"), rows=rows)
    rows = [
        {**each, "id": numbered(each, language), "what": said(each["what"], language)}
        for each in data["differences"]
    ]
    heading = Text("逐件差别", "Item by item").in_(language)
    yield Listing(title=heading, columns=("id", "title", "unit", "what", "old", "new"), rows=rows)
    yield data["caveat"][language]


def numbered(row: Data, language: Language) -> str:
    """With the book whose number it is: the same number may be another item under the other."""
    return SIDES[row["id_in"]].in_(language).format(row["id"])


SIDES = {"old": Text("{}（旧册）", "{} (old book)"), "new": Text("{}（新册）", "{} (new book)")}
WHATS = {
    "only_old": Text("只有旧册有", "only under the old book"),
    "only_new": Text("只有新册有", "only under the new book"),
    "state": Text("状态", "state"),
    "light": Text("亮灯", "light"),
    "opened": Text("立项", "opened"),
    "closed": Text("办结", "closed"),
}
KINDS = {"clock": Text("时限", "clock"), "field": Text("字段", "field"), "rule": Text("规则", "rule")}


def said(what: str, language: Language) -> str:
    if what in WHATS:
        return WHATS[what].in_(language)
    kind, _, name = what.partition(" ")
    return f"{KINDS[kind].in_(language)} {name}"


# ---------------------------------------------------------------- what is coming


def forecast_listing(book: Book, coming: Sequence[Coming], unit: str | None, language: Language) -> Listing:
    rows = [
        {
            "at": each.at.astimezone(book.zone),
            "act": each.act,
            "rule": each.rule,
            "item": each.item,
            "title": each.title,
            "unit": each.unit,
            "unit_label": name_of(book, each.unit, language) if each.unit else None,
            "to": list(each.to),
            "told": [name_of(book, post, language) for post in each.to],
            "because": Text(each.zh, each.en).in_(language),
        }
        for each in coming
        if unit is None or each.unit == unit
    ]
    return Listing(columns=("at", "item", "title", "unit_label", "told", "because"), rows=rows)
