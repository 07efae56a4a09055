"""A little of every torture. `make torture` runs all of it and writes docs/reliability-report.md."""

from pathlib import Path

import pytest

from store.office import Store
from tests.databases import OWNER, Databases
from tests.store.examples import NOW
from tests.torture.disks import CannotTry
from tests.torture.proxy import Proxy
from tests.torture.silence import NEAR_ADDRESS, far_host, listen_near, pull, work_far
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


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.postgres
def test_a_pulled_wire_is_noticed_within_seconds(databases: Databases) -> None:
    url = databases.server.url()
    Store.create(url, {"office": "demo"}, NOW).close()
    try:
        with far_host(), listen_near() as listener:
            proxy = Proxy(databases.server.folder, listener)
            port, schema = listener.getsockname()[1], url.rpartition("=")[2]
            with work_far(f"postgresql://{OWNER}@{NEAR_ADDRESS}:{port}/postgres?schema={schema}") as far:
                assert far.stdin is not None
                assert far.stdout is not None
                assert far.stdout.readline() == "open\n"
                pull(plugged=False)
                far.stdin.write("\n")
                far.stdin.flush()
                assert float(far.stdout.readline()) < 20, "by itself it would be a quarter of an hour"
            proxy.close()
    except CannotTry as reason:
        pytest.skip(f"NOT TRIED: a pulled wire: {reason}")
