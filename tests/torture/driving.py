"""People who never rest: they act through the engine, and write down each answer only when they have it."""

import time
from random import Random

from engine.act import NewItem, Wish, act, open_new
from engine.office import Office
from store.rows import ItemRow
from tests.simulation.people import USUAL
from tests.torture.diary import Diary
from tests.torture.job import Job
from workflows.machine import Moved

DOINGS = "doings.jsonl"
LOOK_EVERY = 15  # steps; in between the items that were seen are worked on
OPENING = 0.12
REST = 0.02  # seconds at most between two steps


class Driver:
    def __init__(self, job: Job) -> None:
        self.job, self.draw = job, Random(job.seed)
        self.diary = Diary(job.path(DOINGS))
        self.office: Office | None = None
        self.seen: list[ItemRow] = []
        self.tried = 0

    def step(self) -> None:
        """One thing done; what fails is noted, as a person would see it, and the next thing is tried."""
        self.tried += 1
        name = f"{self.job.slot}-{self.job.seed}-{self.tried}"
        try:
            if self.office is None:
                self.office = Office.open(self.job.url)
            if self.tried % LOOK_EVERY == 1:
                with self.office.store.read() as reader:
                    self.seen = reader.list_items(open_only=True, include_sealed=True)
            if self.draw.random() < OPENING or not self.seen:
                self.open(self.office, name)
            else:
                self.put(self.office, name, self.draw.choice(self.seen))
        except Exception as error:  # whatever it is, a person would look at it and go on
            self.diary.note(name=name, failed=type(error).__name__, said=str(error), at=time.time())
            time.sleep(0.05)

    def open(self, office: Office, name: str) -> None:
        wish = NewItem(
            workflow="task", title=name, by="supervisor", unit=self.draw.choice(("works", "traffic"))
        )
        self.diary.note(name=name, tried="open")
        found = open_new(office, wish, self.job.now())
        if isinstance(found, str):
            self.diary.note(name=name, done="open", item=found)
        else:
            self.diary.note(name=name, refused=found.en)

    def put(self, office: Office, name: str, item: ItemRow) -> None:
        event, who, _ = self.draw.choice(USUAL[item.workflow, item.state])
        by = f"{item.unit}.{who}" if who in ("liaison", "head") else who
        wish = Wish(item=item.id, event=event, by=by, args={"note": "进展"} if event == "report" else {})
        self.diary.note(name=name, tried=event, item=item.id)
        found = act(office, wish, self.job.now())
        if isinstance(found, Moved):
            self.diary.note(name=name, done=event, item=item.id)
        else:
            self.diary.note(name=name, refused=found.en)


def drive(job: Job) -> int:
    driver = Driver(job)
    while job.steps is None or driver.tried < job.steps:
        driver.step()
        time.sleep(driver.draw.random() * REST)
    return 0
