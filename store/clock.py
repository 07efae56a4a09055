"""How a database tells its own time: the only place below the shell where a clock is read.

An office has one clock, whatever hosts its daemons run on. PostgreSQL's `now()` is when the transaction
began, which for whoever waited for the writer's lock is in the past.
"""

SQLITE_CLOCK = "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z'"
POSTGRES_CLOCK = """SELECT to_char(clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
