"""The webhooks of an account as a test sees them: settings, faults, the log, the laboratory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from twilio_mock.complaints import helped_by
from twilio_mock.control.laboratory import open_laboratory
from twilio_mock.control.simulations import Options
from twilio_mock.delivery_handles import Carried, Running
from twilio_mock.spelling import meant
from twilio_mock.state import Account
from twilio_mock.state.deliveries import Delivery
from twilio_mock.state.webhooks import WebhookFault, WebhookSettings
from twilio_mock.webhooks.conversation import Target
from twilio_mock.webhooks.laboratory import Bench, Findings, Trial, count, examine, summary


class WebhookFaultHandle:
    """A fault that was put in: in a `with` block, it is taken out again at its end.

    A block that ends well raises `AssertionError` if the fault never hit anything.
    """

    def __init__(self, account: Account, fault: WebhookFault) -> None:
        self._account = account
        self._fault = fault

    @property
    def hits(self) -> int:
        """How many requests it has hit."""
        return self._fault.hits

    def remove(self) -> None:
        """Take it out; nothing if it is out already."""
        faults = self._account.webhooks.faults
        with self._account.state.lock:
            if self._fault in faults:
                faults.remove(self._fault)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        __tracebackhide__ = True
        self.remove()
        if exception_type is None and not self.hits:
            fault = self._fault
            raise AssertionError(
                f"twilio_mock: the webhook fault {fault.effect} on {fault.field} never hit a "
                "request: was that URL asked within the block? "
                + helped_by("Faults that never fired")
            )

    def __repr__(self) -> str:
        return f"<webhook fault {self._fault.effect} on {self._fault.field}: {self.hits} hits>"


class SignatureReport(Carried):
    """What an endpoint let in and what it refused; its text tells it. To be awaited in async.

    `good` if it let in the good request and refused all bad ones, each with a 4xx.
    """

    def __init__(self, mock: Running, bench: Bench) -> None:
        super().__init__(mock, bench.conversation.settings)
        self._findings = Findings()
        self._url = bench.target.url
        self._carry_on(examine(bench, self._findings))

    @property
    def trials(self) -> list[Trial]:
        """The requests in the order in which they were made, the good one first."""
        self._check_done()
        return self._findings.trials

    @property
    def good(self) -> bool:
        """Whether the endpoint did right in all trials."""
        return count(self.trials) == len(self.trials)

    def __str__(self) -> str:
        return summary(self.trials, self._url)

    def __repr__(self) -> str:
        return f"<signatures of {self}>" if self._waiting is None else "<signatures to be awaited>"


class AccountWebhooks:
    """The webhooks of one account: the log of what was sent, newest last, and how it is sent."""

    def __init__(self, mock: Running, account: Account) -> None:
        self._mock = mock
        self._account = account

    @property
    def settings(self) -> WebhookSettings:
        """How URLs are asked: time-outs, hosts, certificates, where deliveries go."""
        return self._account.webhooks.settings

    def configure(self, **changes: Any) -> None:
        """Change some of the settings, from the next delivery on.

        Raises `TypeError` for a name that is none, and `ValueError` or `TypeError` for a value.
        """
        for name in changes:
            if name not in WebhookSettings.__dataclass_fields__:
                advice = meant(name, WebhookSettings.__dataclass_fields__)
                raise TypeError(f"twilio_mock: no setting of webhooks is named {name!r}; {advice}")
        self._account.webhooks.settings = replace(self.settings, **changes)

    def drop(self, on: str = "*", times: int = 1) -> WebhookFaultHandle:
        """Lose the next requests to the URL of this property: as if it timed out, at once.

        `on` is a property such as `voice_url` or `status_callback`, `*` any. Raises `ValueError`
        and `TypeError` for what could never hit.
        """
        return self._put_in(WebhookFault("drop", on, times))

    def duplicate(self, on: str = "*", times: int = 1) -> WebhookFaultHandle:
        """Send the next requests twice, with one idempotency token; the first reply counts."""
        return self._put_in(WebhookFault("duplicate", on, times))

    def delay(self, seconds: float, on: str = "*", times: int = 1) -> WebhookFaultHandle:
        """Wait `seconds` of real time before the next requests."""
        return self._put_in(WebhookFault("delay", on, times, seconds))

    def hold(self, on: str = "*", times: int = 1) -> WebhookFaultHandle:
        """Hold the next requests until `release()` of their delivery is called."""
        return self._put_in(WebhookFault("hold", on, times))

    def try_signatures(
        self,
        url: str,
        *,
        field: str = "voice_url",
        method: str = "POST",
        deliver_to: Any = None,
        public_url: str | None = None,
    ) -> SignatureReport:
        """Ask an endpoint with a good signature and with bad ones; to be awaited in async.

        It is sent what the URL of the property `field` is sent: as of a call, or of a message.
        """
        options = Options(settings=self.settings_for(deliver_to, public_url))
        target = Target(field, url, method)
        return SignatureReport(self._mock, open_laboratory(self._account, target, options))

    def settings_for(self, deliver_to: Any, public_url: str | None) -> WebhookSettings:
        """The settings, but for what is given."""
        settings = self.settings
        if deliver_to is not None:
            settings = replace(settings, deliver_to=deliver_to)
        return settings if public_url is None else replace(settings, public_url=public_url)

    def _put_in(self, fault: WebhookFault) -> WebhookFaultHandle:
        with self._account.state.lock:
            self._account.webhooks.faults.append(fault)
        return WebhookFaultHandle(self._account, fault)

    @property
    def faults(self) -> list[WebhookFault]:
        """The faults that are in, also those that are used up."""
        return list(self._account.webhooks.faults)

    @property
    def dropped(self) -> int:
        """How many deliveries the log has dropped to make room."""
        return self._account.webhooks.dropped

    def __iter__(self) -> Iterator[Delivery]:
        return iter([self[place] for place in range(len(self))])

    def __len__(self) -> int:
        return len(self._account.webhooks.deliveries)

    def __getitem__(self, place: int) -> Delivery:
        delivery = self._account.webhooks.deliveries[place]
        delivery.seen = True
        return delivery

    def __repr__(self) -> str:
        return f"<{len(self)} deliveries of {self._account.sid}>"
