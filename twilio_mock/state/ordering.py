"""An ordering: positions kept sorted so that no operation's cost grows with their number.

A sorted list of sorted lists (chunks): adding at the end, where new records belong, is an append,
and everything else moves at most one chunk's worth of positions.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from itertools import chain

from twilio_mock.state.records import Position

CHUNK = 512


def last(chunk: list[Position]) -> Position:
    """The highest position of a chunk."""
    return chunk[-1]


def first(chunk: list[Position]) -> Position:
    """The lowest position of a chunk."""
    return chunk[0]


class Ordering:
    """A sorted set of positions."""

    __slots__ = ("chunks",)

    def __init__(self) -> None:
        self.chunks: list[list[Position]] = []

    def add(self, position: Position) -> None:
        """Put in a position that is not there yet."""
        chunks = self.chunks
        if not chunks:
            chunks.append([position])
        elif position > chunks[-1][-1]:
            if len(chunks[-1]) < CHUNK:
                chunks[-1].append(position)
            else:
                chunks.append([position])
        else:
            place = bisect_left(chunks, position, key=last)
            insort(chunks[place], position)
            if len(chunks[place]) > CHUNK:
                half = CHUNK // 2
                chunks[place : place + 1] = [chunks[place][:half], chunks[place][half:]]

    def remove(self, position: Position) -> None:
        """Take out a position that is there."""
        place = bisect_left(self.chunks, position, key=last)
        chunk = self.chunks[place]
        del chunk[bisect_left(chunk, position)]
        if not chunk:
            del self.chunks[place]

    def above(self, position: Position | None = None) -> Iterator[Position]:
        """Those above `position`, or all, going up."""
        if position is None:
            return chain.from_iterable(self.chunks)
        place = bisect_right(self.chunks, position, key=last)
        if place == len(self.chunks):
            return iter(())
        cut = self.chunks[place]
        rest = cut[bisect_right(cut, position) :]
        return chain(rest, chain.from_iterable(self.chunks[place + 1 :]))

    def below(self, position: Position | None = None) -> Iterator[Position]:
        """Those below `position`, or all, going down."""
        if position is None:
            return chain.from_iterable(map(reversed, reversed(self.chunks)))
        place = bisect_left(self.chunks, position, key=first)
        if place == 0:
            return iter(())
        cut = self.chunks[place - 1]
        rest = reversed(cut[: bisect_left(cut, position)])
        return chain(rest, chain.from_iterable(map(reversed, reversed(self.chunks[: place - 1]))))

    def copy(self) -> Ordering:
        """Another ordering of the same positions."""
        twin = Ordering()
        twin.chunks = [chunk[:] for chunk in self.chunks]
        return twin

    def __bool__(self) -> bool:
        return bool(self.chunks)
