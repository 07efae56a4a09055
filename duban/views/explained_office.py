"""A whole book in words: the document it carries out, who is who, what was chosen, and every piece of it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from duban.texts import Language
from duban.views.phrases import Voice
from duban.views.spoken_time import say_date, say_length, say_rung, say_window
from rules.office import Group, Param, Role
from rules.shape import Scalar

HOLDERS = {
    "head": ("{}的主要负责人", "the head of {}"),
    "liaison": ("{}的联络员", "the liaison of {}"),
    "leader": ("分管{}的负责人", "the leader in charge of {}"),
}
OWNER = "item.owner"
MEMBERS = {"units": ("单位", "units"), "posts": ("岗位", "posts")}


def book_lines(voice: Voice) -> Iterator[str]:
    info = voice.book.info
    basis, programme = info.basis, info.programme
    yield voice.end(
        voice.pick(
            f"{voice.call(info.label)}（第{info.version}版）执行{voice.call(basis.title)}（{basis.document}）",
            f"{voice.call(info.label)} (version {info.version}) carries out "
            f"{voice.call(basis.title)} ({basis.document})",
        )
    )
    dates = [*_dates(voice)]
    if dates:
        yield voice.end(*dates)
    first, last = (say_date(day, voice.language) for day in (programme.start, programme.end))
    yield voice.end(
        voice.pick(f"施行期间为{first}至{last}", f"it is in force from {first} to {last}"),
        voice.pick(f"时区 {info.timezone}", f"time zone {info.timezone}"),
        voice.pick(f"工作日历 {info.calendar}", f"calendar {info.calendar}"),
    )
    spoken = {"zh": voice.pick("中文", "Chinese"), "en": voice.pick("英文", "English")}[info.language]
    yield voice.end(voice.pick(f"通知用{spoken}", f"notices are in {spoken}"))
    if info.brake is not None:
        yield voice.end(
            voice.pick(
                f"24小时内规则至多提出{info.brake}件，超出的暂扣，由两人核定",
                f"rules propose at most {info.brake} in 24 hours; what exceeds it is held for two persons",
            )
        )
    if info.uses:
        used = voice.both(info.uses)
        yield voice.end(voice.pick(f"引用规则库 {used}", f"it takes pieces of the libraries {used}"))


def _dates(voice: Voice) -> Iterator[str]:
    basis = voice.book.info.basis
    if basis.adopted is not None:
        day = say_date(basis.adopted, voice.language)
        yield voice.pick(f"{day}审议通过", f"adopted {day}")
    if basis.issued is not None:
        day = say_date(basis.issued, voice.language)
        yield voice.pick(f"{day}成文", f"signed {day}")
    if basis.published is not None:
        yield voice.pick(f"{basis.published}发布", f"published {basis.published}")
    if basis.contact is not None:
        yield voice.pick(f"咨询：{voice.label(basis.contact)}", f"questions to: {voice.label(basis.contact)}")


def role_lines(voice: Voice, role: Role) -> Iterator[str]:
    name = voice.call(role)
    if role.posts:
        posts = voice.either(voice.role(post) for post in role.posts)
        said = voice.pick(f"{name}由{posts}担任", f"{name} is the post of {posts}")
    elif role.mail is not None:
        said = voice.pick(f"{name}是{_addressed(voice, role)}", f"{name} is {_addressed(voice, role)}")
    else:
        whom = _relative(voice, role.is_ or "")
        said = voice.pick(f"{name}是{whom}", f"{name} is {whom}")
    yield voice.end(
        said,
        voice.pick("属外部人员或机关，只告知，不办理", "outside the office: told, never acts")
        if role.external
        else "",
    )


def _addressed(voice: Voice, role: Role) -> str:
    """Somebody outside, by the fields of the item that have the address and the name."""
    mail, name = (_of_item(voice, each) for each in (role.mail or "", role.name or ""))
    if role.name is None:
        return voice.pick(f"事项中{mail}一栏所写邮箱的人", f"the person at the address in {mail} of the item")
    return voice.pick(
        f"事项中{mail}一栏所写邮箱的人，姓名见{name}一栏",
        f"the person at the address in {mail} of the item, called as {name} says",
    )


def _of_item(voice: Voice, written: str) -> str:
    return voice.field(written.removeprefix("item."), voice.book.workflows)


def _relative(voice: Voice, written: str) -> str:
    """`unit.head`, `unit.part_of.head`, `unit.district.head`, `item.owner`, `item.place.head`, `item.by`."""
    if written == OWNER:
        return voice.pick("该事项的责任岗位", "the post that owes the item")
    *place, last = written.split(".")
    if last not in HOLDERS or place == ["item"]:
        field = _of_item(voice, written)
        return voice.pick(f"该事项{field}一栏所写的岗位", f"the post that {field} of the item names")
    return voice.pick(*HOLDERS[last]).format(_unit(voice, place))


def _unit(voice: Voice, place: list[str]) -> str:
    """Whose head or liaison is meant."""
    match place:
        case ["unit"]:
            return voice.pick("该单位", "the unit")
        case ["unit", "part_of"]:
            return voice.pick("该单位的上级单位", "the unit that it is part of")
        case ["unit", kind]:
            return voice.pick(f"该单位所在的 {kind} ", f"the {kind} that the unit is in")
    field = _of_item(voice, ".".join(place))
    return voice.pick(f"该事项{field}一栏所写单位", f"the unit that {field} of the item names")


def group_lines(voice: Voice, group: Group) -> Iterator[str]:
    members, kind = voice.both(voice.role(each) for each in group.members), voice.pick(*MEMBERS[group.of])
    name, count = voice.call(group), len(group.members)
    yield voice.end(
        voice.pick(f"{name}共{count}个{kind}：{members}", f"{name}, {count} {kind} in all: {members}")
        if members
        else voice.pick(f"{name}还没有列明是哪些{kind}", f"{name}: no {kind} are named yet")
    )
    yield from _noted(voice, group.clause, group.note)


def param_lines(voice: Voice, param: Param) -> Iterator[str]:
    name, value = voice.call(param), _value(voice, param.value)
    parts = [voice.pick(f"{name}取 {value}", f"{name} is {value}")]
    if param.one_of:
        values = voice.either(_value(voice, each) for each in param.one_of)
        parts.append(voice.pick(f"可以取 {values}", f"it may be {values}"))
    yield voice.end(*parts)
    yield from _noted(voice, param.clause, param.note)


def _value(voice: Voice, value: Scalar) -> str:
    """A length, a date, a rung or a window as people say it; anything else as it is written."""
    if isinstance(value, bool):
        return voice.value(value)
    if isinstance(value, str):
        for say in (say_length, _say_day, say_rung, say_window):
            with suppress(ValueError):
                return say(value, voice.language)
    return str(value)


def _say_day(text: str, language: Language) -> str:
    return say_date(date.fromisoformat(text), language)


def _noted(voice: Voice, clause: str | None, note: object) -> Iterator[str]:
    if clause is not None:
        yield voice.end(voice.pick(f"见{clause}", f"see {clause}"))
    if note is not None:
        yield voice.end(voice.label(note))
