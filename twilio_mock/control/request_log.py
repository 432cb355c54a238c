"""The requests of an account as a test sees them: read, found and asserted on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, overload

from twilio_mock.control.criteria import Wanted
from twilio_mock.control.near_miss import Numbered, complaint
from twilio_mock.control.request_exports import as_curl, as_json
from twilio_mock.control.search import Search, make_search
from twilio_mock.control.sequences import Step, follow, step_parts
from twilio_mock.state import Account, State
from twilio_mock.state.deliveries import Delivery
from twilio_mock.state.exchanges import Exchange, read_line


class RequestLog:
    """The requests in a journal, oldest first; what is read does not change any more.

    All methods that look for requests take the same criteria. First Twilio's operation id, in
    which `*` stands for anything: `"CreateApplication"`, `"*Application"`. Then, by name:

    * parameters as Twilio spells them: `FriendlyName="Phone Me"`. `True` is `true`, `...` is any
      value, `None` means that it was not sent, a list is all values of a repeated one, and a
      compiled pattern is searched for. `parameters={"StartTime>": "..."}` takes any name.
    * `method` in any case, `status` (`404`, `"4xx"`), `error_code`, `request_id`;
    * `path`: all of it, or what follows the account, as in `"Applications/*"`, with its format or
      without;
    * `sid`: of what it is about or has changed; `caller`: `auth_token`, or the SID of a key;
    * `fault`, `finding`: the name of one that it met; `where`: a function of the `Exchange`.
      A fault may be gone by now, so that any name is taken.

    Raises `ValueError` for an operation and `TypeError` for a criterion that does not exist, and
    both for a value that no request can have.
    """

    def __init__(self, place: Account | State) -> None:
        self._place = place
        self._account_sid = place.sid if isinstance(place, Account) else None
        self._state = place.state if isinstance(place, Account) else place

    @property
    def dropped(self) -> int:
        """How many had to make room for later ones: see `journal_limit` and `journal_bytes`."""
        return self._place.journal.dropped

    @property
    def last(self) -> int:
        """The number of the last one, counted from the first that there ever was."""
        return self._place.journal.last

    def clear(self) -> None:
        """Forget what was asked so far."""
        with self._state.lock:
            self._place.journal.clear()

    def filter(self, operation: str | None = None, /, **criteria: Wanted) -> list[Exchange]:
        """All requests that meet the criteria."""
        return [exchange for _, exchange in self._found(self._search(operation, criteria))]

    def numbered(
        self, operation: str | None = None, /, *, after: int = 0, **criteria: Wanted
    ) -> list[Numbered]:
        """The same, each with its number, from the first that the account ever had.

        Only those whose number is above `after`.
        """
        return self._found(self._search(operation, criteria), after)

    def count(self, operation: str | None = None, /, **criteria: Wanted) -> int:
        """How many requests meet the criteria."""
        return len(self._found(self._search(operation, criteria)))

    def assert_one(self, operation: str | None = None, /, **criteria: Wanted) -> Exchange:
        """The one request that meets the criteria; `AssertionError` if there is none or more."""
        __tracebackhide__ = True
        search = self._search(operation, criteria)
        [exchange] = self._counted(search, 1)
        return exchange

    def assert_none(self, operation: str | None = None, /, **criteria: Wanted) -> None:
        """Fail with `AssertionError` if any request meets the criteria."""
        __tracebackhide__ = True
        self._counted(self._search(operation, criteria), 0)

    def assert_called(
        self, operation: str | None = None, /, *, times: int | None = None, **criteria: Wanted
    ) -> list[Exchange]:
        """The requests that meet the criteria: `times` of them, or at least one.

        Raises `AssertionError` if there are more or fewer.
        """
        __tracebackhide__ = True
        return self._counted(self._search(operation, criteria), times)

    def assert_sequence(self, *steps: Step, exact: bool = False) -> list[Exchange]:
        """The requests that meet the steps, in their order; `AssertionError` if one is missing.

        A step is an operation id, or that with criteria: `("CreateApplication", {"status": 201})`.
        Other requests may come between and around them, unless it is to be `exact`.
        """
        __tracebackhide__ = True
        searches = [self._search(*step_parts(step)) for step in steps]
        everything = self._all()
        found, complaint = follow(self._state, self._account_sid, everything, searches, exact)
        if complaint is not None:
            raise AssertionError(complaint)
        return found

    def to_json_lines(self) -> str:
        """One JSON object a request, each on a line of its own; without secrets."""
        return "".join(f"{json.dumps(self.to_json(*each))}\n" for each in self._all())

    def to_json(self, number: int, exchange: Exchange) -> Mapping[str, Any]:
        """One request as `to_json_lines` writes it."""
        return as_json(number, exchange, self.webhooks_of(exchange))

    def webhooks_of(self, exchange: Exchange) -> list[Delivery]:
        """The calls and messages that a request caused: those that were begun with `cause=`."""
        place = self._place
        if not isinstance(place, Account) or place.webhooks_in_use is None:
            return []
        with self._state.lock:
            deliveries = list(place.webhooks_in_use.deliveries)
        return [each for each in deliveries if each.cause == exchange.request_id]

    def to_curl(self, url: str | None = None) -> str:
        """The requests as curl commands, to be run by a shell, each on a line of its own.

        They ask `$TWILIO_MOCK_URL`, or `url`, with the credentials `$TWILIO_ACCOUNT_SID` and
        `$TWILIO_AUTH_TOKEN`. A body that was no form is not kept, so it is not sent either.
        """
        return "".join(f"{as_curl(each, url)}\n" for each in self)

    def __iter__(self) -> Iterator[Exchange]:
        return iter([exchange for _, exchange in self._all()])

    def __len__(self) -> int:
        return len(self._place.journal.lines)

    @overload
    def __getitem__(self, place: int) -> Exchange: ...

    @overload
    def __getitem__(self, place: slice) -> list[Exchange]: ...

    def __getitem__(self, place: int | slice) -> Exchange | list[Exchange]:
        __tracebackhide__ = True
        exchanges = list(self)
        try:
            return exchanges[place]
        except IndexError:
            message = f"twilio_mock: there are {len(exchanges)} requests, no [{place}]"
            raise IndexError(message) from None

    def __repr__(self) -> str:
        dropped = f", {self.dropped} dropped" if self.dropped else ""
        return f"<{len(self)} requests{dropped}>"

    def _all(self, after: int = 0) -> list[Numbered]:
        """All exchanges behind one, numbered from the first that the account ever had."""
        with self._state.lock:
            journal = self._place.journal
            lines, first = list(journal.lines), journal.dropped + 1
        numbered = enumerate(lines, first)
        return [(number, read_line(each)) for number, each in numbered if number > after]

    def _search(self, operation: str | None, criteria: dict[str, Wanted]) -> Search:
        return make_search(self._state, operation, criteria)

    def _found(self, search: Search, after: int = 0) -> list[Numbered]:
        return [each for each in self._all(after) if search.finds(each[1])]

    def _counted(self, search: Search, times: int | None) -> list[Exchange]:
        """So many requests (at least one if `times` is `None`), or `AssertionError`."""
        __tracebackhide__ = True
        everything = self._all()
        found = [each for each in everything if search.finds(each[1])]
        if len(found) == times or (times is None and found):
            return [exchange for _, exchange in found]
        raise AssertionError(self._complaint(search, times, everything))

    def _complaint(self, search: Search, times: int | None, everything: list[Numbered]) -> str:
        """What a failed assertion says."""
        dropped = self.dropped
        with self._state.lock:
            return complaint(
                self._state, self._account_sid, everything, search, times=times, dropped=dropped
            )

    def _late(self, search: Search, times: int, timeout: float) -> str:
        """What is said when a request did not come in time."""
        text = self._complaint(search, times, self._all()).removeprefix("twilio_mock: wanted ")
        return f"twilio_mock: waited {timeout:g} s for {text}"
