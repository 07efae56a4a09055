"""Schema 2: the brake. What it holds, and how much each firing proposed.

Firings of before count as having proposed nothing: the brake begins to count when the store is converted.
"""

from typing import TYPE_CHECKING

from sqlalchemy import text as sql

from store.migrations.columns import KEYED, check, flag, is_sqlite, long, rebuild, text, texts

if TYPE_CHECKING:
    from alembic.operations import Operations


def convert(op: "Operations") -> None:
    make_holds(op)
    count_proposals(op)


def make_holds(op: "Operations") -> None:
    op.create_table(
        "holds",
        *texts("subject", "rule", "occasion", "at", "book"),
        long("proposes"),
        *texts("workflows", "units", "told", "zh", "en"),
        flag("sealed"),
        text("state"),
        long("audit_seq"),
        long("seq", key=True),
        check("state_known", "state IN ('held', 'waiting', 'released', 'dropped')"),
        check("held_first", "seq <= audit_seq"),
        **KEYED,
    )
    op.create_index("holds_once", "holds", ["subject", "rule", "occasion"], unique=True)
    still = sql("state IN ('held', 'waiting')")
    op.create_index("holds_open", "holds", ["subject"], sqlite_where=still, postgresql_where=still)


def count_proposals(op: "Operations") -> None:
    if is_sqlite(op):
        rebuild(
            op,
            "firings",
            *(text(name, key=True) for name in ("subject", "rule", "occasion")),
            *texts("at", "outcome", "because"),
            long("proposed"),
            long("audit_seq"),
            check("outcome_known", "outcome IN ('acted', 'shadow', 'joined')"),
            check("proposed_not_negative", "proposed >= 0"),
            taken=("subject", "rule", "occasion", "at", "outcome", "because", "audit_seq"),
            new=(("proposed", "0"),),
            **KEYED,
        )
    else:
        op.add_column("firings", long("proposed", begins="0"))
        op.alter_column("firings", "proposed", server_default=None)
        op.create_check_constraint("proposed_not_negative", "firings", "proposed >= 0")
    some = sql("proposed > 0")
    op.create_index("firings_proposed", "firings", ["at"], sqlite_where=some, postgresql_where=some)
