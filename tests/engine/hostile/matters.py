"""The text of a small book for each story to make worse: a matter that is owed, a talk that rules propose."""

WORKFLOWS = """
workflows:
  w:
    label: {zh: 甲, en: A}
    prefix: W
    opened_by: [supervisor, rule]
    initial: open
    fields:
      kind: {type: text, label: {zh: 类, en: kind}, default: a}
      due: {type: date, label: {zh: 期, en: due}}
    states:
      open: {zh: 开, en: open}
      waiting: {zh: 等, en: waiting}
      done: {zh: 完, en: done}
      over: {zh: 结, en: over, final: true}
    transitions:
      - {event: ask, from: open, to: waiting, by: [unit_liaison, supervisor]}
      - {event: go, from: waiting, to: open, by: [unit_liaison, supervisor]}
      - {event: set_kind, from: [open, waiting], by: supervisor, needs: [kind]}
      - {event: finish, from: [open, waiting], to: done, by: [unit_liaison, supervisor]}
      - {event: agree, from: [open, waiting], to: done, by: [supervisor, auditor], approvers: 2}
      - {event: end, from: [open, waiting, done], to: over, by: supervisor}
  talk:
    label: {zh: 谈, en: Talk}
    prefix: T
    opened_by: [rule]
    initial: proposed
    states:
      proposed: {zh: 拟, en: proposed}
      held: {zh: 已谈, en: held, final: true}
    transitions:
      - {event: hold, from: proposed, to: held, by: supervisor}
"""

CLOCK = """
clocks:
  c: {label: {zh: 限, en: C}, of: w, starts: {opened: true}, budget: 3 workdays, stops: [done, over]}
"""
RULES = "rules:\n"
TALK = "{workflow: talk, for: unit_head, title: {zh: 谈, en: talk}}"


def rule(id: str, rest: str) -> str:
    """A rule for matters; `rest` is the inside of its flow mapping."""
    return f"  {id}: {{label: {{zh: 规, en: R}}, basis: 一, for: w, {rest}}}\n"


def ladder(*rungs: str) -> str:
    return f"when: {{clock: c}}, then: {{template: told}}, ladder: [{', '.join(rungs)}]"


DUTY = """
clocks:
  c: {label: {zh: 限, en: C}, of: w, starts: {opened: true}, due: due, stops: [done, over]}
duties:
  report:
    label: {zh: 月报, en: Report}
    basis: 一
    opens: w
    for: bureaus
    every: month
    due: last workday at 17:00
    title: {zh: 报, en: report}
"""
