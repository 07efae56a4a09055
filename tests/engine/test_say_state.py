"""What a reason says of a state: its label, never its id."""

from engine.words import readable
from tests.engine.city import plain_book


def test_a_state_is_said_by_its_label() -> None:
    book = plain_book()
    state, label = next(iter(book.workflows["task"].spec.states.items()))
    assert readable(book, "task", {"item.state": state}, "zh") == {"item.state": label.zh}
    assert readable(book, "task", {"item.state": state}, "en") == {"item.state": label.en}
