"""Reads JSON that came from elsewhere, unless it is nested deeper than anybody walks."""

from __future__ import annotations

import json
from typing import Any

DEEPEST = 100  # levels; the parser of Python 3.13 goes down ten thousand, our own checks cannot
TOO_DEEP = f"it is nested more than {DEEPEST} levels deep"


def read_json(text: str | bytes) -> Any:
    """The value of a JSON document; raises `ValueError` for one that is none or too deep."""
    try:
        value = json.loads(text)
    except RecursionError as problem:
        raise ValueError(TOO_DEEP) from problem
    if is_too_deep(value):
        raise ValueError(TOO_DEEP)
    return value


def is_too_deep(value: object) -> bool:
    """Whether a value has more levels of arrays and objects than `DEEPEST`."""
    level = [value]
    for _ in range(DEEPEST + 1):
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                inner += each.values()
            elif isinstance(each, list):
                inner += each
        if not inner:
            return False
        level = inner
    return True
