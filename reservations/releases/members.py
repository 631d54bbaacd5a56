"""Sets of persons as compressed bitmaps, cut into chunks of 65,536 dense ids."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

CHUNK_BITS = 16
WITHIN = (1 << CHUNK_BITS) - 1


@dataclass(frozen=True)
class Members:
    """The persons of one release: in the file, held out of it, and in it with the number removed.

    The latter two are so because of a reservation. Everyone whose number was removed is in the file,
    and nobody held out is.
    """

    in_file: BitMap = field(default_factory=BitMap)
    held_out: BitMap = field(default_factory=BitMap)
    number_removed: BitMap = field(default_factory=BitMap)

    def __post_init__(self) -> None:
        if self.in_file & self.held_out or not self.number_removed <= self.in_file:
            msg = "Nobody is both in a file and held out, or has a number removed from a file without them."
            raise ValueError(msg)

    @classmethod
    def of(
        cls, *, in_file: Iterable[int], held_out: Iterable[int] = (), number_removed: Iterable[int] = ()
    ) -> "Members":
        """Members from any collections of person ids."""
        return cls(BitMap(in_file), BitMap(held_out), BitMap(number_removed))


def chunk_of(person_id: int) -> int:
    """The number of the chunk that holds this person."""
    return person_id >> CHUNK_BITS


def is_in(bitmap: bytes, person_id: int) -> bool:
    """Whether the chunk's bitmap holds this person."""
    return bool(bitmap) and (person_id & WITHIN) in BitMap.deserialize(bytes(bitmap))


def chunks(members: Members) -> Iterator[tuple[int, Mapping[str, bytes]]]:
    """Each chunk that anyone is in, with its serialized bitmaps by name."""
    everyone = members.in_file | members.held_out
    for chunk in sorted({chunk_of(first) for first in _first_of_each_chunk(everyone)}):
        yield (
            chunk,
            {
                "in_file": _cut(members.in_file, chunk),
                "held_out": _cut(members.held_out, chunk),
                "number_removed": _cut(members.number_removed, chunk),
            },
        )


def _first_of_each_chunk(everyone: BitMap) -> Iterator[int]:
    at = 0
    while (rank := everyone.rank(at - 1) if at else 0) < len(everyone):
        first = everyone[rank]
        yield first
        at = (chunk_of(first) + 1) << CHUNK_BITS


def _cut(whole: BitMap, chunk: int) -> bytes:
    start = chunk << CHUNK_BITS
    part = whole & BitMap(range(start, start + WITHIN + 1))
    if not part:
        return b""
    part = part.shift(-start)
    part.run_optimize()
    return part.serialize()
