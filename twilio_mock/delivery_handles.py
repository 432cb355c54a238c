"""A simulated call or message as a test holds it: what was sent, what came back, what is next."""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from typing import TYPE_CHECKING, Any, Protocol, Self

from twilio_mock.control.calls import Call
from twilio_mock.control.messages import Message
from twilio_mock.state.deliveries import Attempt, Element, Event
from twilio_mock.state.deliveries import Delivery as Record
from twilio_mock.state.webhooks import WebhookSettings
from twilio_mock.webhooks.conversation import Conversation, Talk

if TYPE_CHECKING:
    from twilio_mock.serving.loop_thread import LoopThread


class Running(Protocol):
    """What a delivery has to know of the mock that it belongs to."""

    @property
    def loop_thread(self) -> LoopThread | None:
        """The thread in which the mock's server runs, if it has one of its own."""

    @property
    def blocking(self) -> bool:
        """Whether what waits is to block, and not to be awaited in the loop that runs."""


class Carried:
    """Something that is said to endpoints: done at once when blocking, else when it is awaited."""

    def __init__(self, mock: Running, settings: WebhookSettings) -> None:
        self._mock = mock
        self._settings = settings
        self._waiting: Awaitable[bool] | None = None
        self._held: Talk[None] | None = None

    def _carry_on(self, talk: Talk[None]) -> Self:
        """Carry the conversation on: now in the blocking face, when awaited in the async one."""
        from twilio_mock.serving.deliver import drive, drive_blocking, loop_is_running

        thread = self._mock.loop_thread
        if not loop_is_running():
            self._held = None
            self._held = None if drive_blocking(talk, self._settings, thread) else talk
        elif not self._mock.blocking:
            self._held = talk
            self._waiting = drive(talk, self._settings)
        else:
            talk.close()
            raise RuntimeError(
                "twilio_mock: this would block the event loop that runs in this thread, and with "
                "it whoever is asked. Use `async with TwilioMock()`, or the fixture "
                "async_twilio_mock, and await the call here"
            )
        return self

    def __await__(self) -> Generator[Any, None, Self]:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            talk, self._held = self._held, None
            if not (yield from waiting.__await__()):
                self._held = talk
        return self

    @property
    def held(self) -> bool:
        """Whether a `hold` fault has stopped it."""
        return self._held is not None and self._waiting is None

    def _check_done(self) -> None:
        """Raise `RuntimeError` if there is no outcome yet."""
        if self._waiting is not None:
            raise RuntimeError("twilio_mock: nothing was sent yet; await this first")
        if self._held is not None:
            raise RuntimeError("twilio_mock: a fault holds this delivery; call its release() first")


class Delivery(Carried):
    """All that was sent for one call or one message, and what came of it.

    In the blocking face it is complete when you get it. In the async face you get it to be
    awaited, as `delivery = await application.incoming_call(...)`, and so is what its methods
    return. Until then, and while a fault holds it, its outcome cannot be read: `RuntimeError`.
    """

    def __init__(self, mock: Running, conversation: Conversation) -> None:
        super().__init__(mock, conversation.settings)
        self._conversation = conversation

    def release(self) -> Self:
        """Let a delivery go on that a `hold` fault has stopped; await it in the async face.

        Raises `RuntimeError` if it is not held.
        """
        if self._held is None or self._waiting is not None:
            raise RuntimeError("twilio_mock: this delivery is not held")
        return self._carry_on(self._held)

    @property
    def sid(self) -> str:
        """The CallSid or the MessageSid."""
        return self._conversation.delivery.sid

    @property
    def status(self) -> str:
        """The CallStatus or MessageStatus."""
        return self._conversation.delivery.status

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The URLs that were asked for TwiML: the first one, then the fallback."""
        return tuple(self._outcome.attempts)

    @property
    def status_callbacks(self) -> tuple[Attempt, ...]:
        """The requests that told of a status."""
        return tuple(self._outcome.status_callbacks)

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order, also of a delivery that is held."""
        return tuple(self._conversation.delivery.events)

    @property
    def error_code(self) -> int | None:
        """The error of the last URL that was asked for TwiML; `None` if it answered well."""
        attempts = self._outcome.attempts
        return attempts[-1].error_code if attempts else None

    @property
    def twiml(self) -> Element:
        """The document that Twilio would go on with; raises `LookupError` if there is none."""
        __tracebackhide__ = True
        attempts = self._outcome.attempts
        if attempts and attempts[-1].twiml is not None:
            return attempts[-1].twiml
        tried = "; ".join(map(repr, attempts)) or "nothing was asked"
        raise LookupError(f"twilio_mock: {self.sid} was answered with no TwiML: {tried}")

    @property
    def _outcome(self) -> Record:
        self._check_done()
        self._conversation.delivery.seen = True
        return self._conversation.delivery

    def __repr__(self) -> str:
        record = self._conversation.delivery
        tried = "; ".join(map(repr, record.attempts + record.status_callbacks))
        return f"<{record.kind} {record.sid} {record.status}: {tried or 'nothing was asked'}>"


class CallDelivery(Delivery):
    """A simulated call. The test decides how it ends; then the status callback is told.

    Its methods raise `RuntimeError` for an end that the call cannot have (any more).
    """

    def __init__(self, mock: Running, call: Call) -> None:
        super().__init__(mock, call.conversation)
        self._call = call

    def start(self) -> Self:
        """Let it ring, and ask for TwiML; whoever makes a simulation calls this once."""
        return self._carry_on(self._call.start())

    def hang_up(self, duration: int = 0) -> Self:
        """The call is completed after `duration` seconds."""
        return self._end("completed", duration)

    def busy(self) -> Self:
        """The called party is busy."""
        return self._end("busy", 0)

    def no_answer(self) -> Self:
        """Nobody takes the call."""
        return self._end("no-answer", 0)

    def cancel(self) -> Self:
        """The caller gives up while it rings."""
        return self._end("canceled", 0)

    def fail(self, duration: int = 0) -> Self:
        """The call breaks down after `duration` seconds."""
        return self._end("failed", duration)

    def _end(self, status: str, duration: int) -> Self:
        _ = self._outcome
        return self._carry_on(self._call.end(status, duration))


class MessageDelivery(Delivery):
    """A simulated message. The test decides what becomes of one that is sent.

    The status callback is told of each status on the way. The methods raise `RuntimeError` for a
    message that arrived, or whose life is over.
    """

    def __init__(self, mock: Running, message: Message) -> None:
        super().__init__(mock, message.conversation)
        self._message = message

    def start(self) -> Self:
        """Let it arrive, or be queued; whoever makes a simulation calls this once."""
        return self._carry_on(self._message.start())

    def sent(self) -> Self:
        """The message has left Twilio."""
        return self._move("sent")

    def delivered(self) -> Self:
        """The message has arrived."""
        return self._move("delivered")

    def undelivered(self, error_code: int = 30003) -> Self:
        """The message could not be delivered, for the reason that the code says."""
        return self._move("undelivered", error_code)

    def failed(self, error_code: int = 30001) -> Self:
        """The message could not be sent, for the reason that the code says."""
        return self._move("failed", error_code)

    def _move(self, status: str, error_code: int | None = None) -> Self:
        _ = self._outcome
        return self._carry_on(self._message.move(status, error_code))
