"""An index: which records have a value, in the order of the list."""

from __future__ import annotations

from twilio_mock.resources.fields import Value
from twilio_mock.state.ordering import Ordering
from twilio_mock.state.records import Position


class Index:
    """Positions by the value of one field.

    Most values belong to one record, so a lone position is kept as it is, without an ordering
    around it. What is unset or empty is never looked for and not kept.
    """

    __slots__ = ("places",)

    def __init__(self) -> None:
        self.places: dict[Value, Position | Ordering] = {}

    def add(self, value: Value, position: Position) -> None:
        """Take note that the record at this position has this value."""
        if not value:
            return
        found = self.places.setdefault(value, position)
        if isinstance(found, Ordering):
            found.add(position)
        elif found is not position:
            ordering = Ordering()
            ordering.add(found)
            ordering.add(position)
            self.places[value] = ordering

    def remove(self, value: Value, position: Position) -> None:
        """Forget that the record at this position has this value."""
        if not value:
            return
        found = self.places[value]
        if isinstance(found, Ordering):
            found.remove(position)
        if not isinstance(found, Ordering) or not found:
            del self.places[value]

    def having(self, value: Value) -> Ordering:
        """The positions of all records with this value."""
        found = self.places.get(value)
        if isinstance(found, Ordering):
            return found
        ordering = Ordering()
        if found is not None:
            ordering.add(found)
        return ordering

    def copy(self) -> Index:
        """Another index of the same positions."""
        twin = Index()
        twin.places = {
            value: place.copy() if isinstance(place, Ordering) else place
            for value, place in self.places.items()
        }
        return twin

    def __contains__(self, value: Value) -> bool:
        return value in self.places
