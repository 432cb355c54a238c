"""What is changed in twilio-python while a mock is active, and put back afterwards.

Two places, the same in versions 7, 8 and 9: the host of a request is resolved by `get_hostname`
of the client, and it is sent by `request` of the SDK's own transport, blocking or async.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from types import ModuleType
from typing import Any, Protocol

from twilio_mock.serving.late_import import Change, LateImport
from twilio_mock.serving.targets import Target

# The adapter that the user's session has for it also carries the request to the mock, so that
# retries and time limits which were mounted for Twilio hold here too.
MEANT_FOR = "https://api.twilio.com/"


class SdkClient(Protocol):
    """What is read of a `twilio.rest.Client`."""

    username: str | None
    http_client: object


class Leads(Protocol):
    """What the changed SDK asks where it would have acted on its own."""

    def lead(self, client: SdkClient, url: str, original: Callable[[Any, str], str]) -> str:
        """Where a request goes that was meant for `url`."""

    def target_of(self, url: str) -> Target | None:
        """The mock that this is a URL of."""


class SdkPatches:
    """The changes to the SDK: of what is imported now, at once, and of the rest when it is."""

    def __init__(self, redirection: Leads) -> None:
        self._redirection = redirection
        self._changes: dict[str, Change] = {
            "twilio.base.client_base": self._change_client,
            "twilio.rest": self._change_client,
            "twilio.http.http_client": self._change_transport,
            "twilio.http.async_http_client": self._change_async_transport,
        }
        self._late = LateImport(self._changes)
        self._undo: list[tuple[type, str, object]] = []
        self._transports: tuple[type, ...] = ()

    def apply(self) -> None:
        """Change the SDK."""
        self._late.start()
        for name, change in self._changes.items():
            if (module := sys.modules.get(name)) is not None:
                change(module)

    def undo(self) -> None:
        """Put back what was there."""
        self._late.stop()
        while self._undo:
            setattr(*self._undo.pop())
        self._transports = ()

    def knows(self, transport: object) -> bool:
        """Whether a transport sends, in the end, through one that is changed."""
        if getattr(transport, "answers_in_process", False):
            return True
        return isinstance(transport, self._transports)

    def _replace(self, kind: type, name: str, replacement: Callable[..., Any]) -> None:
        if any(changed is kind and of == name for changed, of, _ in self._undo):
            return  # twilio.rest and twilio.base.client_base both have the client's class
        original = vars(kind)[name]
        setattr(kind, name, wraps(original)(replacement))
        self._undo.append((kind, name, original))

    def _change_client(self, module: ModuleType) -> None:
        # Version 7 has it in twilio.rest.Client, later ones in ClientBase.
        kind = getattr(module, "ClientBase", None) or getattr(module, "Client", None)
        original = vars(kind).get("get_hostname") if kind else None
        if kind is None or original is None:
            return
        redirection = self._redirection

        def get_hostname(client: Any, uri: str) -> str:
            __tracebackhide__ = True
            return redirection.lead(client, uri, original)

        self._replace(kind, "get_hostname", get_hostname)

    def _change_transport(self, module: ModuleType) -> None:
        kind = module.TwilioHttpClient
        original = vars(kind)["request"]
        redirection = self._redirection

        def request(transport: Any, method: str, url: str, *args: Any, **options: Any) -> Any:
            target = redirection.target_of(url)
            if target is None:
                return original(transport, method, url, *args, **options)
            if target.answers_here:
                here = transports().InProcessHttpClient(target.state, transport.timeout)
                return here.request(method, url, *args, **options)
            with direct(transport, target.url) as twin:
                return original(twin, method, url, *args, **options)

        self._replace(kind, "request", request)
        self._transports += (kind,)

    def _change_async_transport(self, module: ModuleType) -> None:
        kind = module.AsyncTwilioHttpClient
        original = vars(kind)["request"]
        redirection = self._redirection

        async def request(transport: Any, method: str, url: str, *args: Any, **options: Any) -> Any:
            target = redirection.target_of(url)
            if target is None or not target.in_process:
                return await original(transport, method, url, *args, **options)
            here = transports().AsyncInProcessHttpClient(target.state)
            return await here.request(method, url, *args, **options)

        self._replace(kind, "request", request)
        self._transports += (kind,)


@cache
def transports() -> ModuleType:
    """The transports that need no socket: imported when one is needed, for they import aiohttp.

    And once: to ask for it again at each call took a fiftieth of the call.
    """
    from twilio_mock.serving import in_process

    return in_process


@contextmanager
def direct(transport: Any, url: str) -> Iterator[Any]:
    """A double of a blocking transport that takes no proxy on the way to the mock.

    A double and not the transport itself: that may be sending for another thread, to elsewhere.
    """
    twin = double(transport)
    session = transport.session
    if session is None:
        from requests import Session

        twin.session = Session()
    else:
        twin.session = double(session)
        twin.session.adapters = {url: session.get_adapter(MEANT_FOR)}
    twin.session.trust_env = False
    twin.session.proxies = {}
    twin.proxy = {}
    try:
        yield twin
    finally:
        if session is None:
            twin.session.close()
        # What the SDK remembers of the last request and its answer.
        vars(transport).update({n: v for n, v in vars(twin).items() if "_last_" in f"_{n}"})


def double(thing: Any) -> Any:
    """Another object with the same attributes."""
    twin = object.__new__(type(thing))
    vars(twin).update(vars(thing))
    return twin
