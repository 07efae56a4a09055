"""postgresql://user@host/database?schema=harbour: which server, which database, which schema."""

import re
from dataclasses import dataclass

from sqlalchemy.engine import URL

from store.errors import StoreError

USUAL_SCHEMA = "duban"
DRIVERS = ("postgresql", "postgresql+psycopg")
LONGEST = 63  # characters; the server cuts the rest off
NAME = re.compile(rf"[a-z_][a-z0-9_]{{0,{LONGEST - 1}}}")  # what needs no quotes anywhere
OWN = ("pg_", "information_schema")  # PostgreSQL's own


@dataclass(frozen=True, kw_only=True)
class Address:
    url: URL
    schema: str

    def with_schema(self, schema: str) -> str:
        """Another one of the same database, with everything that is needed to connect."""
        url = self.url.set(drivername="postgresql").update_query_dict({"schema": schema})
        return url.render_as_string(hide_password=False)

    @property
    def place(self) -> str:
        shown = self.url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)
        return f"{shown}?schema={self.schema}"


def read_address(url: URL) -> Address:
    if url.drivername not in DRIVERS:
        raise StoreError(f"{url.drivername} is not supported by this version: write postgresql://…")
    if not url.database:
        raise StoreError("a store needs a database: write postgresql://user@host/database")
    schema = url.query.get("schema", USUAL_SCHEMA)
    if not isinstance(schema, str) or not is_name(schema):
        raise StoreError(
            f"{schema!r} is no name for a schema: write small letters, digits and _, as in ?schema=harbour"
        )
    rest = url.difference_update_query(["schema"])
    return Address(url=rest.set(drivername="postgresql+psycopg"), schema=schema)


def is_name(word: str) -> bool:
    return NAME.fullmatch(word) is not None and not word.startswith(OWN)


def beside_name(schema: str, ending: str) -> str:
    return f"{schema[: LONGEST - len(ending) - 1]}_{ending}"
