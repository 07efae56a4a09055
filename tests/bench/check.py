"""Checking a book of two thousand rules, beside reading the same files as YAML and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.bench.backlog import Workshop
from tests.bench.measure import Figure, Stopwatch, compare, load, say
from tests.bench.sizes import Sizes
from tests.bench.start import DUBAN, wait

RULES_IN_A_FILE = 500
HEAD = """\
book:
  id: large
  version: "1"
  label: {zh: 大册, en: Large book}
  timezone: Asia/Shanghai
  calendar: cn
  basis: {document: No. 1, title: {zh: 通知, en: Notice}}
  programme: {start: 2020-09-01, end: 2021-08-31}
units:
  finance: {zh: 财政局, en: Finance bureau, leader: mayor}
posts:
  mayor: {zh: 市长, en: Mayor, unit: finance}
roles:
  unit_head: {zh: 单位负责人, en: Head of the unit, is: unit.head}
  leader: {zh: 分管领导, en: Leader in charge, is: unit.leader}
  approver: {zh: 批准人, en: Approver, posts: mayor}
templates:
  note:
    subject: {zh: "{title}", en: "{title}"}
    body: {zh: "{unit}:{title}应于{due}前办结", en: "{unit}: {title} is due {due}"}
"""
WORKFLOW = """\
  board_{n}:
    label: {{zh: 看板{n}, en: Board {n}}}
    prefix: KB
    opened_by: [approver, rule]
    initial: due
    fields:
      due: {{type: date, label: {{zh: 期限, en: due date}}}}
      pages: {{type: int, label: {{zh: 页数, en: pages}}, default: 1}}
    states:
      due: {{zh: 待报, en: due}}
      checked: {{zh: 待核, en: to be checked}}
      filed: {{zh: 已报, en: filed, final: true}}
    transitions:
      - {{event: file, from: due, to: checked, by: unit_head, takes: [pages]}}
      - {{event: check, from: checked, to: filed, by: approver}}
"""
CLOCK = """\
  due_{n}:
    label: {{zh: 期限{n}, en: Due {n}}}
    of: board_{n}
    starts: {{opened: true}}
    due: due
    stops: [checked, filed]
"""
RULE = """\
  reminder_{n}:
    label: {{zh: 提醒{n}, en: Reminder {n}}}
    basis: 二
    for: board_{of}
    when: {{clock: due_{of}}}
    if: item.pages >= {low} && item.pages < {high} && item.state == "due"
    ladder:
      - {{at: 3 workdays before at 09:00, remind: unit_head, template: note}}
      - {{at: at due, light: red}}
      - {{at: 1 workday after at 09:00, notify: [unit_head, leader], template: note}}
  filed_{n}:
    label: {{zh: 已报{n}, en: Filed {n}}}
    basis: 二
    for: board_{of}
    when: {{event: file}}
    if: item.pages >= {low} && item.pages < {high}
    then: {{set: {{pages: {low}}}, remind: approver, template: note}}
"""
RULES_OF_A_WORKFLOW = 20


def check(workshop: Workshop, sizes: Sizes) -> Iterator[Figure]:
    folder = workshop.folder / "large-book"
    write_book(folder, sizes.rules)
    say(f"a book of {sizes.rules} rules ({load()})")
    ours, floors = [], []
    for _ in range(sizes.repeats):
        watch, code = wait(workshop, (DUBAN, "check", str(folder), "--strict"))
        assert code == 0, "the large book has findings"
        ours.append(watch)
        floors.append(read_only(folder))
    yield from compare(f"check a book of {sizes.rules} rules", ours, floors, "≤ 2 s")


def write_book(folder: Path, rules: int) -> None:
    """Every workflow has a clock and twenty rules that divide the number of pages among them."""
    workflows = max(1, rules // RULES_OF_A_WORKFLOW)
    folder.mkdir()
    (folder / "book.yaml").write_text(HEAD, encoding="utf-8")
    write(folder / "workflows.yaml", "workflows", (WORKFLOW.format(n=n) for n in range(workflows)))
    write(folder / "clocks.yaml", "clocks", (CLOCK.format(n=n) for n in range(workflows)))
    pairs = [rule_of(n, workflows) for n in range(rules // 2)]
    for at in range(0, len(pairs), RULES_IN_A_FILE // 2):
        write(folder / f"rules_{at}.yaml", "rules", iter(pairs[at : at + RULES_IN_A_FILE // 2]))


def rule_of(n: int, workflows: int) -> str:
    low = n // workflows * 10
    return RULE.format(n=n, of=n % workflows, low=low, high=low + 10)


def write(path: Path, section: str, pieces: Iterator[str]) -> None:
    path.write_text(f"{section}:\n{''.join(pieces)}", encoding="utf-8")


def read_only(folder: Path) -> Stopwatch:
    """What the parser alone needs for the same bytes."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with Stopwatch() as watch:
        for path in sorted(folder.glob("*.yaml")):
            yaml.load(path.read_bytes(), Loader=loader)
    return watch
