"""Redirection: which active mock a request of twilio-python is for, and how it gets there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any

from twilio_mock.complaints import EscapedRequest
from twilio_mock.serving.sdk_patches import SdkClient, SdkPatches
from twilio_mock.serving.targets import Target
from twilio_mock.state import State
from twilio_mock.state.forks import FORKS, LostLock

GUARDED = "twilio.com"
ADVICE = "docs/testing.md of twilio_mock, section"


class Redirection:
    """The active mocks of this process, the innermost last, and the SDK changed while there are.

    There is one for a process, because there is one SDK in it.
    """

    def __init__(self) -> None:
        self.lock: threading.RLock | LostLock = threading.RLock()
        self.served = False  # a fork has targets as its parent has: it may ask their servers
        FORKS.known.add(self)
        self._targets: tuple[Target, ...] = ()
        self._patches = SdkPatches(self)

    def add(self, target: Target) -> None:
        """Lead the SDK to a mock that became active."""
        with self.lock:
            if not self._targets:
                self._patches.apply()
            self._targets += (target,)

    def remove(self, target: Target) -> None:
        """Forget a mock; with the last one the SDK is as it was."""
        with self.lock:
            if target in self._targets:
                self._targets = tuple(each for each in self._targets if each is not target)
                if not self._targets:
                    self._patches.undo()

    def target_of(self, url: str) -> Target | None:
        """The mock that this is a URL of."""
        for target in reversed(self._targets):
            if target.holds(url):
                return target
        return None

    def lead(self, client: SdkClient, url: str, original: Callable[[Any, str], str]) -> str:
        """Where a request of a client goes that was meant for `url`.

        `original` is the SDK's own answer, which puts edge and region into the host.
        Raises `EscapedRequest` for a host of Twilio's that is not played here.
        """
        __tracebackhide__ = True
        targets = self._targets
        if not targets:  # the last mock has just ended, in another thread
            return original(client, url)
        if self.target_of(url) is not None:
            return url
        host, slash, path = url.partition("://")[2].partition("/")
        product, _, domain = host.lower().partition(".")
        if domain != GUARDED and not domain.endswith("." + GUARDED):
            return original(client, url)
        target = choose(targets, client.username)
        if product == "api":
            self._check_transport(client.http_client, target)
            return target.url + slash + path
        if f"{product}.{GUARDED}" not in target.allowed:
            escape = EscapedRequest(escape_message(product, host), f"{product}.{GUARDED}")
            target.note(client.username, escape)
            raise escape
        return original(client, url)

    def _check_transport(self, transport: object, target: Target) -> None:
        """Refuse what would hang or end nowhere: an own `http_client` where there is no socket."""
        __tracebackhide__ = True
        if not target.answers_here or self._patches.knows(transport):
            return
        if getattr(transport, "is_async", False) and not target.in_process:
            return
        reason = "the transport is in_process" if target.in_process else "its loop runs right here"
        raise RuntimeError(
            f"twilio_mock: {type(transport).__name__} is no TwilioHttpClient, so that it needs a "
            f"server in another thread, and there is none: {reason}. Derive it from the SDK's own, "
            f"or use `with TwilioMock()`; see {ADVICE} 'In process'"
        )


def target_for(
    state: State, url: str | None, loop_thread: int | None, allowed: Collection[str]
) -> Target:
    """A mock as a target: at the URL of its server, or, without one, in process."""
    # A name that cannot exist (RFC 6761 section 6.4): what is sent there shows where it is from.
    nowhere = f"http://in-process-{id(state):x}.twilio-mock.invalid"
    return Target(state, url or nowhere, url is None, loop_thread, frozenset(allowed))


def choose(targets: tuple[Target, ...], user: str | None) -> Target:
    """The innermost mock that knows the credentials, or else the innermost, to refuse them."""
    for target in reversed(targets):
        if target.knows(user):
            return target
    return targets[-1]


def escape_message(product: str, host: str) -> str:
    """Why a request was stopped."""
    return (
        f"twilio_mock: stopped a request to {host}: it would have left for the real Twilio. This "
        f"mock plays api.twilio.com, not the product {product!r}. Stub that call in your test, or, "
        f"if it is to leave, allow it by name: allow=['{product}.{GUARDED}']; see {ADVICE} "
        "'Requests that would escape'"
    )


REDIRECTION = Redirection()
