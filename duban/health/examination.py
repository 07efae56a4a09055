"""What is looked at to say whether an office is well (O1). Each finding says the way out."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Literal

from duban.config import FileSettings, Settings
from duban.output import as_moment
from duban.texts import Language, Text
from engine.book.book import Book
from engine.office import Office
from engine.trusted import Reading, Sign, believe, is_silent, last_sign
from store.read import Reader
from store.rows import AuditLine
from store.tree import leaf_hash

HORIZON = timedelta(days=90)  # that calendars must be published ahead
FREE_PERCENT = 10  # of the disk
OUTBOX_WAITS = timedelta(minutes=15)
LAST_ENTRIES = 1000  # of the log whose chain is followed; `duban audit verify` follows it all

Level = Literal["good", "warning", "bad"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`bad`: limits are not kept, or would be lost. `warning`: they will not be, if nobody acts."""

    about: str
    level: Level
    text: Text

    def in_(self, language: Language) -> str:
        return self.text.in_(language)


def good(about: str, zh: str, en: str) -> Finding:
    return Finding(about=about, level="good", text=Text(zh, en))


def warning(about: str, zh: str, en: str) -> Finding:
    return Finding(about=about, level="warning", text=Text(zh, en))


def bad(about: str, zh: str, en: str) -> Finding:
    return Finding(about=about, level="bad", text=Text(zh, en))


def examine(office: Office, settings: Settings, reading: Reading, *, virtual: bool) -> Iterator[Finding]:
    """Everything that can be seen without writing and without calling anybody."""
    with office.store.read() as reader:
        last = last_sign(reader)
        sign = believe(last, reading)
        now = datetime.fromisoformat(reader.head().last_ts) if virtual else sign.believed
        yield from store_findings(office)
        yield from held_finding(reader)
        yield log_finding(reader)
        yield from calendar_findings(office.book, now)
        if virtual:
            yield good("clock", "虚拟时钟，由人推进", "a virtual clock, moved by persons")
        else:
            yield clock_finding(sign, office.book.zone)
            yield daemon_finding(last, sign, settings.heartbeat_seconds, office.book.zone)
        yield from outbox_findings(reader, now)
        yield parked_finding(reader)
    yield disk_finding(office.store.place)
    yield channel_finding(settings)


def store_findings(office: Office) -> Iterator[Finding]:
    unsafe = office.store.settings()
    yield from (bad("store", each.zh, each.en) for each in unsafe)
    if not unsafe:
        yield good("store", f"{office.store.place} 可用", f"{office.store.place} is in order")


def held_finding(reader: Reader) -> Iterator[Finding]:
    held = reader.held()
    if held is not None:
        yield bad(
            "restored",
            f"由备份 {held.backup} 恢复，尚未核对，只能查询；两人用 `duban store reconcile` 核对后才继续办理",
            f"restored from {held.backup} and held, nothing is done until two persons have said "
            "`duban store reconcile`",
        )


def log_finding(reader: Reader) -> Finding:
    head = reader.head()
    last = leaf_hash(b"")
    lines: list[AuditLine] = list(reader.audit_lines(max(head.size - LAST_ENTRIES, 0)))
    for line in lines:
        last = leaf_hash(line.rec.encode())
        if last.hex() != line.leaf:
            return bad(
                "log",
                f"日志第 {line.seq} 条被改动；保留现场，运行 `duban audit verify`",
                f"entry {line.seq} of the log was changed: keep all as it is, then `duban audit verify`",
            )
    if not lines or lines[-1].seq != head.size - 1 or last != head.last_leaf:
        return bad(
            "log",
            "日志末尾缺失；保留现场，运行 `duban audit verify`",
            "the end of the log is missing: keep all as it is, then `duban audit verify`",
        )
    return good("log", f"日志 {head.size} 条，末尾完好", f"{head.size} entries, their end is whole")


def calendar_findings(book: Book, now: datetime) -> Iterator[Finding]:
    for id, calendar in sorted(book.calendars.items()):
        until = calendar.published_until
        about = f"calendar {id}"
        if until < now.astimezone(book.zone).date():
            yield bad(
                about,
                f"日历 {id} 只公布到 {until}，之后的期限都是暂定；用 `duban calendar add` 补上",
                f"{id} is published until {until}, all limits after it are provisional: "
                "add the year with `duban calendar add`",
            )
        elif until < (now + HORIZON).astimezone(book.zone).date():
            yield warning(
                about,
                f"日历 {id} 只公布到 {until}；用 `duban calendar add` 补上下一年",
                f"{id} is published until {until}: add the next year with `duban calendar add`",
            )
        else:
            yield good(about, f"日历 {id} 公布到 {until}", f"{id} is published until {until}")


