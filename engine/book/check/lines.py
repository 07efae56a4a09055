"""Documents with a line for each unit: a text that has a place for them, units, an order that is one."""

from engine.book.check.measures import ORDERED
from engine.book.context import Context
from engine.book.finding import Path
from rules.language import Document

PLACE = "{rows}"


def check_lines(context: Context, path: Path, document: Document) -> None:
    if document.rows is None:
        return
    template = context.data.templates.get(document.template)
    if template is not None and PLACE not in template.body.zh + template.body.en:
        zh = f"模板 {document.template} 的正文没有 {PLACE}，各单位的行无处可写"
        en = f"the body of {document.template} has no {PLACE}: the lines have no place in it"
        context.note((*path, "rows"), "rows_nowhere", zh=zh, en=en)
    group = context.data.groups.get(document.rows)
    if group is not None and group.of != "units":
        zh = f"分组 {document.rows} 的成员是岗位，这里要单位"
        en = f"the group {document.rows} is of posts: it is units that have lines"
        context.note((*path, "rows"), "wrong_group", zh=zh, en=en)
    _check_order(context, (*path, "order"), document.order)


def _check_order(context: Context, path: Path, name: str | None) -> None:
    known = {f"unit.{id}" for id, each in context.data.measures.items() if each.for_ == "unit"}
    if name is None or not context.check(path, "measure", name, known):
        return
    found = context.measures.get(name.partition(".")[2])
    if found is not None and found.kind not in ORDERED:
        zh = f"{name} 是{found.kind.zh}，这里应为{'或'.join(each.zh for each in ORDERED)}"
        en = f"{name} is {found.kind.phrase}: here it must be {' or '.join(each.phrase for each in ORDERED)}"
        context.note(path, "wrong_measure", zh=zh, en=en)
