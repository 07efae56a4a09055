"""What happens to an office as a whole: outages, clocks that step, poisoned rows, another book, a restore."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from engine.adopt import adopt
from engine.office import Office
from tests.simulation.driver import real
from tests.simulation.regime import edition

if TYPE_CHECKING:
    from tests.simulation.world import World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TRIGGERS = ("items_later_entry", "clocks_later_entry")
BROKEN = ("{", "[]", "")


class Accidents:
    def __init__(self, world: "World") -> None:
        self.world, self.draw = world, world.draw
        self.rows: dict[str, tuple[str, str]] = {}  # poisoned items: table, and what stood there
        self.backup: Path | None = None
        self.backup_size = self.letters = 0  # how far the log, and how many letters had left

    def begin(self) -> None:
        often = {
            self.stop_one: 6,
            self.stop_all: 20,
            self.step_clock: 5,
            self.lose_mail: 10,
            self.poison: 15,
            self.copy: 12,
        }
        for accident, days in often.items():
            self.repeat(accident, days * DAY)
        self.world.at(self.world.later(0 * DAY, 2 * self.world.days * DAY), self.upgrade)
        self.world.at(self.world.later(10 * DAY, 4 * self.world.days * DAY), self.restore)

    def repeat(self, accident: Callable[[], None], every: timedelta) -> None:
        def again() -> None:
            accident()
            self.world.at(self.world.later(every / 10, 2 * every), again)

        self.world.at(self.world.later(0 * DAY, 2 * every), again)

    # ------------------------------------------------------------ processes, clocks, mail

    def stop_one(self) -> None:
        process = self.draw.choice(self.world.processes)
        self.world.kill(process)
        process.down_until = self.world.later(MINUTE, 2 * DAY)

    def stop_all(self) -> None:
        """Nobody comes round, and perhaps nobody is there."""
        until = self.world.later(3 * HOUR, 12 * DAY)
        for process in self.world.processes:
            self.world.kill(process)
            process.down_until = until
        if self.draw.random() < 0.5:
            people = self.world.people
            people.away = True
            self.world.at(until, lambda: setattr(people, "away", False))

    def step_clock(self) -> None:
        """Back by seconds or days; ahead by so little that it is believed, or so much that it is not."""
        process = self.draw.choice([*self.world.processes, self.world.desk])
        steps = (-3, -60, -3600, -90_000, -172_800, 60, 200, 20_000, 300_000)
        process.skew = timedelta(seconds=self.draw.choice(steps))
        self.world.counted.steps_back += process.skew < timedelta(0)
        self.world.at(self.world.later(HOUR, 3 * DAY), lambda: setattr(process, "skew", timedelta(0)))

    def lose_mail(self) -> None:
        self.world.server.down = True
        self.world.at(self.world.later(HOUR, 4 * DAY), lambda: setattr(self.world.server, "down", False))

    # ------------------------------------------------------------ rows

    def poison(self) -> None:
        """Past the triggers, as a bad tool or a bad disk would."""
        items = [row[0] for row in self.world.ask("SELECT id FROM items WHERE closed_at IS NULL ORDER BY id")]
        items = [each for each in items if each not in self.rows]
        if not items:
            return
        item, table = self.draw.choice(items), self.draw.choice(("items", "clocks"))
        column, key = ("fields", "id") if table == "items" else ("state", "item")
        found = self.world.ask(f"SELECT {column} FROM {table} WHERE {key} = ?", item)
        if not found:
            return
        self.rows[item] = (table, found[0][0])
        self.write(table, item, self.draw.choice(BROKEN))
        evidence = self.world.evidence
        evidence.poisoned.add(item)
        evidence.poison.add(item)
        self.world.counted.poisoned += 1
        if self.draw.random() < 0.5:
            self.world.at(self.world.later(HOUR, 6 * DAY), lambda: self.cure(item))

    def write(self, table: str, item: str, value: str) -> None:
        column, key = ("fields", "id") if table == "items" else ("state", "item")
        ask = self.world.ask
        kept = ask("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", table)
        later = [(name, text) for name, text in kept if name in TRIGGERS]
        for name, _ in later:
            ask(f"DROP TRIGGER {name}")
        ask(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", value, item)
        for _, text in later:
            ask(text)

    def cure(self, item: str) -> None:
        if item not in self.rows:
            return
        table, value = self.rows.pop(item)
        self.write(table, item, value)
        self.world.evidence.poison.discard(item)

        def unpark(office: Office, now: datetime) -> None:
            with office.store.write(now) as tx:
                tx.unpark(item)

        while self.world.ask("SELECT subject FROM parked WHERE subject = ?", item):
            self.world.operate(
                self.world.desk, lambda office, now: self.world.guarded(lambda: unpark(office, now))
            )

    def cure_all(self) -> None:
        for item in list(self.rows):
            self.cure(item)

    # ------------------------------------------------------------ books and backups

    def upgrade(self) -> None:
        """The other edition comes into force; what is open keeps its own."""
        number = 3 - self.world.edition

        def change(office: Office, now: datetime) -> bool:
            return adopt(office, edition(number), {}, (), now)

        process = self.draw.choice([*self.world.processes, self.world.desk])
        if process.down_until is None:
            self.world.operate(process, lambda office, now: self.world.guarded(lambda: change(office, now)))
            self.world.counted.upgrades += 1
        self.world.edition = self.edition_in_force()
        self.world.at(self.world.later(5 * DAY, 60 * DAY), self.upgrade)

    def edition_in_force(self) -> int:
        digest = self.world.ask("SELECT digest FROM books ORDER BY audit_seq DESC LIMIT 1")[0][0]
        return next(number for number in (1, 2) if edition(number).digest == digest)

    def copy(self) -> None:
        """A backup, by the database's own means, while others work."""
        path = self.world.folder / f"backup-{self.world.counted.restores}-{self.world.size()}.db"
        if path.exists() or self.rows:
            return

        def copy(office: Office, _now: datetime) -> None:
            office.store.copy_to(path)

        self.world.operate(self.world.desk, lambda office, now: self.world.guarded(lambda: copy(office, now)))
        if path.exists():
            self.backup, self.backup_size = path, self.size_of(path)
            self.letters = len(self.world.evidence.sent)

    @staticmethod
    def size_of(path: Path) -> int:
        connection = real.connect(str(path))
        size = connection.execute("SELECT size FROM audit_head").fetchone()[0]
        connection.close()
        return int(size)

    def restore(self) -> None:
        """Everybody stops, the file becomes what it was, and everybody begins again."""
        world = self.world
        if self.backup is None:
            return
        world.on_restore()
        world.kill_all()
        world.onlooker.close()
        for end in ("-wal", "-shm", "-journal"):
            Path(f"{world.path}{end}").unlink(missing_ok=True)
        shutil.copyfile(self.backup, world.path)
        world.reopen()
        world.counted.restores += 1
        self.rows.clear()
        world.evidence.poison.clear()
        world.evidence.restore(self.backup_size, self.letters)
        world.edition = self.edition_in_force()
        world.look()
