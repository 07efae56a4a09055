"""A little of every torture. `make torture` runs all of it and writes docs/reliability-report.md."""

from pathlib import Path

import pytest

from tests.torture.disks import CannotTry
from tests.torture.tortures import PROFILES, Torture, tortures


def parameters() -> list[object]:
    return [
        pytest.param(
            each,
            id=f"{each.name}, {each.database}",
            marks=[pytest.mark.postgres] if each.database == "postgresql" else [],
        )
        for each in tortures()
    ]


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("torture", parameters())
def test_nothing_is_lost_or_doubled(torture: Torture, tmp_path: Path) -> None:
    try:
        told = torture.run(tmp_path, PROFILES["short"])
    except CannotTry as reason:
        pytest.skip(f"NOT TRIED: {torture.name}: {reason}")
    assert told.violations == []
    assert torture.vacuous(told, PROFILES["short"]) is None
