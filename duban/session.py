"""One command's surroundings: which office, which language, which moment, which form of output."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING

from duban.clock import read_clock
from duban.mistakes import CANNOT_RUN, Mistake
from duban.output import Format, Listing, Row, write_document, write_listing
from duban.texts import Language, Text, language_of

if TYPE_CHECKING:
    from duban.config import Settings
    from engine.office import Office
    from store.office import Store
    from store.read import Reader

VIRTUAL = ("clock", "virtual")  # remembered by the store of an office whose time is told, not read


class Session:
    def __init__(
        self,
        *,
        store: str | None = None,
        lang: str | None = None,
        now: str | None = None,
        output: Format = Format.table,
    ) -> None:
        self._store, self._lang, self._now = store, lang, now or os.environ.get("DUBAN_NOW") or None
        self.output = output

    @cached_property
    def settings(self) -> "Settings":
        return self.load({"store": self._store, "lang": self._lang})

    def load(self, flags: Mapping[str, object]) -> "Settings":
        from duban.config import load_settings

        return load_settings(flags, os.environ)

    @property
    def language(self) -> Language:
        return self.settings.lang or language_of(os.environ)

    @property
    def url(self) -> str:
        return self.settings.store

    @property
    def shown_url(self) -> str:
        """As it may be printed: without a password."""
        from store.address import shown

        return shown(self.url)

    @property
    def asked_store(self) -> str | None:
        """What --store or DUBAN_STORE says; what makes an office never takes the usual one."""
        from duban.config import store_url

        asked = self._store or os.environ.get("DUBAN_STORE")
        return str(store_url(asked)) if asked else None

    def pick(self, zh: str, en: str) -> str:
        return Text(zh, en).in_(self.language)

    def say(self, zh: str, en: str) -> None:
        print(self.pick(zh, en))

    def note(self, zh: str, en: str) -> None:
        """On stderr, so that what programs read stays clean."""
        print(self.pick(zh, en), file=sys.stderr)

    def list(self, listing: Listing) -> None:
        write_listing(listing, self.output, self.language)

    def show(self, data: Row, parts: Iterable[str | Listing]) -> None:
        write_document(data, self.output, parts, self.language)

    # ------------------------------------------------------------ the office

    @contextmanager
    def office(self) -> Iterator["Office"]:
        from engine.office import Office

        office = Office.open(self.url)
        try:
            yield office
        finally:
            office.close()

    @property
    def told_now(self) -> bool:
        return self._now is not None

    def clock(self, zone: tzinfo) -> datetime:
        """What --now says, a local time of the office when it has no offset, else the clock."""
        return read_clock() if self._now is None else read_moment(self._now, zone, "--now")

    def now(self, office: "Office", reader: "Reader") -> datetime:
        """An office on a virtual clock stands where its log ends, until --now moves it."""
        if self._now is not None:
            return self.clock(office.book.zone)
        return last_entry(reader) if is_virtual(reader) else self.believed(office.store, reader)

    def believed(self, store: "Store", reader: "Reader") -> datetime:
        """What may be acted on of what the clock says (ADR 0019)."""
        from duban.machine import read_machine
        from engine.trusted import believe, last_sign

        sign = believe(last_sign(reader), read_machine(store))
        if sign.doubt:
            wall, lived = (f"{at:%F %T} UTC" for at in (sign.reading.wall, sign.believed))
            self.note(
                f"时钟存疑：显示 {wall}，按 {lived} 办理；校准时钟，确实无误则 `duban clock confirm`",
                f"the clock is in doubt: it says {wall}, the office lives at "
                f"{lived}; set it right, or `duban clock confirm` where it is right",
            )
        return sign.believed

    def acting_now(self, office: "Office") -> datetime:
        """As above, never before what the log already holds, and never in an office that is held."""
        with office.store.read() as reader:
            held = reader.held()
        if held is not None:
            from store.errors import StoreHeld

            raise StoreHeld(office.store.place)
        return self.recovering_now(office)

    def recovering_now(self, office: "Office") -> datetime:
        """The same where an office that is held may act again."""
        with office.store.read() as reader:
            now, last, virtual = self.now(office, reader), last_entry(reader), is_virtual(reader)
        if self.told_now and not virtual:
            # One slip would put the whole office into the future for good.
            raise Mistake(
                "这个办公库按真实时间运行，办理和运行都不能指定 --now；它只用于查询，或用于虚拟时钟的办公库",
                "this office lives in real time, and nothing is done in it at another: --now is for asking, "
                "or for an office founded on a virtual clock",
                CANNOT_RUN,
            )
        if self.told_now and now < last:
            local = last.astimezone(office.book.zone).isoformat(timespec="seconds")
            raise Mistake(
                f"--now 早于日志中的最后一条（{local}）：请给出不早于它的时刻",
                f"--now is before the last entry of the log ({local}): give that moment or a later one",
            )
        return now


def is_virtual(reader: "Reader") -> bool:
    return reader.meta().get(VIRTUAL[0]) == VIRTUAL[1]


def last_entry(reader: "Reader") -> datetime:
    return datetime.fromisoformat(reader.head().last_ts)


def read_moment(text: str, zone: tzinfo, name: str) -> datetime:
    """2020-10-09, 2020-10-09 09:00 or 2020-10-09T09:00+08:00, as an instant in UTC."""
    from datetime import UTC

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Mistake(
            f"{name}「{text}」不是时刻：请写作 2020-10-09 09:00",
            f"{name} {text!r} is no moment: write it as 2020-10-09 09:00",
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
