"""The office: programme and calendar, parameters, units, groups, posts and roles."""

from engine.book.check.relatives import check_relative, fields_of_type
from engine.book.context import Context
from engine.book.unit_facts import check_unit_facts


def check_office(context: Context) -> None:
    _check_programme(context)
    _check_params(context)
    _check_units(context)
    _check_groups(context)
    _check_roles(context)


def _check_programme(context: Context) -> None:
    programme, calendar = context.data.book.programme, context.calendar
    if programme.end < programme.start:
        zh, en = "结束日期早于开始日期", "the programme ends before it starts"
        context.note(("book", "programme", "end"), "backwards", zh=zh, en=en)
    if calendar is None:
        return
    if programme.start < calendar.first:
        zh = f"日历 {calendar.id} 从 {calendar.first} 起才有数据"
        en = f"the calendar {calendar.id} has no data before {calendar.first}"
        context.note(("book", "programme", "start"), "no_calendar_data", zh=zh, en=en)
    if programme.end > calendar.published_until:
        until = calendar.published_until
        zh = f"日历 {calendar.id} 只公布到 {until}，之后的期限是暂定的"
        en = f"the calendar {calendar.id} is published until {until}: later dates are provisional"
        context.note(("book", "programme", "end"), "provisional", zh=zh, en=en, severity="warning")


def _check_params(context: Context) -> None:
    for id, param in context.data.params.items():
        if param.one_of and param.value not in param.one_of:
            choices = ", ".join(map(str, param.one_of))
            zh, en = f"{param.value} 不在可选值之中：{choices}", f"{param.value} is none of {choices}"
            context.note(("params", id, "value"), "not_one_of", zh=zh, en=en)


def _check_units(context: Context) -> None:
    check_unit_facts(context)
    data, units = context.data, context.names("units")
    for id, unit in data.units.items():
        context.check(("units", id, "leader"), "post", unit.leader, context.post_names)
    for id, post in data.posts.items():
        context.check(("posts", id, "unit"), "unit", post.unit, units)
    for id, alias in data.aliases.items():
        context.check(("aliases", id, "unit"), "unit", alias.unit, units)


def _check_groups(context: Context) -> None:
    for id, group in context.data.groups.items():
        path = ("groups", id, "members")
        noun, known = (
            ("unit", context.names("units")) if group.of == "units" else ("post", context.post_names)
        )
        context.check_all(path, noun, group.members, known)
        for at, member in enumerate(group.members):
            if member in group.members[:at]:
                zh, en = f"{member} 写了两次", f"{member} is named twice"
                context.note((*path, at), "named_twice", zh=zh, en=en)
        if not group.members:
            context.note(
                path, "empty_group", zh="分组没有成员", en="the group has no members", severity="warning"
            )


def _check_roles(context: Context) -> None:
    for id, role in context.data.roles.items():
        context.check_all(("roles", id, "posts"), "post", role.posts, context.post_names)
        check_relative(context, ("roles", id, "is"), role.is_)
        for key, written, type in (("mail", role.mail, "mail"), ("name", role.name, "text")):
            if written is not None:
                known = fields_of_type(context, type)
                context.check(("roles", id, key), "field", written.partition(".")[2], known)
