"""What an outsider finds after the torture: tables, log, diaries and letters, held against each other.

The oracle is that of the simulator (tests/simulation/oracle.py); this adds what only real processes leave.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from store.errors import StoreError
from store.sqlite import driver
from tests.simulation import oracle_outbox
from tests.simulation.evidence import MAY_HAVE_LEFT, Acknowledged, Evidence, Sent
from tests.simulation.oracle import LIVENESS, SAFETY
from tests.simulation.records import Ask, Records, Violation
from tests.simulation.regime import edition
from tests.torture.diary import read_diary
from tests.torture.driving import DOINGS
from tests.torture.job import FIRST, Job
from tests.torture.work import LETTERS

MOODS = {"sent": "fine", "retry": "busy", "refused": "refuses", "unknown": "vague"}
TELLING = ("StoreError", *(each.__name__ for each in StoreError.__subclasses__()))
LOST, DOUBLED, BROKEN, MISSING = "lost", "doubled", "chain", "acknowledged"


@dataclass
class Found:
    violations: list[Violation] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)


@contextmanager
def asker(url: str) -> Iterator[Ask]:
    """A connection of an onlooker, on either database."""
    if url.startswith("sqlite"):
        with closing(driver().connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            yield lambda text, *values: file.execute(text, values).fetchall()
        return
    import psycopg

    address = make_url(url)
    schema = address.query["schema"]
    bare = address.difference_update_query(["schema"]).render_as_string(hide_password=False)
    with closing(psycopg.connect(bare, autocommit=True, options=f"-c search_path={schema}")) as server:
        yield lambda text, *values: server.execute(text.replace("?", "%s"), values).fetchall()


def read_all(ask: Ask, job: Job, until: datetime, excused: frozenset[str]) -> Found:
    found = Found()
    evidence = Evidence(began=FIRST, until=until, editions={edition(1).digest: 1})
    doings = read_diary(job.path(DOINGS))
    evidence.sent = letters_of(job)
    evidence.acknowledged = [Acknowledged(each["item"], each["done"], 0) for each in doings if "done" in each]
    records = Records.read(ask, evidence.editions)
    checks = [check for check in (*SAFETY, *LIVENESS) if check.__name__ not in excused]
    found.violations += [said for check in checks for said in check(records, evidence)]
    found.violations += [*done_once(records, doings), *kept_letters(records, job, evidence)]
    count(found.counted, records, doings, evidence)
    return found


def letters_of(job: Job) -> list[Sent]:
    lines = read_diary(job.path(LETTERS))
    ends = {each["attempt"]: each["kind"] for each in lines if "kind" in each}
    found = []
    for each in lines:
        if "kind" in each:
            continue
        at = datetime.fromtimestamp(each["at"], UTC)
        said = {name: each[name] for name in ("message_id", "address", "subject", "body", "formal")}
        mood = MOODS.get(ends.get(each["attempt"], ""), "dies")
        found.append(Sent(at=at, told=job.time_of(at), size=0, mood=mood, **said))
    return found


def done_once(records: Records, doings: list[dict[str, Any]]) -> Iterator[Violation]:
    """What was acknowledged is there, what was refused is not, what nobody heard of at most once."""
    for each in doings:
        if "failed" in each and each["failed"] not in TELLING:
            yield Violation("error", f"{each['failed']}, which no person can read: {each['said'][:200]}")
    refused = {each["name"] for each in doings if "refused" in each}
    done = {each["name"] for each in doings if "done" in each}
    tried: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in doings:
        if "tried" in each:
            tried[each.get("item") or each["name"], each["tried"]].append(each["name"])
    log = Counter((id, moved.event) for id, life in records.lives.items() for moved in life.moves)
    titles = records.ask("SELECT title FROM items WHERE workflow = ?", "task")
    log.update((title, "open") for (title,) in titles)
    for what in tried.keys() | log.keys():
        names = tried.get(what, [])
        least = sum(name in done for name in names)
        most = len(names) - sum(name in refused for name in names)
        if log[what] < least:
            yield Violation(MISSING, f"{what[1]} of {what[0]}: {least} acknowledged, {log[what]} in the log")
        if log[what] > most:
            yield Violation(DOUBLED, f"{what[1]} of {what[0]}: {most} tried, {log[what]} in the log")


def kept_letters(records: Records, job: Job, evidence: Evidence) -> Iterator[Violation]:
    """A letter that was acknowledged is in the folder, and each that is there is one that was written."""
    rows = oracle_outbox.rows(records)
    files = {path.stem: path for path in Path(job.outbox).glob("*.eml")}
    for row in rows:
        file = files.pop(row.message_id, None)
        if row.state == "sent" and file is None:
            yield Violation(LOST, f"notice {row.id} is said to be sent and is not in the folder")
        if file is not None:
            letter = message_from_bytes(file.read_bytes(), policy=SMTP)
            said = letter.get_content().strip()
            if said != row.body.strip() or row.address not in str(letter["To"]):
                yield Violation(DOUBLED, f"{file.name} is not what notice {row.id} says")
    for name in files:
        yield Violation(MISSING, f"the letter {name} was kept and no notice knows of it")
    left: Counter[str] = Counter(
        each.message_id for each in evidence.sent if each.formal and each.mood in MAY_HAVE_LEFT
    )
    for name, times in left.items():
        if times > 1:
            yield Violation(DOUBLED, f"the formal letter {name} may have left {times} times")


def count(counted: Counter[str], records: Records, doings: list[dict[str, Any]], evidence: Evidence) -> None:
    counted["entries"] += len(records.lines)
    counted["firings"] += len(records.fired)
    counted["acknowledged"] += sum("done" in each for each in doings)
    counted["letters"] += sum(each.mood == "fine" for each in evidence.sent)
    counted["letters cut short"] += sum(each.mood == "dies" for each in evidence.sent)
    counted["commits of unknown outcome"] += sum(each.get("failed") == "OutcomeUnknown" for each in doings)
    for each in doings:
        if "failed" in each:
            counted[f"failed: {each['failed']}"] += 1
            counted["no room"] += "no room left" in each["said"]
    for state, number in records.ask("SELECT state, count(*) FROM notices GROUP BY state"):
        counted[f"notices {state}"] += number
