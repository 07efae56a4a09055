"""One item told as a story: who does what to it, and what came of it."""

from dataclasses import dataclass, field

from tests.workflows.shelf import SHELF
from workflows.language import Label
from workflows.machine import Ask, Moved, Opening, Refused, Workflow, begin, step


@dataclass(frozen=True)
class Person:
    name: str
    roles: frozenset[str]


def person(name: str, *roles: str) -> Person:
    return Person(name, frozenset(roles))


# Known people. Two officers, because who proposes may not approve.
ZHANG_SAN = person("张三", "unit_liaison", "owner")  # handler in a unit
LI = person("李主任", "unit_head", "owner")  # its head
CHEN = person("陈科长", "supervisor")  # supervision office
SUN = person("孙主任", "supervisor", "approver")  # its head
WANG = person("王副市长", "leader_in_charge", "approver", "chair")
ZHAO = person("赵市长", "principal_leader", "approver", "chair")
RULE = person("monthly_interview", "rule")


@dataclass
class Story:
    workflow: Workflow
    state: str
    fields: dict[str, object]
    doers: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, id: str, by: Person, **args: object) -> "Story":
        opening = begin(SHELF[id], by.roles, args)
        assert isinstance(opening, Opening), opening
        return cls(SHELF[id], opening.state, dict(opening.fields), {"open": frozenset({by.name})})

    def ask(self, by: Person, event: str, **args: object) -> Moved | Refused:
        asked = Ask(
            state=self.state, event=event, by=by.name, roles=by.roles, args=args, doers=dict(self.doers)
        )
        return step(self.workflow, asked)

    def does(self, by: Person, event: str, **args: object) -> "Story":
        moved = self.ask(by, event, **args)
        assert isinstance(moved, Moved), moved
        self.state = moved.after
        self.fields |= moved.fields
        self.doers[event] = self.doers.get(event, frozenset()) | {by.name}
        return self

    def refused(self, by: Person, event: str, **args: object) -> Refused:
        answer = self.ask(by, event, **args)
        assert isinstance(answer, Refused), answer
        return answer

    @property
    def label(self) -> Label:
        state = self.workflow.spec.states[self.state]
        return Label(zh=state.zh, en=state.en)
