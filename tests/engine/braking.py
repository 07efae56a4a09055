"""What the stories of the brake share: a rule that proposes too much, and two persons who decide."""

from engine.act import person
from engine.holds import Decided, drop, release
from engine.roles import About
from engine.rulings import Ruling
from engine.step import Actor
from store.rows import HoldRow
from tests.engine.city import PEOPLE, City

TALK = '{workflow: interview, title: {zh: "约谈{unit}", en: "Interview of {unit}"}, join: false}'
WRONG = f"""
rules:
  wrong:
    label: {{zh: 误约谈, en: Wrong rule}}
    basis: 三(三)
    for: task
    when: {{clock: due}}
    ladder:
      - {{at: 3 workdays before at 09:00, propose: {TALK}}}
"""
STEPS = f"""
rules:
  steps:
    label: {{zh: 逐级约谈, en: Steps}}
    basis: 三(三)
    for: task
    when: {{clock: due}}
    if: item.progress < 50.0
    then: {{template: late}}
    ladder:
      - {{at: 3 workdays before at 09:00, propose: {TALK}, remind: unit_head}}
      - {{at: 2 workdays before at 09:00, remind: unit_liaison}}
      - {{at: at due, propose: {TALK}, notify: leader_in_charge}}
      - {{at: 1 workday after at 09:00, remind: unit_head}}
"""
DUE, BEFORE, AFTER = "2020-10-21", "2020-10-16 08:00", "2020-10-16 09:00"
WHY = "已核实"


def actor(city: City, who: str) -> Actor:
    with city.office.store.write(city.now) as tx:
        found = person(city.office.desk(tx, city.now), PEOPLE[who], About(unit=None))
    assert isinstance(found, Actor)
    return found


def ruling(city: City, *who: str, reason: str = WHY) -> Ruling:
    return Ruling(by=tuple(actor(city, each) for each in who or ("秘书长", "督查室")), reason=reason)


def holds(city: City, *states: str) -> list[HoldRow]:
    with city.office.store.read() as reader:
        return [each for each in reader.holds() if not states or each.state in states]


def released(city: City, hold: HoldRow) -> Decided:
    done = release(city.office, hold.seq, ruling(city), city.now)
    assert isinstance(done, Decided), done
    return done


def dropped(city: City, hold: HoldRow) -> Decided:
    done = drop(city.office, hold.seq, ruling(city), city.now)
    assert isinstance(done, Decided), done
    return done


def fill(city: City, count: int = 5) -> None:
    """Let the brake have no room left."""
    for _ in range(count):
        city.task(DUE, "traffic")
