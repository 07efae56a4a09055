"""The Merkle tree over the log, as RFC 6962 draws it: only the roots of its full subtrees are kept."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32
NO_LEAF = bytes(HASH_BYTES)


def leaf_hash(record: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """Grows by one leaf at a time; its state is at most one hash for each bit of its size."""

    size: int = 0
    frontier: list[bytes] = field(default_factory=list)  # largest subtree first

    def append(self, leaf: bytes) -> None:
        full = self.size
        while full & 1:
            leaf = node_hash(self.frontier.pop(), leaf)
            full >>= 1
        self.frontier.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        return frontier_root(self.frontier)


def frontier_root(frontier: Sequence[bytes]) -> bytes:
    if not frontier:
        return hashlib.sha256(b"").digest()
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def pack(frontier: Sequence[bytes]) -> bytes:
    return b"".join(frontier)


def unpack(packed: bytes) -> list[bytes]:
    return [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)]
