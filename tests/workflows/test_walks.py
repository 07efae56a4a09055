"""Whatever is asked, by whomever: an item stays in a declared state, and a refusal changes nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.shelf import ROLES, SHELF
from workflows.language import FieldSpec
from workflows.machine import Ask, Moved, Refused, Workflow, possible, step

GOOD = {
    "text": "文字",
    "date": "2020-10-14",
    "moment": "2020-10-14T09:00+08:00",
    "int": 3,
    "number": "57.5",
    "flag": True,
    "unit": "housing",
    "units": ("housing",),
    "post": "head",
    "texts": ("甲",),
    "duration": "20 workdays",
}
PEOPLE = ("张三", "李主任", "王副市长", "赵市长")


def value(spec: FieldSpec) -> object:
    return next(iter(spec.one_of), None) or GOOD[spec.type]


@st.composite
def asks(draw: st.DrawFn, workflow: Workflow, state: str) -> Ask:
    """Half of them sensible, half of them anything."""
    spec = workflow.spec
    events = sorted({each.event for each in spec.transitions} | {"nonsense"})
    event = draw(st.sampled_from(possible(workflow, state) or events) | st.sampled_from(events))
    transition = workflow.places.get((state, event))
    needed = {name: value(spec.fields[name]) for name in transition.needs} if transition else {}
    roles = frozenset(transition.by) if transition else frozenset(ROLES)
    anything = st.dictionaries(
        st.sampled_from([*spec.fields, "extra"]), st.sampled_from([*GOOD.values(), None, 1.5])
    )
    return Ask(
        state=state,
        event=event,
        by=draw(st.sampled_from(PEOPLE)),
        roles=draw(st.just(roles) | st.frozensets(st.sampled_from(sorted(ROLES)))),
        args=draw(st.just(needed) | anything),
    )


@given(st.sampled_from(sorted(SHELF)), st.data())
def test_a_walk_stays_within_the_workflow(id: str, data: st.DataObject) -> None:
    workflow = SHELF[id]
    spec = workflow.spec
    state, doers = spec.initial, dict[str, frozenset[str]]()
    for _ in range(12):
        ask = replace(data.draw(asks(workflow, state)), doers=dict(doers))
        before = repr(ask)
        answer = step(workflow, ask)
        assert repr(ask) == before
        assert answer == step(workflow, ask), "a shared machine keeps nothing of an item"
        if isinstance(answer, Refused):
            assert answer.zh
            assert answer.en
            continue
        allow(workflow, ask, answer)
        state = answer.after
        doers[ask.event] = doers.get(ask.event, frozenset()) | {ask.by}


def allow(workflow: Workflow, ask: Ask, moved: Moved) -> None:
    """Every move is one that the file declares."""
    transition = next(
        each for each in workflow.spec.transitions if each.event == ask.event and ask.state in each.from_
    )
    assert moved.before == ask.state
    assert moved.after == (transition.to or ask.state)
    assert moved.after in workflow.spec.states
    assert moved.final is workflow.spec.states[moved.after].final
    assert ask.roles & set(transition.by)
    assert set(transition.needs) <= set(moved.fields) <= {*transition.needs, *transition.takes}
    assert all(ask.by not in ask.doers.get(event, frozenset()) for event in transition.not_by)
    assert not any(isinstance(each, float) for each in moved.fields.values())


@given(st.sampled_from(sorted(SHELF)), st.text(max_size=8), st.text(max_size=8))
def test_no_wording_of_an_event_or_a_field_breaks_a_refusal(id: str, event: str, name: str) -> None:
    workflow = SHELF[id]
    for state in workflow.spec.states:
        here = possible(workflow, state)
        ask = Ask(state=state, event=event, by="张三", roles=frozenset(ROLES), args={f"{name}?": "x"})
        assert isinstance(step(workflow, ask), Refused)
        for known in here[:1]:
            assert isinstance(step(workflow, replace(ask, event=known)), Refused)
