"""Settings of a PostgreSQL server under which what was acknowledged may be lost, or kept wrongly."""

from collections.abc import Callable, Iterator, Mapping

from store.database import Setting

OLDEST = 150_000  # server_version_num of the first version that we try
SAFE: Mapping[str, tuple[Callable[[str], bool], str, str]] = {
    "server_version_num": (
        lambda said: int(said) >= OLDEST,
        "需要 PostgreSQL 15 或更新版本",
        "PostgreSQL 15 or newer is needed",
    ),
    "server_encoding": (
        lambda said: said == "UTF8",
        "数据库须用 UTF8 编码建立",
        "the database must be made with encoding UTF8",
    ),
    "fsync": (
        lambda said: said == "on",
        "断电会损坏整个库；请在 postgresql.conf 中设 fsync = on",
        "a power failure would ruin the store: set fsync = on in postgresql.conf",
    ),
    "full_page_writes": (
        lambda said: said == "on",
        "断电会损坏库中的页；请设 full_page_writes = on",
        "a power failure would ruin pages: set full_page_writes = on",
    ),
    "synchronous_commit": (
        lambda said: said != "off",
        "已确认的提交在断电后会丢失；请设 synchronous_commit = on",
        "commits that were acknowledged would be lost in a power failure: set synchronous_commit = on",
    ),
}


def unsafe_settings(told: Mapping[str, str]) -> tuple[Setting, ...]:
    """`told`: name → value, as the server shows them to us."""
    return tuple(_unsafe(told))


def _unsafe(told: Mapping[str, str]) -> Iterator[Setting]:
    for name, (is_safe, zh, en) in SAFE.items():
        if name not in told or not is_safe(told[name]):
            value = told.get(name, "?")
            yield Setting(code=name, zh=f"{name} = {value}：{zh}", en=f"{name} = {value}: {en}")
