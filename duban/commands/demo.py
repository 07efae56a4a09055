"""`duban demo`: a whole programme on a virtual clock, with made-up people and the real engine."""

import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.mistakes import FINDINGS, Mistake
from duban.options import with_session
from duban.output import Listing
from duban.session import VIRTUAL, Session, read_moment

if TYPE_CHECKING:
    from engine.book.book import Book
    from engine.language import Scenario
    from engine.office import Office
    from engine.simulate import Lived

USUAL_FILE = Path("duban-demo.db")
DEMO = ("demo", "yes")  # remembered by a demo's store: only such a one is replaced by the next


def register(app: typer.Typer) -> None:
    help = "演示:虚拟时钟上跑完整个施行期 / see a whole programme run on a virtual clock"
    app.command("demo", help=help)(with_session(demo))


def demo(
    session: Session,
    book: Annotated[str | None, typer.Argument(help="规则册 / book; default: the first shipped")] = None,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", metavar="FILE", help="情景文件 / scenario; default: the book's own"),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="MOMENT", help="演示到何时 / how far it runs")
    ] = None,
) -> None:
    from duban.shelf import find_book
    from engine.book.book import read_book, read_scenario
    from store.address import shown

    folder = find_book(book)
    content = read_book(folder)
    made_up = read_scenario(scenario or own_scenario(folder))
    since, end = span(content, until)
    url = session.asked_store or f"sqlite:///{USUAL_FILE}"
    if session.asked_store is None:
        clear(url)
    office = begin(url, folder, content, made_up, since)
    try:
        live(session, office, made_up, since, end)
        data = look_back(office, made_up)
    except KeyboardInterrupt:
        office.close()
        clear(url)  # half a year is no demo
        raise
    finally:
        office.close()
    data |= {"store": shown(url), "next": next_commands(shown(url), data)}
    session.show(data, demo_parts(session, data))
    if not data["log"]["verified"]:
        raise typer.Exit(FINDINGS)


def own_scenario(folder: Path) -> Path:
    from engine.book.gather import scenario_files

    found = next(scenario_files(folder), None)
    if found is None:
        raise Mistake(
            f"{folder} 没有情景文件：请写 --scenario 文件",
            f"{folder} has no scenario of its own: name one with --scenario",
        )
    return found


def span(book: "Book", until: str | None) -> tuple[datetime, datetime]:
    """From the first day of the programme to the end of its last, or to what was asked."""
    from rules.time.instant import END_OF_DAY, instant

    programme = book.info.programme
    since, end = instant(programme.start, 0, book.zone), instant(programme.end, END_OF_DAY, book.zone)
    asked = read_moment(until, book.zone, "--until") if until else end
    if asked <= since:
        raise Mistake(
            f"--until 应晚于施行首日 {programme.start}",
            f"--until must be after the programme's first day, {programme.start}",
        )
    return since, asked


def clear(url: str) -> None:
    """Make room for this demo, if what stands there is an earlier one."""
    from store.office import Store, is_free, remove

    if is_free(url):
        return
    store = Store.open(url)
    meta, place = store.meta, store.place
    store.close()
    if meta.get(DEMO[0]) != DEMO[1]:
        raise Mistake(
            f"{place} 不是演示生成的，不会覆盖：请用 --store 另指一处",
            f"{place} was not made by a demo and is left alone: name another place with --store",
        )
    remove(url)


def begin(url: str, folder: Path, book: "Book", scenario: "Scenario", since: datetime) -> "Office":
    from engine.office import Founding, files_of, found
    from engine.simulate import people_of

    holders = people_of(book, scenario)
    office = found(Founding(url=url, book=book, files=files_of(folder), holders=holders), since)
    with office.store.write(since) as tx:
        tx.set_meta(*DEMO)
        tx.set_meta(*VIRTUAL)
    return office


def live(
    session: Session,
    office: "Office",
    scenario: "Scenario",
    since: datetime,
    end: datetime,
    *,
    strict: bool = True,
) -> "Lived":
    from duban.progress import progress
    from engine.simulate import simulate

    days, stopped = (end - since).days, Event()

    def on_moment(at: datetime) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        advance((at - since).days, days)

    # Between two moments, so that no transaction is torn in the middle.
    before = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    try:
        with progress(session.pick("演示进行中", "living through the programme")) as advance:
            return simulate(office, scenario, since, end, on_moment, strict=strict)
    finally:
        signal.signal(signal.SIGINT, before)


def look_back(office: "Office", scenario: "Scenario") -> dict[str, Any]:
    from engine.summary import summarise
    from store.verify import verify

    with office.store.read() as reader:
        verdict = verify(reader)
        data = summarise(office.book, reader)
    data["made_up"] = {"zh": scenario.made_up.zh, "en": scenario.made_up.en}
    data["log"] |= {"verified": verdict.ok, "verdict": {"zh": verdict.zh, "en": verdict.en}}
    return data


def next_commands(url: str, data: dict[str, Any]) -> list[str]:
    """Three that show most: who stands where, one unit's own page, and why an interview was held."""
    commands = ["board", "unit list", "audit list"]
    if data["interviews"]:
        last = data["interviews"][-1]
        commands = ["board", f"unit show {last['unit']}", f"why {last['id']}"]
    return [f"{program()} {command} --store {shlex.quote(url)}" for command in commands]


def program() -> str:
    """As it was called where it is not on the path, so that what is printed can be typed."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "duban" and shutil.which("duban") is None else "duban"


def demo_parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    from duban.views.summary import summary_parts

    yield from summary_parts(data, session.language)
    yield data["log"]["verdict"][session.language]
    yield ""
    yield data["made_up"][session.language]
    yield session.pick("接着可以试：", "Now try:")
    yield from (f"  {command}" for command in data["next"])
