"""What a measure rests on, for the one who asks why: of how many, under which cap, in which periods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.book.book import Book
from engine.book.compiled import CompiledMeasure
from engine.words import say_period, say_value
from rules.cel import Kind
from rules.cel.tree import Arithmetic, Expression, facts_read, walk
from rules.language.measure import Rank
from rules.time.period import Period

Value = object
SHOWN = 6  # periods that are named


@dataclass(frozen=True, kw_only=True)
class Reason:
    zh: str
    en: str

    def text(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def unknown(book: Book, name: str, why: Reason | None) -> Reason:
    label = book.measures[name.partition(".")[2]].spec.label
    zh, en = (f"（{why.zh}）", f" ({why.en})") if why else ("", "")
    return Reason(zh=f"{label.zh}未知{zh}", en=f"{label.en}: not known{en}")


def too_few(size: Value, least: int) -> Reason:
    found = size if isinstance(size, int | Decimal) else 0
    return Reason(zh=f"样本 {found}，少于 {least}", en=f"a sample of {found}, fewer than {least}")


def capped(total: Decimal, bound: Decimal, *, highest: bool) -> Reason:
    zh, en = ("上限", "at most") if highest else ("下限", "at least")
    return Reason(zh=f"合计 {total}，{zh} {bound}", en=f"{total} in all, {en} {bound}")


def of_rank(book: Book, rank: Rank, own: Value, among: int) -> Reason:
    label = book.measures[rank.of.partition(".")[2]].spec.label
    side_zh, side_en = ("末位起", "from the worst") if rank.count == "from worst" else ("", "")
    return Reason(
        zh=f"{label.zh} {say_value(book, own, 'zh')}，{side_zh}共 {among} 个参与排名",
        en=f"{label.en} {say_value(book, own, 'en')}, of {among} ranked"
        + (f", {side_en}" if side_en else ""),
    )


def in_none(kind: str) -> Reason:
    """No place within a unit of a kind that one is in none of."""
    return Reason(zh=f"不在任何 {kind} 之内", en=f"in no {kind}")


def of_periods(held: Sequence[Period], looked_at: int, unknown: int) -> Reason:
    zh, en = f"最近 {looked_at} 期", f"in the last {looked_at}"
    if held:
        zh += "中 " + "、".join(say_period(each, "zh") for each in held[-SHOWN:])
        en += ": " + ", ".join(say_period(each, "en") for each in held[-SHOWN:])
    if unknown:
        zh, en = f"{zh}，{unknown} 期未知不计", f"{en}; {unknown} not known, passed over"
    return Reason(zh=zh, en=en)


def made_of(book: Book, found: CompiledMeasure, read: Mapping[str, Value]) -> Reason:
    """`42 件中 24 件，样本不少于 10` for a share of two counts, else each measure with its value."""
    assert found.condition is not None
    share = _share(book, found.condition.tree)
    if share is not None:
        part, whole = (say_value(book, read[name], "zh") for name in share)
        zh, en = f"{whole} 件中 {part} 件", f"{part} of {whole}"
    else:
        said = [(book.measures[name.partition(".")[2]].spec.label, value) for name, value in read.items()]
        zh = "，".join(f"{label.zh} {say_value(book, value, 'zh')}" for label, value in said)
        en = ", ".join(f"{label.en} {say_value(book, value, 'en')}" for label, value in said)
    if found.spec.sample is not None:
        least = found.spec.sample.at_least
        zh, en = f"{zh}，样本不少于 {least}", f"{en}, a sample of at least {least}"
    return Reason(zh=zh, en=en)


def _share(book: Book, tree: Expression) -> tuple[str, str] | None:
    """The two counts of an expression that divides one by the other and reads nothing else."""
    for node in walk(tree):
        if isinstance(node, Arithmetic) and node.operator == "/":
            part, whole = facts_read(node.left), facts_read(node.right)
            facts = (*part.values(), *whole.values())
            names = tuple(fact.name for fact in facts)
            counted = all(fact.kind is Kind.INT and _counts(book, fact.name) for fact in facts)
            if len(part) == len(whole) == 1 and counted and set(facts_read(tree)) == set(names):
                return names[0], names[1]
    return None


def _counts(book: Book, name: str) -> bool:
    measure = book.measures.get(name.partition(".")[2])
    return measure is not None and measure.spec.counts
