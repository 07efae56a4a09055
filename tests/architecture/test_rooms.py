"""The rooms are packages of ours alone, each says what it is for, and no module imports itself by detour."""

from ast import get_docstring
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from tests.architecture.source import ROOMS, tree_of


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room: str) -> None:
    assert get_docstring(tree_of(Path(room, "__init__.py")))


def test_no_import_cycle() -> None:
    """Imports inside functions and under TYPE_CHECKING count too: they are cycles that hide."""
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    assert len(graph.modules) >= len(ROOMS)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as cycle:
        pytest.fail("import cycle: " + " ← ".join(cycle.args[1]))


def test_no_other_distribution_ships_our_names() -> None:
    distributions = packages_distributions()
    assert "pytest" in distributions
    foreign = {room: set(distributions.get(room, ())) - {"duban"} for room in ROOMS}
    assert not any(foreign.values()), f"another installed package would shadow a room: {foreign}"
