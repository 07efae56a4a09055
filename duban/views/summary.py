"""A summary as people read it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from duban.output import Listing, as_moment
from duban.texts import Language, Text

Data = Mapping[str, Any]
FATES = ("kept", "late", "missed", "excused", "running")
MOST_RULES = 8  # of those that spoke: the rest is in the data


def summary_parts(data: Data, language: Language) -> Iterator[str | Listing]:
    def pick(zh: str, en: str) -> str:
        return Text(zh, en).in_(language)

    yield pick(f"{data['label']['zh']}（{data['document']}）", f"{data['label']['en']} ({data['document']})")
    yield pick(f"截至 {as_moment(data['until'])}", f"as of {as_moment(data['until'])}")
    yield fate_table(data["duties"], pick("周期性责任", "Duties"), language)
    yield fate_table(data["workflows"], pick("各类事项", "Items"), language)
    yield notices_line(data, language)
    yield from interview_lines(data["interviews"], language)
    yield rectification_line(data["rectification"], language)
    yield referral_line(data["referrals"]["exist"], language)
    yield from proposal_lines(data["proposals"], language)


def fate_table(rows: Sequence[Data], title: str, language: Language) -> Listing:
    """Duties have what was owed; items what was opened, and a fate only where their kind has a due date."""
    counts = ("owed",) if rows and "owed" in rows[0] else ("opened_count", "closed", "open")
    shown = [{**row, "label": row["label"][language], "opened_count": row.get("opened")} for row in rows]
    return Listing(
        title=title, columns=("label", *counts, *FATES), rows=[row for row in shown if row[counts[0]]]
    )


def notices_line(data: Data, language: Language) -> str:
    said, lights, bulletins = data["notices"], data["lights"], data["bulletins"]
    return Text(
        f"提醒 {said['reminders']} 份，正式告知 {said['formal']} 份；"
        f"亮过黄灯的 {lights['yellow']} 件、红灯的 {lights['red']} 件；"
        f"通报应发 {bulletins['owed']} 期、已发 {bulletins['issued']} 期、按时 {bulletins['on_time']} 期",
        f"{said['reminders']} reminders and {said['formal']} formal notices; "
        f"{lights['yellow']} items once showed yellow, {lights['red']} red; "
        f"bulletins: {bulletins['owed']} owed, {bulletins['issued']} issued, {bulletins['on_time']} in time",
    ).in_(language)


def interview_lines(interviews: Sequence[Data], language: Language) -> Iterator[str]:
    """Two lines each, so that a reason is read as the sentence it is."""
    held = sum(bool(each["held_on"]) for each in interviews)
    zh, en = (
        f"约谈：提议 {len(interviews)} 次，举行 {held} 次",
        f"Interviews: {len(interviews)} proposed, {held} held",
    )
    yield Text(zh, en).in_(language)
    for each in interviews:
        yield f"  {interview_line(each, language)}"
        yield f"    {each['reason'][language]}"


def interview_line(each: Data, language: Language) -> str:
    unit = each["unit_label"][language] if each["unit_label"] else ""
    chair = each["chair_label"][language] if each["chair_label"] else "—"
    state = each["state_label"][language]
    if not each["held_on"]:
        return f"{each['id']}  {unit}  {state}"
    return Text(
        f"{each['held_on']}  {each['id']}  {unit}  第{each['nth']}次，{chair}主持，{state}",
        f"{each['held_on']}  {each['id']}  {unit}: number {each['nth']}, chaired by {chair}, {state}",
    ).in_(language)


def rectification_line(found: Data, language: Language) -> str:
    return Text(
        f"整改：{found['interviews_held']} 次约谈中 {found['interviews_verified']} 次已核查通过；"
        f"整改任务 {found['tasks']} 项，办结 {found['done']} 项，"
        f"其中逾期办结 {found['late']} 项，逾期未办 {found['missed']} 项",
        f"Rectification: of {found['interviews_held']} interviews "
        f"{found['interviews_verified']} are verified; "
        f"{found['tasks']} tasks, {found['done']} closed, "
        f"{found['late']} of them late, {found['missed']} overdue",
    ).in_(language)


def referral_line(exist: bool, language: Language) -> str:
    if exist:
        return Text(
            "问题线索移送：有；属保密事项，不列明",
            "Referrals: there are some; they are confidential and not listed",
        ).in_(language)
    return Text("问题线索移送：没有", "Referrals: none").in_(language)


def proposal_lines(found: Sequence[Data], language: Language) -> Iterator[str]:
    for each in found:
        states = "、".join(f"{state['label']['zh']} {state['count']}" for state in each["states"])
        stated = ", ".join(f"{state['label']['en']} {state['count']}" for state in each["states"])
        zh = f"{each['label']['zh']}：{each['count']} 件" + (f"（{states}）" if states else "")
        en = f"{each['label']['en']}: {each['count']}" + (f" ({stated})" if stated else "")
        yield Text(zh, en).in_(language)
