"""Approval by several sides: whether so many persons can speak for so many roles, each for one of them."""

from collections.abc import Sequence


def unheard(sides: Sequence[str], persons: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """The sides for which nobody is left when as many as possible are heard; who has two roles stands for
    the one that others leave open."""
    speaks: dict[int, int] = {}  # person by side

    def hear(person: int, asked: set[int]) -> bool:
        for side, role in enumerate(sides):
            if role in persons[person] and side not in asked:
                asked.add(side)
                if side not in speaks or hear(speaks[side], asked):
                    speaks[side] = person
                    return True
        return False

    for person in range(len(persons)):
        hear(person, set())
    return tuple(role for side, role in enumerate(sides) if side not in speaks)
