"""People: they open tasks, report, ask, finish, send back, hold talks; late, twice, or where they may not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.act import NewItem, Outcome, Wish, act, open_new
from engine.office import Office
from workflows.machine import Moved

if TYPE_CHECKING:
    from tests.simulation.world import World

HOUR = timedelta(hours=1)
OPEN = "SELECT id, workflow, state, unit FROM items WHERE closed_at IS NULL ORDER BY id"
# What may follow where, by whom, how likely; the rest of the chances is that nothing happens.
USUAL = {
    ("task", "doing"): (("report", "liaison", 10), ("ask", "liaison", 12), ("finish", "liaison", 18)),
    ("task", "waiting"): (("go", "liaison", 25), ("report", "head", 5)),
    ("task", "done"): (("return", "supervisor", 12), ("accept", "supervisor", 25)),
    ("board", "due"): (("file", "liaison", 10),),
    ("talk", "proposed"): (("hold", "supervisor", 12), ("refuse", "secretary", 5)),
    ("referral", "open"): (("close", "inspector", 10),),
}
SCALE = 40
POSTS = ("works.liaison", "works.head", "traffic.liaison", "supervisor", "secretary", "inspector", "mayor")
EVENTS = ("report", "ask", "go", "finish", "return", "accept", "drop", "file", "hold", "refuse", "close")


class People:
    def __init__(self, world: "World") -> None:
        self.world, self.draw = world, world.draw
        self.away = False

    def begin(self) -> None:
        self.world.at(self.world.later(HOUR, 12 * HOUR), self.come)

    def come(self) -> None:
        if not self.away:
            self.act()
        self.world.at(self.world.later(HOUR, 14 * HOUR), self.come)

    def act(self) -> None:
        """Somebody does something; when it failed, or seemed to, perhaps once more."""
        dice = self.draw.random()
        if dice < 0.15:
            self.open_task()
        elif dice < 0.25:
            self.err()
        else:
            self.work()

    def open_task(self) -> None:
        wish = NewItem(
            workflow="task", title="任务", by="supervisor", unit=self.draw.choice(("works", "traffic"))
        )
        size = self.world.size()
        opened = self.do(lambda office, now: open_new(office, wish, now))
        if isinstance(opened, str):
            self.world.evidence.acknowledge(opened, "open", size)

    def work(self) -> None:
        """What one would do, on some items that are open."""
        for id, workflow, state, unit in self.world.ask(OPEN):
            dice = self.draw.randrange(SCALE * 8)
            for event, who, chance in USUAL[workflow, state]:
                if dice < chance:
                    by = f"{unit}.{who}" if who in ("liaison", "head") else who
                    self.put(id, event, by)
                    break
                dice -= chance
            else:
                if workflow == "task" and dice < 1:
                    self.put(id, "drop", "secretary")

    def err(self) -> None:
        """Anybody tries anything."""
        items = self.world.ask("SELECT id FROM items ORDER BY id")
        if items:
            self.put(self.draw.choice(items)[0], self.draw.choice(EVENTS), self.draw.choice(POSTS))

    def put(self, item: str, event: str, by: str) -> None:
        wish = Wish(item=item, event=event, by=by, args={"note": "进展"} if event == "report" else {})
        for _ in range(2):
            size = self.world.size()
            outcome = self.do(lambda office, now: act(office, wish, now))
            if isinstance(outcome, Moved):
                self.world.evidence.acknowledge(item, event, size)
            if outcome is not None and self.draw.random() > 0.05:
                return
            if self.draw.random() < 0.3:
                return

    def do(self, work: Callable[[Office, datetime], str | Outcome]) -> str | Outcome | None:
        """None: an error, or no answer at all."""
        world = self.world

        def guarded(office: Office, now: datetime) -> str | Outcome | None:
            try:
                return work(office, now)
            except Exception:  # a command says so and ends with nothing done
                world.faults.bury()
                world.counted.faults["command failed"] += 1
                return None

        world.counted.acts += 1
        found: str | Outcome | None = world.operate(world.desk, guarded)
        world.counted.refused += found is not None and not isinstance(found, str | Moved)
        return found
