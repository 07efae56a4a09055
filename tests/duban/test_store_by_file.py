"""`--store city.db` is the file; everything else is an address."""

import pytest

from duban.config import load_settings, store_url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("city.db", "sqlite:///city.db"),
        ("/srv/duban/city.db", "sqlite:////srv/duban/city.db"),
        ("sqlite:///city.db", "sqlite:///city.db"),
        ("postgresql://host/city.db", "postgresql://host/city.db"),
        ("city", "city"),
    ],
)
def test_a_file_is_named_by_its_path(written: str, url: str) -> None:
    assert store_url(written) == url
    assert load_settings({"store": written}, {}).store == url
    assert load_settings({}, {"DUBAN_STORE": written}).store == url
