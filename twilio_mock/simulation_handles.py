"""The five ways in, on an account, an Application and a phone number."""

from __future__ import annotations

from typing import Any, Unpack

from twilio_mock.arguments import check_names
from twilio_mock.control.calls import incoming_call, outgoing_call, sdk_call
from twilio_mock.control.collections import Collection, RecordHandle
from twilio_mock.control.how import How, options_for
from twilio_mock.control.messages import Media, incoming_message, outgoing_message
from twilio_mock.control.simulations import Options
from twilio_mock.delivery_handles import CallDelivery, MessageDelivery, Running
from twilio_mock.state import Account
from twilio_mock.webhook_handles import AccountWebhooks, SignatureReport

# One of the numbers that Twilio keeps for tests.
CALLER = "+15005550001"


def sid_of(application: RecordHandle | str) -> str:
    """The SID of an Application, however it is named."""
    return application if isinstance(application, str) else application.sid


class Simulations:
    """Lets calls and messages happen in an account.

    Each gives what was delivered; in the async face, await it first. Raises `LookupError` for a
    number that the account does not have, `ValueError` where no URL is set and for a host that
    may not be asked, `TypeError` for a name that is not taken, `TwilioError` for what Twilio
    refuses: 21218 and 21205 for an Application that cannot be called, 10001 in an account that is
    not active.
    """

    _mock: Running
    _account: Account

    @property
    def webhooks(self) -> AccountWebhooks:
        """What was delivered, how, and what is to go wrong with it."""
        return AccountWebhooks(self._mock, self._account)

    def _options(self, way_in: str, how: How) -> Options:
        settings = self.webhooks.settings_for(how.get("deliver_to"), how.get("public_url"))
        return options_for(way_in, how, settings)

    def incoming_call(
        self, to: str, from_: str = CALLER, *, caller_name: str = "", **how: Unpack[How]
    ) -> CallDelivery:
        """A call arrives at a number: its Application's VoiceUrl is asked, else its own.

        `caller_name` is sent where VoiceCallerIdLookup is on.
        """
        options = self._options("incoming_call", how)
        call = incoming_call(self._account, to, from_, options, caller_name=caller_name)
        return CallDelivery(self._mock, call).start()

    def sdk_call(
        self,
        application: RecordHandle | str,
        identity: str,
        to: str = "",
        **how: Unpack[How],
    ) -> CallDelivery:
        """A Voice SDK client calls out; `parameters` are what it gave to `connect()`."""
        sid, options = sid_of(application), self._options("sdk_call", how)
        call = sdk_call(self._account, sid, identity, to, options)
        return CallDelivery(self._mock, call).start()

    def outgoing_call(
        self,
        application: RecordHandle | str,
        to: str,
        from_: str = CALLER,
        *,
        answered: bool = True,
        **how: Unpack[How],
    ) -> CallDelivery:
        """What a call does that is created with an ApplicationSid.

        Nothing is asked if it is not `answered`: end it with `busy()`, `no_answer()`, ...
        """
        sid, options = sid_of(application), self._options("outgoing_call", how)
        call = outgoing_call(self._account, sid, to, from_, answered, options)
        return CallDelivery(self._mock, call).start()

    def incoming_message(
        self,
        to: str,
        from_: str = CALLER,
        body: str = "",
        media: Media = (),
        **how: Unpack[How],
    ) -> MessageDelivery:
        """A message arrives at a number: its Application's SmsUrl is asked, else its own.

        `media` are URLs, or pairs of a URL and its content type.
        """
        options = self._options("incoming_message", how)
        message = incoming_message(self._account, to, from_, body, media, options)
        return MessageDelivery(self._mock, message).start()

    def outgoing_message(
        self,
        application: RecordHandle | str,
        to: str,
        from_: str = CALLER,
        body: str = "",
        *,
        status_callback: str | None = None,
        **how: Unpack[How],
    ) -> MessageDelivery:
        """What a message does that is created with an ApplicationSid: it is queued.

        Go on with `sent()`, `delivered()`, `undelivered()` or `failed()`. `status_callback` is
        the StatusCallback of the request, which goes before the Application's.
        """
        sid, options = sid_of(application), self._options("outgoing_message", how)
        message = outgoing_message(
            self._account, sid, to, from_, body, options, status_callback=status_callback
        )
        return MessageDelivery(self._mock, message).start()


