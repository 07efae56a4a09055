"""PostgreSQL's errors in our words: what, where, way out; and without people's data.

Its details cite the row that was refused, so of an error only the first sentence is kept.
"""

from collections.abc import Mapping
from typing import Any

# By SQLSTATE, or by its first two characters.
SENTENCES: Mapping[str, str] = {
    "55P03": "{place} is being written by another program: try again, or stop that program",
    "57014": "{place} took too long over a statement: try again, and look at the load of its server",
    "25P03": "{place} cut this program off, because it held the store and did nothing: nothing was written",
    "25P04": "{place} cut this program off, because it held the store too long: nothing was written",
    "25006": "{place} may not be written: this server is a replica or read-only; name the primary one",
    "42501": "{place} may not be used so by this role: let its owner run `duban store grant ROLE`",
    "42P01": "{place} lacks a table of this version: restore it from a backup",
    "42703": "{place} lacks a column of this version: restore it from a backup",
    "3D000": "{place}: there is no such database: let the server's owner make it, or correct the address",
    "3F000": "{place} does not exist: make a store with `duban init`, or correct the address",
    "42P06": "{place} exists already: open it, or choose another schema",
    "53100": "no room left on the disk of {place}: free some, nothing was lost",
    "53200": "the server of {place} has no memory left: nothing was written; look at its load",
    "53300": "{place} has no connection free: stop a program that uses the server, or raise max_connections",
    "40": "{place} was changed past the writer's lock: nothing of this was written; find who did it",
    "58": "the disk of {place} failed: check the disk, then `duban audit verify`",
    "XX": "{place} is damaged: restore it from a backup, and keep the damaged server for inspection",
    "28": "{place} did not let this role in: correct the role, its password file or the server's pg_hba.conf",
    "57P": "the server of {place} is stopping or starting: try again when it runs",
    "08": "the server of {place} cannot be reached: start it, or correct the address",
}
# A connection that never came about has no SQLSTATE, only words of the library or of the server.
UNREACHED: Mapping[str, str] = {
    "password authentication failed": SENTENCES["28"],
    "no password supplied": SENTENCES["28"],
    "no pg_hba.conf entry": SENTENCES["28"],
    "Peer authentication failed": SENTENCES["28"],
    "role ": SENTENCES["28"],
    "database ": SENTENCES["3D000"],
    "too many clients": SENTENCES["53300"],
    "remaining connection slots": SENTENCES["53300"],
    "the database system is": SENTENCES["57P"],
    "session is read-only": SENTENCES["25006"],
}


def state_of(error: BaseException) -> str | None:
    state = getattr(error, "sqlstate", None)
    return state if isinstance(state, str) else None


def sentence_for(error: BaseException, place: str) -> str | None:
    state = state_of(error)
    if state is not None:
        found = next((SENTENCES[state[:size]] for size in (5, 3, 2) if state[:size] in SENTENCES), None)
        return None if found is None else found.format(place=place)
    if "NUL (0x00)" in str(error):  # said by the driver
        return "a text holds a null character, which not every database keeps: take it out"
    if type(error).__name__ not in ("OperationalError", "ConnectionTimeout"):
        return None
    words = str(error).partition("FATAL:")[2]
    said = next((UNREACHED[start] for start in UNREACHED if start in words), SENTENCES["08"])
    return said.format(place=place)


def without_data(error: BaseException) -> BaseException:
    """The same with its first sentence alone, which names the rule that was broken and no value."""
    told: Any = getattr(error, "diag", None)
    if told is not None and told.message_primary is not None:
        error.args = (told.message_primary,)
    return error
