"""One page of a list, and the URIs that lead on from it.

All of it as recorded in 2015, 2017 and 2020: https://www.twilio.com/docs/usage/twilios-response
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from twilio_mock.errors import InvalidParameter
from twilio_mock.resources.schema import Resource
from twilio_mock.rest.routing import well_formed
from twilio_mock.rest.task import Check
from twilio_mock.state.records import Position, Record
from twilio_mock.state.tables import Table, Wanted

DEFAULT_SIZE = 50
LARGEST_SIZE = 1000
CONTROLS = ("PageSize", "Page", "PageToken")
# `PA` and the SID of a page's last record lead on, `PB` and the SID of its first lead back.
ONWARD, BACK = "PA", "PB"


@dataclass(slots=True, eq=False)
class Page:
    """The records of one page and the page's place in the list.

    The queries belong to the path of the list; `next` and `previous` are `None` where the list
    ends. `start` and `end` count from 0, `end` is inclusive and 0 for an empty list.
    """

    records: list[Record]
    number: int
    size: int
    query: str
    first: str
    next: str | None
    previous: str | None

    @property
    def start(self) -> int:
        """The number of the first record."""
        return self.number * self.size

    @property
    def end(self) -> int:
        """The number of the last record."""
        return self.start + max(len(self.records) - 1, 0)


def whole_number(text: str) -> int | None:
    """A number written in plain digits, or `None`; one of more than nine digits is a billion."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) < 10 else 10**9


def page_size(sent: Mapping[str, str], check: Check) -> int:
    """The wanted size, between 1 and 1000, or 50."""
    if "PageSize" not in sent:
        return DEFAULT_SIZE
    size = whole_number(sent["PageSize"])
    if size is not None and 1 <= size <= LARGEST_SIZE:
        return size
    check.suspect("page_size_range", InvalidParameter("PageSize", 20007))
    return LARGEST_SIZE if size else DEFAULT_SIZE


def page_number(resource: Resource, sent: Mapping[str, str], check: Check) -> int:
    """The number of the page, from 0; raises `InvalidParameter` above 0 without a token.

    Since 2017 Twilio finds a page by its token alone.
    """
    if "Page" not in sent:
        return 0
    number = whole_number(sent["Page"])
    if number is None:
        check.mistake("page_value", "Page", f"Page {sent['Page'][:20]!r} is no number: taken as 0")
        return 0
    if number > 0 and not sent.get("PageToken"):
        raise InvalidParameter("PageToken", *resource.page_without_token)
    return number


def place_of_token(table: Table, token: str) -> Position:
    """Where the walk stands; raises `InvalidParameter` for a token that is none."""
    sid = token[2:]
    if token[:2] in (ONWARD, BACK) and well_formed(sid, table.resource.sid_prefix):
        place = table.place_of(sid)
        if place is not None:
            return place
    raise InvalidParameter("PageToken", 21481)


def find_page(table: Table, wanted: Wanted, sent: Mapping[str, str], check: Check) -> Page:
    """The page that the parameters ask for; `wanted` are the values of the filters."""
    size = page_size(sent, check)
    number = page_number(table.resource, sent, check)
    token = sent.get("PageToken")
    if not token:
        found = list(islice(table.after(None, wanted), size + 1))
        records, more = found[:size], len(found) > size
    elif token.startswith(BACK):
        place = place_of_token(table, token)
        records = list(islice(table.before(place, wanted), size))[::-1]
        more = (
            next(table.after(records[-1].position if records else None, wanted), None) is not None
        )
    else:
        found = list(islice(table.after(place_of_token(table, token), wanted), size + 1))
        records, more = found[:size], len(found) > size
    known = table.resource.filters
    filters = urlencode([(name, sent[name]) for name in sent if name in known and sent[name]])
    kept = f"{filters}&PageSize={size}" if filters else f"PageSize={size}"

    def query(page: int, token: str | None) -> str:
        # A token is two letters and a SID: there is nothing to be encoded.
        return f"{kept}&Page={page}&PageToken={token}" if token else f"{kept}&Page={page}"

    onward = query(number + 1, ONWARD + records[-1].sid) if more and records else None
    # Also on page 0, if something has come before it since the walk began: a walk back is steady.
    preceded = records and next(table.before(records[0].position, wanted), None) is not None
    back = query(max(number - 1, 0), BACK + records[0].sid) if preceded else None
    return Page(records, number, size, query(number, token), query(0, None), onward, back)
