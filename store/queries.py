"""What every set of questions stands on: the connection that holds the snapshot."""

from sqlalchemy import Connection


class Queries:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