class SimulatingHandle(RecordHandle):
    """A record that calls and messages can go to."""

    __slots__ = ("_mock",)

    def __init__(self, collection: Collection[Any], sid: str, mock: Running) -> None:
        super().__init__(collection, sid)
        self._mock = mock

    @property
    def _simulations(self) -> Simulations:
        simulations = Simulations()
        simulations._mock, simulations._account = self._mock, self._collection.account
        return simulations


class ApplicationHandle(SimulatingHandle):
    """A stored Application: what is sent to its URLs raises as `Simulations` says."""

    __slots__ = ()

    def incoming_call(
        self,
        from_: str = CALLER,
        to: str | None = None,
        *,
        caller_name: str = "",
        **how: Unpack[How],
    ) -> CallDelivery:
        """A call arrives at a number of this Application; `to` need not be one."""
        here = self._simulations
        call = incoming_call(
            here._account,
            to,
            from_,
            here._options("incoming_call", how),
            application_sid=self.sid,
            caller_name=caller_name,
        )
        return CallDelivery(self._mock, call).start()

    def sdk_call(self, identity: str, to: str = "", **how: Unpack[How]) -> CallDelivery:
        """A Voice SDK client calls out; `parameters` are what it gave to `connect()`."""
        return self._simulations.sdk_call(self.sid, identity, to, **how)

    def outgoing_call(
        self, to: str, from_: str = CALLER, *, answered: bool = True, **how: Unpack[How]
    ) -> CallDelivery:
        """What a call does that is created with this ApplicationSid."""
        return self._simulations.outgoing_call(self.sid, to, from_, answered=answered, **how)

    def incoming_message(
        self,
        from_: str = CALLER,
        body: str = "",
        media: Media = (),
        to: str | None = None,
        **how: Unpack[How],
    ) -> MessageDelivery:
        """A message arrives at a number of this Application; `to` need not be one."""
        here = self._simulations
        options = here._options("incoming_message", how)
        message = incoming_message(
            here._account, to, from_, body, media, options, application_sid=self.sid
        )
        return MessageDelivery(self._mock, message).start()

    def outgoing_message(
        self, to: str, from_: str = CALLER, body: str = "", **how: Unpack[How]
    ) -> MessageDelivery:
        """What a message does that is created with this ApplicationSid."""
        return self._simulations.outgoing_message(self.sid, to, from_, body, **how)

    def try_signatures(self, field: str = "voice_url", **how: Unpack[How]) -> SignatureReport:
        """Ask the URL of a property with a good signature and with bad ones.

        Of what can be said of simulations, it takes `deliver_to` and `public_url`.
        """
        check_names("try_signatures", how, ("deliver_to", "field", "public_url"))
        url = str(getattr(self, field) or "")
        method = getattr(self, field.removesuffix("_url") + "_method", "POST")
        if not url:
            raise ValueError(f"twilio_mock: Application {self.sid} has no {field}")
        return self._simulations.webhooks.try_signatures(
            url,
            field=field,
            method=str(method),
            deliver_to=how.get("deliver_to"),
            public_url=how.get("public_url"),
        )


class NumberHandle(SimulatingHandle):
    """A stored phone number: what is sent to it raises as `Simulations` says."""

    __slots__ = ()

    def incoming_call(
        self, from_: str = CALLER, *, caller_name: str = "", **how: Unpack[How]
    ) -> CallDelivery:
        """A call arrives."""
        number = str(self.phone_number)
        return self._simulations.incoming_call(number, from_, caller_name=caller_name, **how)

    def incoming_message(
        self, from_: str = CALLER, body: str = "", media: Media = (), **how: Unpack[How]
    ) -> MessageDelivery:
        """A message arrives."""
        number = str(self.phone_number)
        return self._simulations.incoming_message(number, from_, body, media, **how)
