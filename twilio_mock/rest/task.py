"""One operation to be done, and the findings that its checks collect."""

from __future__ import annotations

from dataclasses import dataclass

from twilio_mock.errors import InvalidParameter, MockRefusal
from twilio_mock.pairs import Pairs
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import Verb
from twilio_mock.rules import Finding
from twilio_mock.settings import Settings
from twilio_mock.state import Account
from twilio_mock.state.tables import Table


class Check:
    """The checks of one request: its findings so far, and what of them is refused.

    A `lenient` one refuses no mistakes.
    """

    __slots__ = ("findings", "lenient", "settings")

    def __init__(self, settings: Settings, *, lenient: bool = False) -> None:
        self.settings = settings
        self.lenient = lenient
        self.findings: list[Finding] = []

    def mistake(self, kind: str, parameter: str | None, message: str) -> None:
        """Report what is surely a mistake, but which Twilio lets pass.

        Raises `MockRefusal` if the user wants it refused.
        """
        if kind in self.settings.enforce and not self.lenient:
            raise MockRefusal(400, f"{message} ({kind} is refused here; Twilio lets it pass)")
        self.findings.append(Finding(kind, parameter, message))

    def suspect(self, rule: str, error: InvalidParameter) -> None:
        """Report what Twilio may refuse; raise the refusal if the user wants the rule enforced."""
        if rule in self.settings.enforce:
            raise error
        message = f"Twilio may refuse this with {error.code}: {error.message}"
        self.findings.append(Finding(rule, error.parameter, message))

    def keeps(self, rule: str, parameter: str, message: str) -> bool:
        """Report a value that Twilio may leave as it is; whether the mock is to leave it too."""
        self.findings.append(Finding(rule, parameter, message))
        return rule in self.settings.enforce


@dataclass(slots=True, eq=False)
class Task:
    """One operation to be done, with all that it needs to know.

    `caller` is the account whose credentials ask; it is `account` itself or its parent. `path`
    is what a refusal quotes, `pairs` are the parameters as they were sent.
    """

    caller: Account
    account: Account
    resource: Resource
    verb: Verb
    sid: str | None
    path: str
    pairs: Pairs
    check: Check

    @property
    def operation_id(self) -> str:
        """Twilio's name of it."""
        return self.resource.operation_id[self.verb]

    @property
    def testing(self) -> bool:
        """Whether test credentials ask."""
        return self.caller.record["test_credentials"] is True

    @property
    def table(self) -> Table:
        """The records that it is about."""
        return self.account.table(self.resource)
