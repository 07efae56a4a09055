"""What the role that the daemon and the commands run as may do on PostgreSQL, and nothing else.

The owner of the schema makes and converts it. The application cannot change or take away what is kept for
ever, not even by mistake, because it was never given the right to.
"""

from collections.abc import Iterator

from store.holds import SETTLED
from store.outbox import CHANGING
from store.tables import Table
from store.writing import FIXED

NEVER_ADDED = ("duban_writer", "audit_head")  # one row each, from the beginning
# What may change; of items, notices and holds only these columns.
CHANGED = (
    *("clocks", "schedules", "people", "books", "parked", "counters", "audit_head", "office"),
    "duban_writer",  # which nobody changes: the right to is what its lock asks for
)
TAKEN_AWAY = ("parked",)  # what was set aside is let go


def grants(schema: str, role: str) -> Iterator[str]:
    """For the owner to say. What was granted before is taken back first."""
    everything = f"ALL TABLES IN SCHEMA {schema}"
    yield f"REVOKE ALL ON {everything} FROM {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT ON {everything} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
    for table in Table.metadata.tables:
        if table not in NEVER_ADDED:
            yield f"GRANT INSERT ON {schema}.{table} TO {role}"
    for table in CHANGED:
        yield f"GRANT UPDATE ON {schema}.{table} TO {role}"
    for table in TAKEN_AWAY:
        yield f"GRANT DELETE ON {schema}.{table} TO {role}"
    columns = Table.metadata.tables["items"].c.keys()
    changing = ", ".join(name for name in columns if name not in FIXED)
    yield f"GRANT UPDATE ({changing}) ON {schema}.items TO {role}"
    yield f"GRANT UPDATE ({', '.join(CHANGING)}) ON {schema}.notices TO {role}"
    yield f"GRANT UPDATE ({', '.join(SETTLED)}) ON {schema}.holds TO {role}"
