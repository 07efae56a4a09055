"""A process to be killed: writes batches and prints the number of each one it was told is safe."""

import sys
from itertools import count

from store.office import Store
from tests.store.examples import NOW, item, opening


def main(url: str, name: str) -> None:
    store = Store.open(url)
    for at in count():
        with store.write(NOW) as tx:
            tx.commit_batch(opening(*(item(f"{name}-{at}-{part}") for part in range(20))))
        print(at, flush=True)  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(*sys.argv[1:])
