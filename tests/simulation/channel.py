"""A mail server that is slow, fails, refuses, or takes the letter and dies before it can say so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from engine.deliver import Outcome, Outgoing

MOODS = {"fine": 70, "slow": 8, "busy": 8, "refuses": 1, "vague": 5, "breaks": 4, "dies": 4}


class Server:
    """`tell(message, mood)` writes down; `wait(time)` lets others work meanwhile; `die` is a crash."""

    def __init__(
        self,
        draw: Random,
        tell: Callable[[Outgoing, str], None],
        wait: Callable[[timedelta], None],
        die: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self.draw, self.tell, self.wait, self.die, self.now = draw, tell, wait, die, now
        self.down = self.healed = False

    def send(self, message: Outgoing) -> Outcome:
        mood = "fine" if self.healed else self.draw.choices(list(MOODS), list(MOODS.values()))[0]
        if self.down and not self.healed:
            return Outcome(kind="retry", detail="no answer", down=True)
        self.tell(message, mood)
        match mood:
            case "fine":
                return Outcome(kind="sent", detail="250 ok")
            case "slow":
                self.wait(timedelta(seconds=self.draw.choice((5, 90, 700, 2400))))
                return Outcome(kind="sent", detail=f"250 ok {message.to_address}", at=self.now())
            case "busy":
                return Outcome(kind="retry", detail="451 try later")
            case "refuses":
                return Outcome(kind="refused", detail=f"550 no {message.to_address}")
            case "vague":
                return Outcome(kind="unknown", detail="connection lost after DATA", down=True)
            case "dies":
                self.die()
        raise RuntimeError("the channel broke")

    def close(self) -> None:
        pass
