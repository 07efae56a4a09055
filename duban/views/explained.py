"""A rule as a sentence, a ladder as a table, a workflow as a diagram."""

from collections.abc import Iterator
from typing import Any

from duban.output import Listing
from duban.texts import LIGHTS, Language, Text
from engine.book.book import Book
from engine.book.compiled import CompiledRule
from rules.language import Actions
from workflows.diagram import draw

Data = dict[str, Any]


def explain_workflow(book: Book, id: str, language: Language) -> Data:
    spec = book.workflows[id].spec
    label = spec.label.zh if language == "zh" else spec.label.en
    return {"kind": "workflow", "id": id, "label": label, "diagram": draw(spec, language)}


def explain_rule(book: Book, id: str, language: Language) -> Data:
    rule = book.rules[id]
    return {
        "kind": "rule",
        "id": id,
        "label": words(rule.spec.label, language),
        "basis": rule.spec.basis,
        "mode": rule.spec.mode,
        "sentence": sentence(book, rule, language),
        "ladder": [rung_row(book, rule, each.spec.at, each.wanted.spec, language) for each in rule.ladder],
        "times": [rung_row(book, rule, each.spec.nth, each.wanted.spec, language) for each in rule.times],
    }


def words(label: Any, language: Language) -> str:
    return str(label.zh if language == "zh" else label.en)


def sentence(book: Book, rule: CompiledRule, language: Language) -> str:
    """When, about whom, if what, then what: in the order in which a regulation says it."""
    parts = [occasion(book, rule, language), subjects(book, rule, language)]
    if rule.condition is not None:
        condition = rule.condition.sentence(language)
        parts.append(Text(f"如果{condition}", f"if {condition}").in_(language))
    wanted = wishes(book, rule.then.spec, language)
    if wanted:
        parts.append(Text(f"则{wanted}", f"then {wanted}").in_(language))
    if rule.then.require is not None:
        required = rule.then.require.sentence(language)
        parts.append(Text(f"须满足：{required}", f"it is required that {required}").in_(language))
    if rule.spec.count is not None:
        measure = rule.spec.count.measure.partition(".")[2]
        said = (
            words(book.measures[measure].spec.label, language)
            if measure in book.measures
            else rule.spec.count.measure
        )
        parts.append(Text(f"按{said}计次", f"counted by {said}").in_(language))
    stop = Text("。", ".").in_(language)
    return Text("，", ", ").in_(language).join(parts) + stop


def occasion(book: Book, rule: CompiledRule, language: Language) -> str:
    when = rule.spec.when
    if when.clock:
        clock = words(book.clocks[when.clock].spec.label, language)
        return Text(f"按“{clock}”的阶梯", f"on the rungs of “{clock}”").in_(language)
    if when.every:
        return Text(f"每个周期（{when.every}）的 {when.on}", f"every {when.every}, on {when.on}").in_(
            language
        )
    if when.change:
        named = (field_name(book, rule, field, language) for field in when.change)
        fields = Text("、", ", ").in_(language).join(named)
        return Text(f"在{fields}变动之后", f"after {fields} has changed").in_(language)
    events = "、".join(event_names(book, rule, language))
    if when.event:
        return Text(f"在{events}之后", f"after {events.replace('、', ', ')}").in_(language)
    return Text(f"在{events}之前", f"before {events.replace('、', ', ')}").in_(language)


def event_names(book: Book, rule: CompiledRule, language: Language) -> Iterator[str]:
    for event in (*rule.spec.when.event, *rule.spec.when.before):
        specs = (book.workflows[each].spec for each in rule.workflows)
        known = next((spec for spec in specs if any(each.event == event for each in spec.transitions)), None)
        opened = Text("立项", "opening").in_(language)
        yield words(known.label_of(event), language) if known else opened if event == "open" else event


def field_name(book: Book, rule: CompiledRule, field: str, language: Language) -> str:
    specs = (book.workflows[each].spec.fields.get(field) for each in rule.workflows)
    known = next((spec for spec in specs if spec is not None), None)
    return words(known.label, language) if known else field


def subjects(book: Book, rule: CompiledRule, language: Language) -> str:
    names = [words(book.workflows[each].spec.label, language) for each in rule.workflows]
    if rule.group is not None:
        names = [words(book.groups[rule.group], language) if rule.group in book.groups else rule.group]
    if not names:
        names = [Text("全机关", "the office").in_(language)]
    return Text(f"对{'、'.join(names)}", f"for {', '.join(names)}").in_(language)


def rung_row(book: Book, rule: CompiledRule, at: str, own: Actions, language: Language) -> Data:
    said = wishes(book, own, language) or wishes(book, rule.then.spec, language)
    told = (*own.remind, *own.notify, *(role for each in own.tell for role in each.to))
    roles = [words(book.roles[role], language) for role in told]
    return {"at": at, "message": said, "told": roles}


def wishes(book: Book, actions: Actions, language: Language) -> str:
    """What is wanted, as a list of verbs."""
    zh, en = language == "zh", language == "en"
    said: list[str] = []
    for roles, verb in ((actions.remind, Text("提醒", "remind")), (actions.notify, Text("告知", "notify"))):
        if roles:
            names = ("、" if zh else ", ").join(words(book.roles[role], language) for role in roles)
            said.append(f"{verb.in_(language)}{' ' if en else ''}{names}")
    for each in actions.tell:
        verb = Text("提醒", "remind") if each.how == "remind" else Text("告知", "notify")
        names = ("、" if zh else ", ").join(words(book.roles[role], language) for role in each.to)
        said.append(f"{verb.in_(language)}{' ' if en else ''}{names}")
    for key, _, opening in actions.openings:
        verb = Text("拟议", "propose") if key == "propose" else Text("立项", "open")
        label = words(book.workflows[opening.workflow].spec.label, language)
        said.append(f"{verb.in_(language)} {label}")
    if actions.move is not None:
        said.append(Text(f"流转 {actions.move.event}", f"put the event {actions.move.event}").in_(language))
    for name, value in {**actions.set, **actions.with_}.items():
        shown = words(book.roles[str(value)], language) if str(value) in book.roles else str(value)
        said.append(f"{name} = {shown}")
    if actions.light is not None:
        said.append(
            Text(
                f"亮灯 {LIGHTS[actions.light].zh or '灭'}", f"light {LIGHTS[actions.light].en or 'out'}"
            ).in_(language)
        )
    if actions.extend is not None:
        said.append(Text(f"延长 {actions.extend.clock}", f"extend {actions.extend.clock}").in_(language))
    if actions.document is not None:
        said.append(Text("起草", "draft ").in_(language) + words(actions.document.title, language))
    return Text("；", "; ").in_(language).join(said)


def explained_parts(data: Data, language: Language) -> Iterator[str | Listing]:
    if data["kind"] == "workflow":
        yield data["diagram"].rstrip()
        return
    yield f"{data['id']}  {data['label']}" + Text(f"（{data['basis']}）", f" ({data['basis']})").in_(language)
    if data["mode"] == "shadow":
        yield Text("影子模式：只记录，不发出", "shadow mode: logged, nothing sent").in_(language)
    yield data["sentence"]
    yield Listing(columns=("rung", "message"), rows=[row | {"rung": row["at"]} for row in data["ladder"]])
    yield Listing(columns=("nth", "message"), rows=[row | {"nth": row["at"]} for row in data["times"]])
