"""Notices: one for each who is to be told, in the words of the decision, and what became of it (N, T2)."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tests.simulation.evidence import MAY_HAVE_LEFT, Evidence, Sent
from tests.simulation.moments import LADDERS, post
from tests.simulation.oracle_regime import said_of
from tests.simulation.records import Fired, Life, Records, Violation

COLUMNS = (
    "id, audit_seq, item, kind, recipient, address, channel, formal, subject, body, message_id, state,"
    " attempts, created_at, next_at"
)
FEWEST_TRIES, GIVE_UP = 6, timedelta(hours=72)
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Row:
    id: int
    seq: int
    item: str | None
    kind: str
    recipient: str
    address: str
    channel: str
    formal: int
    subject: str
    body: str
    message_id: str
    state: str
    attempts: int
    created_at: str
    next_at: str


def rows(records: Records) -> list[Row]:
    return [Row(*row) for row in records.ask(f"SELECT {COLUMNS} FROM notices ORDER BY id")]


def by_message(evidence: Evidence) -> dict[str, list[Sent]]:
    found: dict[str, list[Sent]] = defaultdict(list)
    for each in evidence.sent:
        found[each.message_id].append(each)
    return found


def expected(fired: Fired, life: Life | None) -> set[tuple[str, bool]]:
    """Whom the regime has told, and whether formally."""
    if fired.rule == "weekly_warning":
        unit = fired.subject.partition(":")[2]
        return {(f"{unit}.head", True)} | ({("mayor", True)} if fired.record["nth"] >= 2 else set())
    if fired.rule == "refer" or life is None:
        return set()
    said = said_of(fired)
    for rung in LADDERS[life.workflow][fired.rule](said.due, life.edition):
        if (rung.rung, rung.again) == (said.rung, said.again):
            return {(post(role, life.unit), rung.formal) for role in rung.tells}
    return set()


def called_for(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """T2, N1: for every firing exactly the notices that the regime calls for. Of rungs that act, those below
    the newest are silent after an outage (0017)."""
    found: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for row in rows(records):
        found[row.seq].append((row.recipient, bool(row.formal)))
    silent = {fired.seq for fired in records.fired if fired.rule in ("escalate_task", "letter_task")}
    for fired in records.fired:
        told = found.pop(fired.seq, [])
        life = records.lives.get(fired.subject.partition(":")[2])
        wanted = expected(fired, life)
        if len(told) != len(set(told)):
            yield Violation("N1", f"entry {fired.seq} tells somebody twice: {told}")
        if set(told) != wanted and not (fired.seq in silent and not told and _has_newer(fired, life)):
            yield Violation("T2", f"entry {fired.seq} ({fired.rule}) tells {told}, not {wanted}")
    for seq, told in found.items():
        yield Violation("T2", f"entry {seq} is no firing and tells {told}")


def _has_newer(fired: Fired, life: Life | None) -> bool:
    """Whether a higher rung had come when it spoke, which tells instead."""
    if life is None:
        return False
    said = said_of(fired)
    ladder = LADDERS[life.workflow][fired.rule](said.due, life.edition)
    return any(said.at < rung.at <= fired.at for rung in ladder)


def words(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """N1: every attempt sends what was written when it was decided."""
    stored = {row.message_id: row for row in rows(records)}
    if len(stored) != len(rows(records)):
        yield Violation("N1", "two notices share a Message-ID")
    for id, sendings in by_message(evidence).items():
        row = stored.get(id)
        for each in sendings:
            said = (each.address, each.subject, each.body, each.formal)
            if row is None or said != (row.address, row.subject, row.body, bool(row.formal)):
                yield Violation("N1", f"{id} was sent in other words than it was written")
    for each in evidence.lost:  # whoever got it takes another letter of that name for a repetition
        row = stored.get(each.message_id)
        if row is not None and (each.address, each.body) != (row.address, row.body):
            yield Violation("N1", f"notice {row.id} has the Message-ID of a letter sent before the restore")
    for row in stored.values():
        if row.item is not None and row.item not in row.body:
            yield Violation("N1", f"notice {row.id} about {row.item} speaks of something else")


def formal_once(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """N2: what is formal and may have left is not sent again by the machine, and waits for a person."""
    stored = {row.message_id: row for row in rows(records)}
    for id, sendings in by_message(evidence).items():
        left = [each for each in sendings if each.mood in MAY_HAVE_LEFT]
        if not left[:1] or not left[0].formal:
            continue
        if sendings[-1] is not left[0]:
            yield Violation("N2", f"{id} is formal, may have left as `{left[0].mood}`, and was sent again")
        row = stored.get(id)
        if (
            row is not None
            and left[0].mood in ("vague", "breaks", "dies")
            and row.state
            not in (
                "unknown",
                "sending",
            )
        ):
            yield Violation("N2", f"{id} may have left as `{left[0].mood}`, it stands as {row.state}")


def patience(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """N3: tried again after a while, and given up only after many tries and three days, or when refused."""
    by_id = by_message(evidence)
    for sendings in by_id.values():
        for earlier, later in pairwise(sendings):
            least = LEASE if earlier.mood in ("dies", "slow") else timedelta(seconds=1)
            if later.told - earlier.told < least:
                yield Violation("N3", f"{later.message_id} was sent again after {later.told - earlier.told}")
    ended = {line.obj: line.at for line in records.lines if line.act == "notice.dead"}
    for row in rows(records):
        moods = [each.mood for each in by_id.get(row.message_id, ())]
        if row.state != "dead" or "refuses" in moods[-1:]:
            continue
        waited = ended[str(row.id)] - datetime.fromisoformat(row.created_at)
        if row.attempts < FEWEST_TRIES or waited + timedelta(hours=24) < GIVE_UP:
            yield Violation("N3", f"notice {row.id} was given up after {row.attempts} tries, {waited}")


def sequence(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """N4: to one person about one item in order; whoever waits holds up nobody else."""
    queues: dict[tuple[str | None, str], list[Row]] = defaultdict(list)
    for row in rows(records):
        if row.item is not None:
            queues[row.item, row.recipient].append(row)
    by_id = by_message(evidence)
    for queue in queues.values():
        last: Sent | None = None
        for row in queue:
            sendings = by_id.get(row.message_id, [])
            if last is not None and sendings and sendings[0].at < last.at:
                yield Violation("N4", f"notice {row.id} overtook an earlier one about {row.item}")
            last = sendings[-1] if sendings else last


def moot(records: Records, evidence: Evidence) -> Iterator[Violation]:
    """N5: nobody is reminded of what is over; formal notices still go, none is dropped without need."""
    ends = {
        line.obj: line
        for line in records.lines
        if line.act == "item.move" and line.record["to"] in FINAL_STATES
    }
    by_id = by_message(evidence)
    for row in rows(records):
        end = ends.get(row.item or "")
        over = end is not None and end.ts > row.created_at
        if row.state == "dropped" and (row.formal or not over):
            yield Violation("N5", f"notice {row.id} was dropped without need")
        for each in by_id.get(row.message_id, ()):
            if over and not row.formal and end is not None and end.seq < each.size:
                yield Violation("N5", f"notice {row.id} was sent at {each.at}, {row.item} was over")


def once(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """N2: what has come to its end is not settled again, but by a person's word."""
    ended: dict[str, str] = {}
    for line in records.lines:
        if line.act in ("notice.resend", "notice.resolved"):
            ended.pop(line.obj, None)
        elif line.act in SETTLING:
            if line.obj in ended:
                yield Violation("N2", f"notice {line.obj}: {line.act} after {ended[line.obj]}")
            if line.act != "notice.retry":
                ended[line.obj] = line.act


def settled(records: Records, _evidence: Evidence) -> Iterator[Violation]:
    """N6: nothing that is due is left in the outbox. A1: what became of each stands in the log."""
    told = {
        (line.obj, line.act)
        for line in records.lines
        if line.act.startswith("notice.") and json.loads(line.rec)["obj"]["type"] == "notice"
    }
    for row in rows(records):
        if row.state in ("pending", "sending"):
            yield Violation("N6", f"notice {row.id} of {row.created_at} is still {row.state}")
        if (
            row.state in ("sent", "dead", "unknown", "dropped")
            and (str(row.id), f"notice.{row.state}") not in told
        ):
            yield Violation("A1", f"notice {row.id} is {row.state} without an entry that says so")


SETTLING = ("notice.sent", "notice.retry", "notice.dead", "notice.unknown", "notice.dropped")
FINAL_STATES = {"closed", "dropped", "filed", "held", "refused"}
