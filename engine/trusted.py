"""Time that may be acted on: a clock is believed only as far as it can be checked (ADR 0019).

One clock says what time it is, another one how much of it passed. Where the first goes ahead of the second,
the office goes on at the pace of the second, so that no limit passes early; a person may confirm the first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from engine.office import SYSTEM, Office
from store.office import Tx
from store.read import Reader
from store.rows import Entry

TOLERANCE = timedelta(minutes=5)  # between the two, from one sign of life to the next
LONGEST_SLEEP = timedelta(days=31)  # that is believed of a machine that was off
BEATS_MISSED = 3  # of a daemon's, after which it is not thought to run
META = "sign_of_life"  # under which the store remembers the last one

Doubt = Literal["jump", "sleep"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a machine says: the time, and how long it has been up, its sleep included."""

    wall: datetime
    steady: timedelta
    boot: str  # which start of which machine: `steady` means nothing across two of them


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A sign of life: what was read, and what of it is believed."""

    believed: datetime
    reading: Reading
    doubt: Doubt | None = None


def is_silent(last: Sign, now: Sign, heartbeat: timedelta) -> bool:
    """Whether the daemon that gave the last sign of life is not thought to run any more."""
    return now.believed - last.believed > BEATS_MISSED * heartbeat


def believe(last: Sign | None, reading: Reading) -> Sign:
    """What may be acted on at this reading, after the last sign of life. It never runs back."""
    if last is None:
        return Sign(believed=reading.wall, reading=reading)
    if reading.boot == last.reading.boot:
        passed = max(reading.steady - last.reading.steady, timedelta())
        return _after(last, reading, last.believed + passed)
    if last.doubt or reading.wall - last.believed > LONGEST_SLEEP:
        return Sign(believed=last.believed, reading=reading, doubt=last.doubt or "sleep")
    return Sign(believed=max(last.believed, reading.wall), reading=reading)


def _after(last: Sign, reading: Reading, expected: datetime) -> Sign:
    if reading.wall - expected >= TOLERANCE:
        return Sign(believed=expected, reading=reading, doubt=last.doubt or "jump")
    return Sign(believed=max(last.believed, reading.wall), reading=reading)


def enter_outage(tx: Tx, last: Sign | None, sign: Sign, longest: timedelta) -> bool:
    """Nobody kept the limits in between: whoever asks later why a reminder came late finds it in the log."""
    if last is None or sign.believed - last.believed <= longest:
        return False
    since, until = (at.isoformat(timespec="seconds") for at in (last.believed, sign.believed))
    tx.write_entry(
        Entry(
            act="office.outage",
            actor=SYSTEM,
            obj_type="office",
            obj_id="clock",
            ok=False,
            why=f"守护进程未运行：{since} 至 {until}",
            more={"since": since, "until": until, "why_en": f"no daemon from {since} to {until}"},
        )
    )
    return True


def last_of(kept: Sign | None, own: Sign | None) -> Sign | None:
    """The sign to go on from. What another machine kept tells nothing of the time that passed on this one."""
    if kept is None or own is None or kept.reading.boot == own.reading.boot:
        return kept or own
    return replace(own, believed=max(own.believed, kept.believed), doubt=kept.doubt)


def last_sign(reader: Reader) -> Sign | None:
    text = reader.meta().get(META)
    if text is None:
        return None
    kept = json.loads(text)
    reading = Reading(
        wall=datetime.fromisoformat(kept["wall"]),
        steady=timedelta(seconds=kept["steady"]),
        boot=kept["boot"],
    )
    return Sign(believed=datetime.fromisoformat(kept["at"]), reading=reading, doubt=kept["doubt"])


def live_on(tx: Tx, last: Sign | None, sign: Sign, actor: Mapping[str, str], pid: int | None = None) -> None:
    """Give a sign of life. Doubt that begins or ends with it stands in the log."""
    kept = {
        "at": sign.believed.isoformat(),
        "wall": sign.reading.wall.isoformat(),
        "steady": sign.reading.steady.total_seconds(),
        "boot": sign.reading.boot,
        "doubt": sign.doubt,
        "pid": pid,
    }
    tx.set_meta(META, json.dumps(kept))
    if sign.doubt != (last.doubt if last else None):
        _enter_doubt(tx, sign, actor)


def _enter_doubt(tx: Tx, sign: Sign, actor: Mapping[str, str]) -> None:
    act = "time.doubt" if sign.doubt else "time.believe"
    zh, en = SENTENCES[sign.doubt]
    said = {
        "wall": sign.reading.wall.isoformat(timespec="seconds"),
        "believed": sign.believed.isoformat(timespec="seconds"),
    }
    tx.write_entry(
        Entry(
            act=act,
            actor=actor,
            obj_type="office",
            obj_id="clock",
            ok=sign.doubt is None,
            why=zh.format(**said),
            more={**said, "why_en": en.format(**said)},
        )
    )


SENTENCES: Mapping[Doubt | None, tuple[str, str]] = {
    "jump": (
        "系统时钟走快：显示 {wall}，按经过的时间应为 {believed}；以后者为准，确认后才按前者",
        "the clock ran ahead: it says {wall}, but by the time that passed it is {believed}; that holds until "
        "somebody confirms the other",
    ),
    "sleep": (
        "停机过久：时钟显示 {wall}，上次运行到 {believed}；确认之前以后者为准",
        "away for long: the clock says {wall}, the office last lived at {believed}; that holds until "
        "somebody confirms",
    ),
    None: ("时钟可信：{wall}", "the clock is believed: {wall}"),
}


def confirm(office: Office, reading: Reading, actor: Mapping[str, str]) -> Sign:
    """A person says that the clock is right."""
    with office.store.read() as reader:
        before = last_sign(reader)
    floor = before.believed if before else reading.wall
    sign = Sign(believed=max(floor, reading.wall), reading=reading)
    with office.store.write(sign.believed) as tx:
        live_on(tx, before, sign, actor)
    return sign
