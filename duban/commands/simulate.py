"""`duban simulate`: a made-up year of any book, with its own scenario or with people made up from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from duban.commands import demo
from duban.mistakes import FINDINGS, Mistake
from duban.options import with_session
from duban.output import Listing
from duban.session import Session

if TYPE_CHECKING:
    from engine.book.book import Book
    from engine.language import Scenario
    from engine.simulate import Lived

MONTHS = 12
SEED = 1
SHOWN = 5  # of what the book could not bear


def register(app: typer.Typer) -> None:
    help = "虚构一年:任何规则册都可以 / a made-up year of any book, by seed"
    app.command("simulate", help=help)(with_session(simulate))


def simulate(
    session: Session,
    *,
    book: Annotated[str | None, typer.Argument(help="规则册 / a book's folder or name")] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario",
            metavar="FILE",
            help="情景文件;缺省为册中的,没有则虚构 / default: the book's own, else made up",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="随机种子 / the same seed, the same year", show_default=False)
    ] = None,
    volume: Annotated[
        int | None,
        typer.Option(
            "--volume",
            min=1,
            max=200,
            help="虚构时每单位每月每类立项几件,缺省 3 / openings by kind, unit and month: 3",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="MOMENT", help="到何时 / up to when", show_default=False)
    ] = None,
) -> None:
    from duban.shelf import find_book
    from engine.book.book import read_book
    from engine.watch import Watch

    folder = find_book(book or session.settings.book)
    content = read_book(folder)
    since, end = span(content, until)
    made_up, own = people_for(content, scenario or own_scenario(folder), (seed, volume), (since, end))
    watch = Watch(terms=False)
    with place(session) as url:
        office = demo.begin(url, folder, watch.over(content), made_up, since)
        try:
            lived = demo.live(session, office, made_up, since, end, strict=own)
            data = demo.look_back(office, made_up)
            with office.store.read() as reader:
                watch.look(content)(reader)
        finally:
            office.close()
    data |= {"seed": made_up.seed, **told(content, watch, lived)}
    data["store"] = session.shown_url if session.asked_store else None
    session.show(data, parts(session, data))
    if not data["log"]["verified"] or data["failed"]:
        raise typer.Exit(FINDINGS)


def span(book: "Book", until: str | None) -> tuple[datetime, datetime]:
    """A whole year from the first day, where the programme is not over before and nothing else is asked."""
    from rules.time.duration import add_months
    from rules.time.instant import instant

    since, end = demo.span(book, until)
    year = instant(add_months(book.info.programme.start, MONTHS), 0, book.zone)
    return since, end if until else min(end, year)


def own_scenario(folder: Path) -> Path | None:
    from engine.book.gather import scenario_files

    return next(scenario_files(folder), None)


def people_for(
    book: "Book",
    file: Path | None,
    drawn: tuple[int | None, int | None],
    between: tuple[datetime, datetime],
) -> tuple["Scenario", bool]:
    """How people behave, and whether somebody has thought it out. `drawn`: seed and volume, where given."""
    from engine.book.book import read_scenario
    from engine.pretend import VOLUME, pretend

    seed, volume = drawn
    if file is None:
        return pretend(book, SEED if seed is None else seed, *between, volume or VOLUME), False
    if volume is not None:
        raise Mistake(
            f"--volume 只用于虚构的情景；{file} 自己写明发生什么",
            f"--volume is for made-up years: {file} says itself what happens",
        )
    found = read_scenario(file)
    return (found if seed is None else found.model_copy(update={"seed": seed})), True


@contextmanager
def place(session: Session) -> Iterator[str]:
    """Where --store says, or somewhere that is gone afterwards."""
    if session.asked_store:
        yield session.asked_store
        return
    with TemporaryDirectory(prefix="duban-") as folder:
        yield f"sqlite:///{Path(folder) / 'world.db'}"


def told(book: "Book", watch: Any, lived: "Lived") -> dict[str, Any]:
    from engine.coverage import coverage

    missing = [point for point in coverage(book, watch.reached).missing if point.kind in ("rule", "guard")]
    silent = list(dict.fromkeys(str(point.path[1]) for point in missing))
    return {
        "moments": lived.moments,
        "acts": lived.acts,
        "acts_refused": lived.refused,
        "failed": list(lived.failed),
        "silent": [{"rule": id, "label": label_of(book, id)} for id in silent],
    }


def label_of(book: "Book", rule: str) -> dict[str, str]:
    label = book.rules[rule].spec.label
    return {"zh": label.zh, "en": label.en}


def parts(session: Session, data: dict[str, Any]) -> Iterator[str | Listing]:
    from duban.views.summary import summary_parts

    yield from summary_parts(data, session.language)
    yield session.pick(
        f"种子 {data['seed']}：办理 {data['acts']} 次，其中被拒绝 {data['acts_refused']} 次",
        f"Seed {data['seed']}: people acted {data['acts']} times and were refused {data['acts_refused']}",
    )
    yield from silent_parts(session, data["silent"])
    failed = data["failed"]
    if failed:
        yield session.pick(
            f"规则册无法承受的有 {len(failed)} 次：", f"The book could not bear {len(failed)}:"
        )
        yield from (f"  {each}" for each in failed[:SHOWN])
    yield data["log"]["verdict"][session.language]
    yield ""
    yield data["made_up"][session.language]


def silent_parts(session: Session, silent: list[dict[str, Any]]) -> Iterator[str | Listing]:
    if not silent:
        yield session.pick("每条规则都作出过决定", "Every rule has spoken")
        return
    rows = [{**each, "label": each["label"][session.language]} for each in silent]
    title = session.pick("从未作出决定的规则", "Rules that never spoke")
    yield Listing(title=title, columns=("rule", "label"), rows=rows)
