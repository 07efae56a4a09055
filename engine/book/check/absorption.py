"""Rules that give way to others, and rules that do not speak twice about the same items."""

from collections.abc import Mapping

from engine.book.compiled import CompiledRule
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import Rule


def check_absorption(context: Context, rules: Mapping[str, CompiledRule]) -> None:
    for id, spec in context.data.rules.items():
        path = ("rules", id)
        _check_cases(context, (*path, "cases"), spec)
        for at, name in enumerate(spec.yields_to):
            where = (*path, "yields_to", at)
            if context.check(where, "rule", name, context.names("rules")):
                _check_pair(context, where, id, name, rules)
    _check_circles(context)


def _check_cases(context: Context, path: Path, spec: Rule) -> None:
    if spec.cases is None:
        return
    measures = {f"{each.for_}.{id}": each for id, each in context.data.measures.items()}
    context.check((*path, "of"), "measure", spec.cases.of, measures)
    found = measures.get(spec.cases.of)
    if found is not None and not (found.recorded or found.periods):
        zh = f"指标 {spec.cases.of} 是算出来的，没有数到的事项，规则永远不会说话：请写计数的指标"
        en = f"{spec.cases.of} is calculated and counts no items, so the rule never speaks: name a count"
        context.note((*path, "of"), "cases_of_no_items", zh=zh, en=en)
    if spec.when.clock or spec.when.before:
        zh = "cases 用于按周期、事件或变动运行的规则；阶梯对同一期限本来就只说一次，before 规则每次都要问"
        en = "cases is for rules by period, event or change: a ladder speaks once for a due date anyway"
        context.note(path, "cases_elsewhere", zh=zh, en=en, key=True)


def _check_pair(context: Context, path: Path, id: str, name: str, rules: Mapping[str, CompiledRule]) -> None:
    """Both must come to speak at the same time about the same, or neither could ever give way."""
    one, other = rules.get(id), rules.get(name)
    if one is None or other is None:
        return
    if one.occasion in ("clock", "before"):
        zh = "yields_to 用于按周期、事件或变动运行的规则；阶梯写在同一条规则里，到了高一级就不再说低一级"
        en = "yields_to is for rules by period, event or change; in one ladder the highest rung speaks alone"
        context.note(path, "yields_elsewhere", zh=zh, en=en)
    elif one.subject != other.subject or not _meet(context, one, other):
        zh = f"规则 {name} 与 {id} 的对象 for 没有共同之处，不会在同一场合说话"
        en = f"{name} and {id} are for different things and never meet: let `for` overlap"
        context.note(path, "never_meets", zh=zh, en=en)
    elif one.spec.when != other.spec.when:
        zh = f"规则 {name} 与 {id} 的 when 不同，不会在同一场合说话：两处须写得一样"
        en = f"{name} and {id} speak on different occasions: `when` must be the same in both"
        context.note(path, "other_occasion", zh=zh, en=en)


def _meet(context: Context, one: CompiledRule, other: CompiledRule) -> bool:
    if one.subject == "item":
        return bool(set(one.workflows) & set(other.workflows))
    groups = [context.data.groups.get(rule.group or "") for rule in (one, other)]
    members = [set(group.members) for group in groups if group is not None]
    return one.subject == "office" or (len(members) == 2 and bool(members[0] & members[1]))


def _check_circles(context: Context) -> None:
    """Rules that yield to one another are all silent."""
    told: set[str] = set()
    for id in context.data.rules:
        way = _circle(context, id)
        if way and id not in told:
            told.update(way)
            shown = " → ".join((*way, way[0]))
            zh = f"规则互相让位，谁也不说话：{shown}"
            en = f"these rules yield to one another, so that none speaks: {shown}"
            context.note(("rules", id, "yields_to"), "yield_circle", zh=zh, en=en, key=True)


def _circle(context: Context, start: str) -> tuple[str, ...]:
    """The shortest way along `yields_to` from a rule back to itself."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        spec = context.data.rules.get(way[-1])
        for after in spec.yields_to if spec is not None else ():
            if after == start:
                return way
            if after not in seen:
                seen.add(after)
                ways.append((*way, after))
    return ()
