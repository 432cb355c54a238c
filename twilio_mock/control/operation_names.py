"""The names of Twilio's operations: which there are, and which one was meant."""

from __future__ import annotations

from fnmatch import fnmatchcase

from twilio_mock.spelling import meant
from twilio_mock.state import State


def check_operation(state: State, wanted: str) -> None:
    """Raise `ValueError` if no operation has such a name; `*` stands for anything."""
    known = {
        resource.operation_id[verb]: None for resource in state.resources for verb in resource.verbs
    }
    if any(fnmatchcase(each, wanted) for each in known):
        return
    advice = meant(wanted, known, cutoff=0.5)
    raise ValueError(f"twilio_mock: no operation is named {wanted!r}; {advice}")