def clock_finding(sign: Sign, zone: tzinfo) -> Finding:
    wall, lived = (as_moment(at.astimezone(zone)) for at in (sign.reading.wall, sign.believed))
    if sign.doubt:
        return bad(
            "clock",
            f"时钟存疑，显示 {wall}；校准，或确认无误后 `duban clock confirm`",
            f"the clock is in doubt, it says {wall}: set it right, or `duban clock confirm`",
        )
    if sign.believed - sign.reading.wall > timedelta(seconds=2):
        return bad(
            "clock",
            f"时钟走慢，显示 {wall}，已办理到 {lived}；请校准",
            f"the clock is behind: it says {wall}, the office has lived to {lived}; set it",
        )
    return good("clock", f"时钟可信，{wall}", f"believed, {wall}")


def daemon_finding(last: Sign | None, sign: Sign, heartbeat_seconds: int, zone: tzinfo) -> Finding:
    if last is None:
        return warning(
            "daemon",
            "守护进程未曾运行，期限没有人守；运行 `duban run`",
            "the daemon has not run yet, nobody keeps the limits: `duban run`",
        )
    at = as_moment(last.believed.astimezone(zone))
    if is_silent(last, sign, timedelta(seconds=heartbeat_seconds)):
        return bad(
            "daemon",
            f"守护进程没有心跳，最近一次 {at}；运行 `duban run`",
            f"no heartbeat since {at}, nobody keeps the limits: `duban run`",
        )
    return good("daemon", f"最近一次心跳 {at}", f"last heartbeat {at}")


def outbox_findings(reader: Reader, now: datetime) -> Iterator[Finding]:
    waiting = reader.list_notices(state="pending")
    late = [each for each in waiting if each.notice.created_at < now - OUTBOX_WAITS]
    unknown = reader.list_notices(state="unknown")
    if late:
        yield warning(
            "outbox",
            f"{len(late)} 份通知超过 {OUTBOX_WAITS.seconds // 60} 分钟未发出；检查通道，"
            "`duban notice list --state pending`",
            f"{len(late)} notices wait for more than {OUTBOX_WAITS.seconds // 60} minutes: "
            "check the channel, "
            "`duban notice list --state pending`",
        )
    if unknown:
        yield warning(
            "outbox",
            f"{len(unknown)} 份正式告知是否送达不明；用 `duban outbox resolve` 决定",
            f"{len(unknown)} formal notices may have left or not: decide with `duban outbox resolve`",
        )
    if not late and not unknown:
        yield good("outbox", f"{len(waiting)} 份通知待发", f"{len(waiting)} notices on their way")


def parked_finding(reader: Reader) -> Finding:
    waiting = [each for each in reader.parked() if each.next_at is None]
    if waiting:
        return bad(
            "set aside",
            f"{len(waiting)} 件因出错搁置；`duban board` 列出，排除原因后 `duban item retry`",
            f"{len(waiting)} are set aside because of errors: `duban board` lists them; mend the cause, "
            "then `duban item retry`",
        )
    return good("set aside", "没有搁置的事项", "nothing is set aside")


def disk_finding(place: str) -> Finding:
    """Of the store where it is a file, else of where this program runs."""
    folder = Path(place).parent if Path(place).exists() else Path.cwd()
    usage = shutil.disk_usage(folder)
    percent = 100 * usage.free // usage.total
    told = f"{usage.free // 2**20:,} MB"
    if percent < FREE_PERCENT:
        return warning(
            "disk",
            f"磁盘只剩 {percent} %（{told}）；请清理或扩容",
            f"{percent} % of the disk is free ({told}): make room",
        )
    return good("disk", f"磁盘可用 {percent} %（{told}）", f"{percent} % free ({told})")


def channel_finding(settings: Settings) -> Finding:
    channel = settings.channel
    if not isinstance(channel, FileSettings):
        return good("channel", f"邮件服务器 {channel.host}:{channel.port}", f"{channel.host}:{channel.port}")
    folder = Path(channel.folder)
    nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        return bad(
            "channel",
            f"通知文件夹 {folder} 不可写；检查权限",
            f"notices cannot be written to {folder}: check the rights",
        )
    return warning(
        "channel",
        f"通知只写入文件夹 {folder}，没有人会收到；在 duban.yaml 设 channel: smtp",
        f"notices only go to the folder {folder}, nobody gets them: set channel: smtp in duban.yaml",
    )
