"""A summary as people read it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from duban.lines import wrapped
from duban.output import Listing, as_moment
from duban.texts import Language, Text

Data = Mapping[str, Any]
FATES = ("kept", "late", "missed", "excused", "running")


def summary_parts(data: Data, language: Language) -> Iterator[str | Listing]:
    def pick(zh: str, en: str) -> str:
        return Text(zh, en).in_(language)

    yield pick(f"{data['label']['zh']}（{data['document']}）", f"{data['label']['en']} ({data['document']})")
    yield pick(f"截至 {as_moment(data['until'])}", f"as of {as_moment(data['until'])}")
    yield fate_table(data["duties"], pick("周期性责任", "Duties"), language)
    yield fate_table(data["workflows"], pick("各类事项", "Items"), language)
    yield notices_line(data, language)
    if data["bulletins"]["labels"]:
        yield bulletins_line(data["bulletins"], language)
    for kind in data["interview_kinds"]:
        mine = [each for each in data["interviews"] if each["workflow"] == kind["workflow"]]
        yield from interview_lines(kind, mine, language)
    if data["interview_kinds"]:
        yield rectification_line(data["rectification"], language)
    if data["referrals"]["labels"]:
        yield referral_line(data["referrals"], language)
    yield from proposal_lines(data["proposals"], language)


def fate_table(rows: Sequence[Data], title: str, language: Language) -> Listing:
    """Duties have what was owed; items what was opened, and a fate only where their kind has a due date."""
    counts = ("owed",) if rows and "owed" in rows[0] else ("opened_count", "closed", "open")
    shown = [{**row, "label": row["label"][language], "opened_count": row.get("opened")} for row in rows]
    return Listing(
        title=title, columns=("label", *counts, *FATES), rows=[row for row in shown if row[counts[0]]]
    )


def notices_line(data: Data, language: Language) -> str:
    said, lights = data["notices"], data["lights"]
    return Text(
        f"提醒 {said['reminders']} 份，正式告知 {said['formal']} 份；"
        f"亮过黄灯的 {lights['yellow']} 件、红灯的 {lights['red']} 件",
        f"{said['reminders']} reminders and {said['formal']} formal notices; "
        f"{lights['yellow']} items once showed yellow, {lights['red']} red",
    ).in_(language)


def bulletins_line(found: Data, language: Language) -> str:
    owed, issued, on_time = found["owed"], found["issued"], found["on_time"]
    return Text(
        f"{named(found, 'zh')}：应发 {owed} 期，已发 {issued} 期，按时 {on_time} 期",
        f"{named(found, 'en')}: {owed} owed, {issued} issued, {on_time} in time",
    ).in_(language)


def named(found: Data, language: Language) -> str:
    return {"zh": "、", "en": ", "}[language].join(label[language] for label in found["labels"])


def interview_lines(kind: Data, interviews: Sequence[Data], language: Language) -> Iterator[str]:
    """Of each what it was, and below it why, so that a reason is read as the sentence it is."""
    label, counts = kind["label"], (kind["proposed"], kind["held"])
    yield Text(
        f"{label['zh']}：提议 {counts[0]} 次，举行 {counts[1]} 次",
        f"{label['en']}: {counts[0]} proposed, {counts[1]} held",
    ).in_(language)
    for each in interviews:
        yield from wrapped(interview_line(each, language), first="  ", then="      ")
        yield from wrapped(each["reason"][language], first="    ", then="    ")


def interview_line(each: Data, language: Language) -> str:
    unit = each["unit_label"][language] if each["unit_label"] else ""
    state = each["state_label"][language]
    if not each["held_on"]:
        return f"{each['id']}  {unit}  {state}"
    zh, en = [state], [state]
    if each["chair_label"]:
        zh.insert(0, f"{each['chair_label']['zh']}主持")
        en.insert(0, f"chaired by {each['chair_label']['en']}")
    if each["nth"]:
        zh.insert(0, f"第{each['nth']}次")
        en.insert(0, f"number {each['nth']}")
    about = f"{each['held_on']}  {each['id']}  {unit}"
    return Text(f"{about}  {'，'.join(zh)}", f"{about}: {', '.join(en)}").in_(language)


def rectification_line(found: Data, language: Language) -> str:
    return Text(
        f"整改：举行的 {found['interviews_held']} 次中 {found['interviews_verified']} 次整改完毕；"
        f"整改措施 {found['tasks']} 项，办结 {found['done']} 项，"
        f"其中逾期办结 {found['late']} 项，逾期未办 {found['missed']} 项",
        f"Rectification: of {found['interviews_held']} held "
        f"{found['interviews_verified']} are concluded; "
        f"{found['tasks']} measures, {found['done']} closed, "
        f"{found['late']} of them late, {found['missed']} overdue",
    ).in_(language)


def referral_line(found: Data, language: Language) -> str:
    zh, en = named(found, "zh"), named(found, "en")
    if found["exist"]:
        return Text(
            f"{zh}：有；属保密事项，不列明", f"{en}: there are some; they are confidential and not listed"
        ).in_(language)
    return Text(f"{zh}：没有", f"{en}: none").in_(language)


def proposal_lines(found: Sequence[Data], language: Language) -> Iterator[str]:
    for each in found:
        states = "、".join(f"{state['label']['zh']} {state['count']}" for state in each["states"])
        stated = ", ".join(f"{state['label']['en']} {state['count']}" for state in each["states"])
        zh = f"{each['label']['zh']}：{each['count']} 件" + (f"（{states}）" if states else "")
        en = f"{each['label']['en']}: {each['count']}" + (f" ({stated})" if stated else "")
        yield Text(zh, en).in_(language)
