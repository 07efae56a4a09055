"""What waits for a person: set aside, not delivered, nobody to tell, refused to a rule.

Each is a sentence with its way out.
They are told here because mail may be what fails (N3).
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from duban.output import as_moment
from duban.views.audit import Masking, said_why
from duban.views.holds import known_holds, number_now
from duban.views.view import View
from engine.refused import REFUSED, alarming
from engine.roles import About, resolve
from store.rows import AuditLine, Parked

NOBODY = "notice.nobody"
LATELY = timedelta(days=30)  # a notice that failed longer ago is found in the list of notices
LOOKED_AT = 1000  # of the entries that nobody could be told: the newest so many
NAMED = 5  # the others are counted


def alarms(view: View) -> Iterator[str]:
    yield from parked_alarms(view)
    yield from dead_alarm(view)
    yield from unknown_alarm(view)
    yield from nobody_alarm(view)
    yield from refused_alarm(view)
    yield from held_alarm(view)


def parked_alarms(view: View) -> Iterator[str]:
    found = [each for each in view.reader.parked() if each.subject not in view.hidden]
    waiting = [each for each in found if each.next_at is None]
    for each in waiting[:NAMED]:
        yield parked_alarm(view, each)
    rest = len(found) - len(waiting[:NAMED])
    if rest:
        yield view.pick(
            f"另有 {rest} 件因出错暂置；`duban audit list --act park` 查看原因",
            f"{rest} more set aside because of an error; `duban audit list --act park` says why",
        )


def parked_alarm(view: View, parked: Parked) -> str:
    since = as_moment(parked.parked_at.astimezone(view.book.zone))
    return view.pick(
        f"{parked.subject} 出错 {parked.tries} 次，自 {since} 暂置：{parked.error}；"
        f"排除原因后用 `duban item retry {parked.subject}` 放行",
        f"{parked.subject} failed {parked.tries} times and is set aside since {since}: {parked.error}; "
        f"mend the cause, then `duban item retry {parked.subject}`",
    )


def dead_alarm(view: View) -> Iterator[str]:
    notices = view.notices(view.reader.list_notices(state="dead"))
    found = [each for each in notices if each.notice.created_at > view.now - LATELY]
    if found:
        whom = named(view, (each.notice.recipient for each in found))
        yield view.pick(
            f"近 {LATELY.days} 日有 {len(found)} 份通知未能发出（{whom}）；"
            "用 `duban notice list --state dead` 查看",
            f"{len(found)} notices of the last {LATELY.days} days could not be sent ({whom}); "
            "`duban notice list --state dead` shows them",
        )


def unknown_alarm(view: View) -> Iterator[str]:
    found = list(view.notices(view.reader.list_notices(state="unknown")))
    if found:
        numbers = ", ".join(str(each.id) for each in found[:NAMED]) + (" …" if len(found) > NAMED else "")
        yield view.pick(
            f"{len(found)} 份正式告知是否送达不明（通知 {numbers}）；核实后用 `duban outbox resolve` 决定",
            f"{len(found)} formal notices may have left or not (no. {numbers}); "
            "find out, then decide with `duban outbox resolve`",
        )


def refused_alarm(view: View) -> Iterator[str]:
    masking, since = Masking(view), view.now - LATELY
    lines = view.reader.list_audit(act=REFUSED, limit=LOOKED_AT)
    late = (line for line in lines if datetime.fromisoformat(line.ts) > since and not masking.hides(line))
    found = [record for record in map(json.loads, (line.rec for line in late)) if alarming(record)]
    said = list(dict.fromkeys(said_why(view, record) for record in found))
    if found:
        few = view.pick("；", "; ").join(said[:NAMED]) + (" …" if len(said) > NAMED else "")
        yield view.pick(
            f"近 {LATELY.days} 日规则所要的有 {len(found)} 次被拒绝，没有办成：{few}；"
            f"改正规则册，并补办所缺；`duban audit list --act {REFUSED}` 逐条列出",
            f"what rules wanted was refused {len(found)} times in the last {LATELY.days} days, "
            f"and is not done: {few}; mend the book and do by hand what is missing; "
            f"`duban audit list --act {REFUSED}` lists them",
        )


def held_alarm(view: View) -> Iterator[str]:
    held = known_holds(view, open_only=True)
    if held:
        count, most = sum(row.proposes for row in held), number_now(view).most
        yield view.pick(
            f"规则要提出的 {count} 件超过24小时 {most} 件的上限，暂扣待两人核定；"
            "先查规则、名单和时钟是否有误，用 `duban hold list` 查看",
            f"{count} proposals of rules exceed the {most} of 24 hours and are held for two persons: "
            "look first whether a rule, a list or the clock is wrong; `duban hold list` shows them",
        )


def nobody_alarm(view: View) -> Iterator[str]:
    people = view.reader.people()
    reached = {post for post, person in people.items() if person.email}
    lines = view.reader.list_audit(act=NOBODY, limit=LOOKED_AT)
    whom = [to for line in lines if (to := still_nobody(view, line, reached))]
    if whom:
        yield view.pick(
            f"该告知而无人可告知 {len(whom)} 次（{named(view, whom)}）；用 `duban people set` 登记人员和邮箱",
            f"nobody could be told {len(whom)} times ({named(view, whom)}); "
            "`duban people set` enters people and addresses",
        )


def still_nobody(view: View, line: AuditLine, reached: Iterable[str]) -> str | None:
    """The post or role that could not be told and cannot be told now either."""
    to = str(json.loads(line.rec).get("to", ""))
    if line.obj_id in view.hidden or to in reached:
        return None
    if to not in view.book.roles:
        return to
    row = view.item(line.obj_id) if line.obj_type == "item" else None
    if row is None:
        return to
    about = About(unit=row.unit, owner=row.owner, fields=json.loads(row.fields))
    mended = row.closed_at is not None or resolve(view.book, to, about)
    return None if mended else to


def named(view: View, ids: Iterable[str]) -> str:
    """Posts and roles as people call them, each once."""
    roles = view.book.roles
    labels = [view.label(roles[id]) if id in roles else view.name(id) or id for id in dict.fromkeys(ids)]
    return view.pick("、", ", ").join(labels[:NAMED]) + (" …" if len(labels) > NAMED else "")
