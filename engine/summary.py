"""What became of a programme so far, as plain data: the shell only has to show it.

Of sealed items it says that there are some and nothing else. Labels are {zh, en}. Which workflows are
interviews, proposals or bulletins is read from the book: from what its rules propose, and from two fields.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.book.book import Book
from engine.book.compiled import CompiledRule
from engine.wanted import combine
from rules.language import Actions
from rules.time.clock_state import from_plain
from store.read import Reader
from store.rows import ClockRow, ItemRow, Plain

HELD_ON, ISSUED_ON = "held_on", "issued_on"  # date fields: of what is held, and of what is issued
OPENED, MOVED, FIRED, TRIED = "item.open", "item.move", "rule.fire", "item.refuse"
# What may become of a due date: kept, done late, passed and not done, no longer wanted, not yet passed.
FATES = ("kept", "late", "missed", "excused", "running")
WORST_FIRST = ("missed", "late", "running", "kept", "excused")
UNDATED = "undated"

Data = dict[str, Any]


def summarise(book: Book, reader: Reader) -> Data:
    items = _Items.of(book, reader)
    trail = _Trail.of(book, reader)
    return {
        "office": book.info.id,
        "label": _label(book.info.label),
        "document": book.info.basis.document,
        "programme": {"start": book.info.programme.start, "end": book.info.programme.end},
        "until": datetime.fromisoformat(reader.head().last_ts).astimezone(book.zone),
        "duties": list(duties(book, items)),
        "workflows": list(by_workflow(book, items)),
        "notices": notices(book, reader),
        "lights": {colour: len(trail.lights[colour]) for colour in ("yellow", "red")},
        "bulletins": bulletins(book, items),
        "interview_kinds": list(interview_kinds(book, items)),
        "interviews": list(interviews(book, items, trail, reader)),
        "rectification": rectification(book, items),
        "referrals": referrals(book, items),
        "proposals": list(proposals(book, items)),
        "refused": trail.refused,
        "log": {"entries": reader.head().size, "root": reader.root()},
    }


def proposed_by_rules(book: Book) -> tuple[str, ...]:
    """Workflows of which a rule proposes items that a person decides."""
    wanted = (actions.propose for rule in book.rules.values() for actions in _wanted(rule))
    found = {opening.workflow for openings in wanted for opening in openings}
    return tuple(id for id in _open_to_all(book) if id in found)


def held_workflows(book: Book) -> tuple[str, ...]:
    """Interviews: what a rule proposes and people hold on a day."""
    return tuple(id for id in proposed_by_rules(book) if HELD_ON in book.workflows[id].spec.fields)


def issued_workflows(book: Book) -> tuple[str, ...]:
    """Bulletins: what is issued on a day."""
    return tuple(id for id in _open_to_all(book) if ISSUED_ON in book.workflows[id].spec.fields)


def ordered_workflows(book: Book) -> frozenset[str]:
    """Measures: what rules open under an interview."""
    held = set(held_workflows(book))
    rules = (rule for rule in book.rules.values() if not held.isdisjoint(rule.workflows))
    return frozenset(opening.workflow for rule in rules for each in _wanted(rule) for opening in each.open)


def _wanted(rule: CompiledRule) -> Iterator[Actions]:
    yield rule.then.spec
    yield from (rung.wanted.spec for rung in rule.ladder)
    yield from (band.wanted.spec for band in rule.times)


def _open_to_all(book: Book) -> Iterator[str]:
    return (id for id, workflow in book.workflows.items() if not workflow.spec.sealed)


@dataclass(frozen=True, kw_only=True)
class _Items:
    book: Book
    rows: tuple[ItemRow, ...]
    clocks: Mapping[str, list[ClockRow]]

    @classmethod
    def of(cls, book: Book, reader: Reader) -> "_Items":
        rows = tuple(reader.list_items(include_sealed=True))
        return cls(book=book, rows=rows, clocks=reader.clocks_of(row.id for row in rows))

    def of_workflow(self, *workflows: str) -> tuple[ItemRow, ...]:
        return tuple(row for row in self.rows if row.workflow in workflows and not row.sealed)

    def fate(self, row: ItemRow) -> str:
        """The worst of its clocks: one of FATES, or UNDATED where it has none."""
        found = {fate_of(clock) for clock in self.clocks.get(row.id, ()) if self._is_owed(clock)}
        return next((fate for fate in WORST_FIRST if fate in found), UNDATED)

    def _is_owed(self, clock: ClockRow) -> bool:
        """Nobody owes anything in a window, or by a clock that never had a limit."""
        spec = self.book.clocks.get(clock.clock)
        if clock.outcome == "cancelled" and from_plain(json.loads(clock.state)).never_limited:
            return False
        return spec is None or not spec.spec.window


def fate_of(due: ClockRow) -> str:
    if due.outcome == "cancelled":
        return "excused"
    if due.missed_at is not None:
        return "late" if due.ended_at is not None else "missed"
    return "kept" if due.ended_at is not None else "running"


@dataclass(kw_only=True)
class _Trail:
    """What only the log still knows: why an item was opened, and which lights were ever on."""

    reasons: dict[str, tuple[str, str]] = field(default_factory=dict)
    lights: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: int = 0

    @classmethod
    def of(cls, book: Book, reader: Reader) -> "_Trail":
        trail = cls()
        for line in reader.audit_lines():
            if line.act == OPENED and line.obj_id:
                record = json.loads(line.rec)
                said = (record.get(f"why_{language}", record["why"]) for language in ("zh", "en"))
                trail.reasons[line.obj_id] = (next(said), next(said))
            elif line.act == FIRED:
                light = light_of(book, json.loads(line.rec)["idem"])
                if light is not None:
                    trail.lights[light].add(line.obj_id)
            elif line.act == TRIED:
                trail.refused += 1
        return trail


def light_of(book: Book, idem: str) -> str | None:
    """The light that a firing wanted: its rule, and for a ladder by time the rung, name it. None where
    the book does not have them."""
    _, rule_id, occasion = idem.split("|", 2)
    rule = book.rules.get(rule_id)
    if rule is None:
        return None
    if not rule.ladder:
        return rule.then.spec.light
    _, _, rung, *_ = occasion.split("|")  # clock, due moment, rung; how often before, and its moment
    return combine(rule, int(rung)).actions.light if int(rung) < len(rule.ladder) else None


def duties(book: Book, items: _Items) -> Iterator[Data]:
    """Of every recurring duty: how many were owed, and what became of them."""
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    for row in items.rows:
        if row.duty is not None:
            fates[row.duty][items.fate(row)] += 1
    for id, duty in book.duties.items():
        found = fates[id]
        yield {"duty": id, "label": _label(duty.spec.label), "basis": duty.spec.basis, **fate_counts(found)}


def fate_counts(found: Counter[str]) -> Data:
    return {"owed": sum(found.values()), **{name: found[name] for name in FATES}}


def by_workflow(book: Book, items: _Items) -> Iterator[Data]:
    for id, workflow in book.workflows.items():
        rows = items.of_workflow(id)
        if workflow.spec.sealed or not rows:
            continue
        closed = sum(row.closed_at is not None for row in rows)
        yield {
            "workflow": id,
            "label": _label(workflow.spec.label),
            "opened": len(rows),
            "closed": closed,
            "open": len(rows) - closed,
            **{
                name: count
                for name, count in fate_counts(Counter(map(items.fate, rows))).items()
                if name != "owed"
            },
        }


def notices(book: Book, reader: Reader) -> Data:
    """Reminders and formal notices; which rules spoke most; what became of them."""
    rules, kinds = Counter[str](), Counter[str]()
    for each in reader.count_notices_by_rule():
        rule, kind = each.key
        if not _is_sealed(book, rule):
            kinds[kind] += each.count
            rules[rule] += each.count
    return {
        "reminders": kinds["remind"],
        "formal": kinds["notify"],
        "by_state": _by_state(book, reader),
        "by_rule": [
            {"rule": rule, "label": _label(book.rules[rule].spec.label), "count": count}
            for rule, count in rules.most_common()
            if rule in book.rules
        ],
    }


def _by_state(book: Book, reader: Reader) -> dict[str, int]:
    """Without those about sealed items: a sum that differs from the others would tell of them."""
    found = {each.key[0]: each.count for each in reader.count_notices()}
    sealed = (id for id, workflow in book.workflows.items() if workflow.spec.sealed)
    rows = (row for id in sealed for row in reader.list_items(workflow=id, include_sealed=True))
    hidden = Counter[str](each.state for row in rows for each in reader.notices_of(row.id))
    return {state: count - hidden[state] for state, count in found.items() if count > hidden[state]}


def _is_sealed(book: Book, rule: str) -> bool:
    workflows = book.rules[rule].workflows if rule in book.rules else ()
    return any(book.workflows[each].spec.sealed for each in workflows)


def bulletins(book: Book, items: _Items) -> Data:
    workflows = issued_workflows(book)
    rows = items.of_workflow(*workflows)
    return {
        "labels": [_label(book.workflows[id].spec.label) for id in workflows],
        "owed": len(rows),
        "issued": sum(_succeeded(book, row) for row in rows),
        "on_time": sum(items.fate(row) == "kept" for row in rows),
    }


def _succeeded(book: Book, row: ItemRow) -> bool:
    state = book.workflows[row.workflow].spec.states[row.state]
    return state.final and state.success


def interview_kinds(book: Book, items: _Items) -> Iterator[Data]:
    for id in held_workflows(book):
        rows = items.of_workflow(id)
        label = _label(book.workflows[id].spec.label)
        yield {"workflow": id, "label": label, "proposed": len(rows), "held": sum(map(_is_held, rows))}


def _is_held(row: ItemRow) -> bool:
    return bool(json.loads(row.fields).get(HELD_ON))


def interviews(book: Book, items: _Items, trail: _Trail, reader: Reader) -> Iterator[Data]:
    """Every one that was proposed, in the order of the days on which they were held."""
    rows = [(json.loads(row.fields), row) for row in items.of_workflow(*held_workflows(book))]
    people = reader.people()
    for fields, row in sorted(rows, key=lambda pair: (pair[0].get(HELD_ON) or "9999", pair[1].id)):
        zh, en = trail.reasons.get(row.id, ("", ""))
        chair = fields.get("chair")
        holder = people.get(chair) if chair else None
        yield {
            "id": row.id,
            "workflow": row.workflow,
            "unit": row.unit,
            "unit_label": _label(book.units[row.unit]) if row.unit else None,
            "state": row.state,
            "state_label": _label(book.workflows[row.workflow].spec.states[row.state]),
            "proposed_at": row.opened_at.astimezone(book.zone),
            "held_on": fields.get(HELD_ON),
            "nth": fields.get("nth"),
            "chair": chair,
            "chair_label": _label(book.posts[chair]) if chair in book.posts else None,
            "chair_name": holder.name if holder else None,
            "reason": {"zh": first_line(zh), "en": first_line(en)},
            "rule": row.rule,
            "fields": _said(fields),
        }


def _said(fields: Mapping[str, Plain]) -> Data:
    return {
        name: fields.get(name)
        for name in ("planned_on", "due", "measures", "result", "opinion")
        if fields.get(name)
    }


def first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""


def rectification(book: Book, items: _Items) -> Data:
    """The measures that interviews ordered, each an item, and the interviews that came to a good end."""
    found = items.of_workflow(*held_workflows(book))
    parents = {row.id for row in found}
    tasks = [row for row in items.of_workflow(*ordered_workflows(book)) if row.parent in parents]
    held = [row for row in found if _is_held(row)]
    return {
        "interviews_held": len(held),
        "interviews_verified": sum(_succeeded(book, row) for row in held),
        "tasks": len(tasks),
        "done": sum(row.closed_at is not None for row in tasks),
        **{
            name: count
            for name, count in fate_counts(Counter(map(items.fate, tasks))).items()
            if name != "owed"
        },
    }


def referrals(book: Book, items: _Items) -> Data:
    """What is sealed, by the name that the book gives it; whether there are any, and never how many."""
    sealed = [workflow.spec for workflow in book.workflows.values() if workflow.spec.sealed]
    return {
        "labels": [_label(spec.label) for spec in sealed],
        "exist": any(row.sealed for row in items.rows),
        "confidential": True,
    }


def proposals(book: Book, items: _Items) -> Iterator[Data]:
    """Drafts of consequences, by what a person decided about them."""
    held = held_workflows(book)
    for id in proposed_by_rules(book):
        if id in held:
            continue
        spec, rows = book.workflows[id].spec, items.of_workflow(id)
        states = Counter(row.state for row in rows)
        yield {
            "workflow": id,
            "label": _label(spec.label),
            "count": len(rows),
            "states": [
                {"state": state, "label": _label(spec.states[state]), "count": count}
                for state, count in states.most_common()
            ],
        }


def unit_fates(book: Book, rows: Iterable[ItemRow], clocks: Mapping[str, list[ClockRow]]) -> Iterator[Data]:
    """Of one unit's items: by duty, or by workflow where no duty opened them."""
    items = _Items(book=book, rows=tuple(rows), clocks=clocks)
    fates: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in items.rows:
        fate = items.fate(row)
        if fate != UNDATED:
            fates["duty" if row.duty else "workflow", row.duty or row.workflow][fate] += 1
    for (kind, id), found in fates.items():
        spec = book.duties[id].spec if kind == "duty" else book.workflows[id].spec
        yield {kind: id, "label": _label(spec.label), **fate_counts(found)}


def _label(spec: Any) -> dict[str, str]:
    return {"zh": spec.zh, "en": spec.en}


def held_in(rows: Iterable[ItemRow], year: int) -> Iterator[tuple[ItemRow, dict[str, Any]]]:
    """Interviews held in a calendar year, with their fields."""
    for row in rows:
        fields = json.loads(row.fields)
        held = fields.get(HELD_ON)
        if held and date.fromisoformat(held).year == year:
            yield row, fields
