"""What is wrong with a workflow although its shape is right: the state machine library accepts nonsense.

Paths point into the YAML (keys and positions); where a list may be written as one name, the last step may be
absent from the file. Roles are the book's business: `roles_used` gives what the engine has to cross-check.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from workflows.guess import guess
from workflows.language import Transition, WorkflowSpec
from workflows.values import Unfit, fit

Path = tuple[str | int, ...]

# Not events: who opened the item, and whoever acted on the item it belongs to.
DOERS = ("open", "parent", "own_unit")

# An event on the item it belongs to, which may be of any workflow.
PARENT = "parent."

# The one that may ask and is no person.
RULE = "rule"

_NOUNS = {"state": "状态", "field": "字段", "event": "事件"}

# With one of these the machine is not defined, so it cannot be run at all.
FATAL = frozenset({"unknown_state", "unknown_field", "unknown_event", "ambiguous", "after_final"})


@dataclass(frozen=True, kw_only=True)
class Problem:
    path: Path
    code: str
    zh: str
    en: str
    suggestion: str | None = None


def check(id: str, spec: WorkflowSpec) -> tuple[Problem, ...]:
    """Every problem of a workflow, in the order of the file as far as that makes sense."""
    return (
        *_unknown_states(id, spec),
        *_unknown_fields(id, spec),
        *_unknown_events(id, spec),
        *_ambiguous(id, spec),
        *_after_final(id, spec),
        *_reopens(id, spec),
        *_approvers(id, spec),
        *_unreachable(id, spec),
        *_no_way_out(id, spec),
        *_unsuitable_fields(id, spec),
        *_success_of_open_states(id, spec),
    )


def roles_used(spec: WorkflowSpec) -> dict[str, tuple[Path, ...]]:
    """Every role a workflow names (`rule` included) and where."""
    found: dict[str, list[Path]] = {}
    for path, role in _roles(spec):
        found.setdefault(role, []).append(path)
    return {role: tuple(paths) for role, paths in found.items()}


def _roles(spec: WorkflowSpec) -> Iterator[tuple[Path, str]]:
    for n, role in enumerate(spec.readers):
        yield ("readers", n), role
    for n, role in enumerate(spec.opened_by):
        yield ("opened_by", n), role
    for at, transition in enumerate(spec.transitions):
        for n, role in enumerate(transition.by):
            yield ("transitions", at, "by", n), role


def _unknown_states(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    named: list[tuple[Path, str]] = [(("initial",), spec.initial)]
    for at, transition in enumerate(spec.transitions):
        named += [(("transitions", at, "from", n), state) for n, state in enumerate(transition.from_)]
        if transition.to is not None:
            named.append((("transitions", at, "to"), transition.to))
    for path, state in named:
        if state not in spec.states:
            yield _unknown(id, path, state, spec.states, "state")


def _unknown_fields(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    named: list[tuple[Path, str]] = [(("needs", n), field) for n, field in enumerate(spec.needs)]
    for at, transition in enumerate(spec.transitions):
        named += [(("transitions", at, "needs", n), field) for n, field in enumerate(transition.needs)]
        named += [(("transitions", at, "takes", n), field) for n, field in enumerate(transition.takes)]
    for path, field in named:
        if field not in spec.fields:
            yield _unknown(id, path, field, spec.fields, "field")


def _unknown_events(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    events = dict.fromkeys((*(each.event for each in spec.transitions), *DOERS))
    for at, transition in enumerate(spec.transitions):
        if transition.event in DOERS:
            yield Problem(
                path=("transitions", at, "event"),
                code="reserved_event",
                zh=f"流程 {id}：事件不能叫 {transition.event}，此名在 not_by 中另有所指；请换一个名称",
                en=f"workflow {id}: {transition.event} is a word of not_by: rename the event",
            )
        for n, event in enumerate(transition.not_by):
            if event not in events and not event.startswith(PARENT):
                yield _unknown(id, ("transitions", at, "not_by", n), event, events, "event")


def _unknown(id: str, path: Path, word: str, known: Collection[str], noun: str) -> Problem:
    noun_zh = _NOUNS[noun]
    near = guess(word, known)
    hint_zh = f"是不是 {near}？" if near else f"已有：{'、'.join(known) or '无'}"
    hint_en = f"did you mean {near}?" if near else f"known: {', '.join(known) or 'none'}"
    return Problem(
        path=path,
        code=f"unknown_{noun}",
        zh=f"流程 {id}：没有{noun_zh} {word}，{hint_zh}",
        en=f"workflow {id}: unknown {noun} {word}, {hint_en}",
        suggestion=near,
    )


def _ambiguous(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for at, transition in enumerate(spec.transitions):
        for n, state in enumerate(transition.from_):
            earlier = first.setdefault((state, transition.event), at)
            if earlier != at or transition.from_.index(state) != n:
                yield Problem(
                    path=("transitions", at, "from", n),
                    code="ambiguous",
                    zh=f"流程 {id}：状态 {state} 下的事件 {transition.event} 写了两次"
                    f"（第 {earlier + 1} 条与第 {at + 1} 条流转），请合并或改名",
                    en=f"workflow {id}: {transition.event} in state {state} is written twice "
                    f"(transitions {earlier + 1} and {at + 1}): merge them or rename one",
                )


def _after_final(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    for at, transition in enumerate(spec.transitions):
        for n, name in enumerate(transition.from_):
            state = spec.states.get(name)
            if state is not None and state.final and not transition.reopens:
                yield Problem(
                    path=("transitions", at, "from", n),
                    code="after_final",
                    zh=f"流程 {id}：{state.zh}（{name}）是终态，其后不能再有事件 {transition.event}；"
                    f"请删去这一条，或去掉该状态的 final，或加 reopens: true",
                    en=f"workflow {id}: {name} is final, {transition.event} cannot follow it: "
                    f"drop the transition or the state's `final`, or add `reopens: true`",
                )


def _reopens(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    """What reopens leads out of a final state."""
    for at, each in enumerate(spec.transitions):
        final = [name for name in each.from_ if name in spec.states and spec.states[name].final]
        if each.reopens and (not final or each.to is None):
            why_zh = "没有从终态出发" if not final else "没有写新状态 to"
            why_en = "comes from no final state" if not final else "does not say where it leads (`to`)"
            yield Problem(
                path=("transitions", at, "reopens"),
                code="reopens_nothing",
                zh=f"流程 {id}：事件 {each.event} 写了 reopens，却{why_zh}；请补上，或删去 reopens",
                en=f"workflow {id}: {each.event} {why_en}, so it reopens nothing: mend it or drop `reopens`",
            )


def _approvers(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    """Approvers are persons."""
    for at, each in enumerate(spec.transitions):
        yield from _sides(id, at, each)
        if each.persons > 1 and RULE in each.by:
            yield Problem(
                path=("transitions", at, "approvers"),
                code="rule_approves",
                zh=f"流程 {id}：事件 {each.event} 要 {each.persons} 人同意，规则不是人；by 中请去掉 rule",
                en=f"workflow {id}: {each.event} takes {each.persons} persons, and a rule is none: "
                f"drop rule from `by`",
            )


def _arrows(spec: WorkflowSpec) -> set[tuple[str, str]]:
    return {(state, each.to or state) for each in spec.transitions for state in each.from_}


def _closure(start: Collection[str], arrows: Collection[tuple[str, str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += [after for before, after in arrows if before == state]
    return reached


def _sides(id: str, at: int, transition: Transition) -> Iterator[Problem]:
    """Each side has somebody who may put the event, and whoever may put it speaks for a side."""
    sides, askers = set(transition.sides), set(transition.by) - {RULE}
    for role in sorted(sides ^ askers) if sides else ():
        zh, en = (
            ("不在 by 中，没有人能代它同意", "is not in `by`: nobody agrees for it")
            if role in sides
            else ("不在 approvers 中，同意不作数", "is not in `approvers`: to agree for it changes nothing")
        )
        yield Problem(
            path=("transitions", at, "approvers"),
            code="too_few_approvers",
            zh=f"流程 {id}：事件 {transition.event} 的 {role} {zh}",
            en=f"workflow {id}: {role} of {transition.event} {en}",
        )


def _unreachable(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    if spec.initial not in spec.states:
        return
    reached = _closure([spec.initial], _arrows(spec))
    for name, state in spec.states.items():
        if name not in reached:
            yield Problem(
                path=("states", name),
                code="unreachable",
                zh=f"流程 {id}：从初始状态 {spec.initial} 走不到 {state.zh}（{name}）；请补流转或删去它",
                en=f"workflow {id}: state {name} cannot be reached from {spec.initial}: "
                f"add a transition to it or drop it",
            )


def _no_way_out(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    finals = [name for name, state in spec.states.items() if state.final]
    if not finals:
        yield Problem(
            path=("states",),
            code="no_final",
            zh=f"流程 {id}：没有终态，事项永远办不完；请给最后的状态加 final: true",
            en=f"workflow {id}: no final state, its items never end: add `final: true` to the last state",
        )
        return
    ending = _closure(finals, {(after, before) for before, after in _arrows(spec)})
    for name, state in spec.states.items():
        if name not in ending:
            yield Problem(
                path=("states", name),
                code="no_way_out",
                zh=f"流程 {id}：到了 {state.zh}（{name}）就走不到任何终态；请补一条出路，或把它设为终态",
                en=f"workflow {id}: no final state can be reached from {name}: add a way or make it final",
            )


def _unsuitable_fields(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    for name, field in spec.fields.items():
        if field.one_of and field.type != "text":
            yield Problem(
                path=("fields", name, "one_of"),
                code="choices_of_no_text",
                zh=f"流程 {id}：字段 {name} 的类型是 {field.type}，只有 text 可以写 one_of",
                en=f"workflow {id}: field {name} is of type {field.type}, only text may have `one_of`",
            )
        elif field.default is not None:
            try:
                fit(field, field.default)
            except Unfit as unfit:
                yield Problem(
                    path=("fields", name, "default"),
                    code="wrong_default",
                    zh=f"流程 {id}：字段 {name} 的默认值 {field.default}：{unfit.zh}",
                    en=f"workflow {id}: the default of field {name}, {field.default}, {unfit.en}",
                )
    for at, each in enumerate(spec.transitions):
        yield from _given_twice(id, at, each)


def _given_twice(id: str, at: int, transition: Transition) -> Iterator[Problem]:
    for n, field in enumerate(transition.takes):
        if field in transition.needs:
            yield Problem(
                path=("transitions", at, "takes", n),
                code="needed_and_taken",
                zh=f"流程 {id}：事件 {transition.event} 的字段 {field} 既是必填又是选填，请留一处",
                en=f"workflow {id}: {field} is both needed and taken by {transition.event}: keep one",
            )


def _success_of_open_states(id: str, spec: WorkflowSpec) -> Iterator[Problem]:
    for name, state in spec.states.items():
        if not state.final and not state.success:
            yield Problem(
                path=("states", name, "success"),
                code="success_of_open_state",
                zh=f"流程 {id}：{state.zh}（{name}）不是终态，success 没有意义；请删去，或加 final: true",
                en=f"workflow {id}: {name} is not final, `success` says nothing there: "
                f"drop it or add `final: true`",
            )
