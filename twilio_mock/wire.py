"""What goes in and what comes out: a request and a response as plain values."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from twilio_mock.waiting import Pause


@dataclass(slots=True)
class Request:
    """One HTTP request, read to its end, as the rules see it.

    `path` is as it was sent (percent-encoded, without the query), `query` is the raw text after
    the question mark, and `headers` must look names up without regard to case.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def split_target(target: str) -> tuple[str, str]:
    """Path and query of a request target, also of one in absolute form (as a proxy gets it)."""
    if not target.startswith("/") and "://" in target:
        target = "/" + target.partition("://")[2].partition("/")[2]
    path, _, query = target.partition("#")[0].partition("?")
    return path, query


class Sending(NamedTuple):
    """How an answer is sent that does not reach its client whole, or not at once.

    `length` is the number of bytes of the body after which the connection is closed; `None` is
    all of them, and -1 closes it before anything was sent. With `reset` it is not closed but
    reset. `bytes_per_second` is the speed of the body, `None` as fast as it goes.
    """

    length: int | None = None
    reset: bool = False
    bytes_per_second: float | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing is sent at all."""
        return self.length is not None and self.length < 0


USUAL = Sending()


@dataclass(slots=True)
class Response:
    """One HTTP answer: what is to be sent, and to whom its end is to be reported.

    `account` is the one whose request this answers (not its SID, which another one may have by
    the end of the answer), `None` when it reached none.
    `sending` says how it is sent. `status` is 0 if there is no answer, but only the end of the
    connection. `on_end` is called, under the state's lock, when it was sent or its client is gone.
    Whoever sends the answer reports its end with `dispatch.finish`.
    """

    ready: ClassVar[bool] = True
    """Whether it is here; see `answers_to_come.py` for those that are not."""
    status: int
    headers: dict[str, str]
    body: bytes = b""
    account: Any = None
    sending: Sending = USUAL
    on_end: tuple[Callable[[], None], ...] = ()


Steps = Generator[Pause, None, Response]


class Wait(NamedTuple):
    """What stands in for an answer that is not due yet: wait for `pause`, then `dispatch.resume`.

    Who will not wait reports that with `dispatch.finish`: then nothing more is done for it.
    """

    pause: Pause
    steps: Steps
