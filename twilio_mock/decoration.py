"""A mock as a decorator: active while the function runs that it decorates."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from functools import wraps
from inspect import iscoroutinefunction
from typing import ParamSpec, Protocol, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


class Mock(
    AbstractContextManager[object, None], AbstractAsyncContextManager[object, None], Protocol
):
    """What is asked of the mock."""

    def rollback(self) -> AbstractContextManager[object]:
        """Undo at the end of the `with` block whatever happened in it."""


def decorated(mock: Mock, function: Callable[P, T]) -> Callable[P, T]:
    """The function, plain or async, with the mock active and as it was before."""
    if not iscoroutinefunction(function):

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            with mock, mock.rollback():
                return function(*args, **kwargs)

        return run

    @wraps(function)
    async def run_async(*args: P.args, **kwargs: P.kwargs) -> object:
        async with mock:
            with mock.rollback():
                return await function(*args, **kwargs)

    return cast("Callable[P, T]", run_async)
