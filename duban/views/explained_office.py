"""A whole book in words: the document it carries out, who is who, what was chosen, and every piece of it."""

from collections.abc import Iterator

from duban.views.phrases import Voice
from duban.views.spoken_time import say_date
from rules.office import Group, Param, Role

RELATIVE = {
    "unit.head": ("该单位的主要负责人", "the head of the unit"),
    "unit.liaison": ("该单位的联络员", "the liaison of the unit"),
    "unit.leader": ("分管该单位的负责人", "the leader in charge of the unit"),
    "item.owner": ("该事项的责任岗位", "the post that owes the item"),
}


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
        whom = voice.pick(posts, posts)
    elif role.mail is not None:
        field = voice.field(role.mail.removeprefix("item."), voice.book.workflows)
        whom = voice.pick(
            f"事项中{field}一栏所写邮箱的人", f"the person at the address that {field} of the item has"
        )
    else:
        whom = _relative(voice, role.is_ or "")
    yield voice.end(
        voice.pick(f"{name}是{whom}", f"{name} is {whom}"),
        voice.pick("属外部机关，只告知，不办理", "outside the office: told, never acts")
        if role.external
        else "",
    )


def _relative(voice: Voice, written: str) -> str:
    if written in RELATIVE:
        return voice.pick(*RELATIVE[written])
    field = voice.field(written.removeprefix("item."), voice.book.workflows)
    return voice.pick(f"该事项{field}一栏所写的岗位", f"the post that {field} of the item names")


def group_lines(voice: Voice, group: Group) -> Iterator[str]:
    members = voice.both(voice.role(each) for each in group.members)
    yield voice.end(
        voice.pick(
            f"{voice.call(group)}共{len(group.members)}个：{members}",
            f"{voice.call(group)}, {len(group.members)} in all: {members}",
        )
    )
    yield from _noted(voice, group.clause, group.note)


def param_lines(voice: Voice, param: Param) -> Iterator[str]:
    parts = [voice.pick(f"{voice.call(param)}取 {param.value}", f"{voice.call(param)} is {param.value}")]
    if param.one_of:
        values = voice.either(str(each) for each in param.one_of)
        parts.append(voice.pick(f"可以取 {values}", f"it may be {values}"))
    yield voice.end(*parts)
    yield from _noted(voice, param.clause, param.note)


def _noted(voice: Voice, clause: str | None, note: object) -> Iterator[str]:
    if clause is not None:
        yield voice.end(voice.pick(f"见{clause}", f"see {clause}"))
    if note is not None:
        yield voice.end(voice.label(note))
