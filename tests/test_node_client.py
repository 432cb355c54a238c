"""twilio-node against the mock, over the socket: what its users do, and what it makes of answers.

Snippets use SIDs: what create() and list() of twilio-node 6.2.0 return has forgotten its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.node_process import Node, NodeError
from twilio_mock import TwilioMock

SIXTEEN_PARAMETERS = {
    "apiVersion": "2008-08-01",
    "friendlyName": "Zoë & Søn 100% + =?#",
    "messageStatusCallback": "https://me.example/message-status",
    "publicApplicationConnectEnabled": True,
    "smsFallbackMethod": "GET",
    "smsFallbackUrl": "https://me.example/sms-fallback?a=1&b=%20#rc=2",
    "smsMethod": "GET",
    "smsStatusCallback": "https://me.example/message-status",
    "smsUrl": "https://me.example/sms",
    "statusCallback": "https://me.example/status",
    "statusCallbackMethod": "GET",
    "voiceCallerIdLookup": True,
    "voiceFallbackMethod": "GET",
    "voiceFallbackUrl": "https://me.example/voice-fallback",
    "voiceMethod": "GET",
    "voiceUrl": "https://me.example/voice",
}
URLS = [name for name in SIXTEEN_PARAMETERS if name.endswith(("Url", "Callback"))]
METHODS = [name for name in SIXTEEN_PARAMETERS if name.endswith("Method")]
DEFAULTS = {
    **dict.fromkeys(URLS, None),
    **dict.fromkeys(METHODS, "POST"),
    "apiVersion": "2010-04-01",
    "friendlyName": None,
    "publicApplicationConnectEnabled": False,
    "voiceCallerIdLookup": False,
}
WATCH_REQUESTS = """
    const asked = [];
    const request = client.httpClient.request.bind(client.httpClient);
    client.httpClient.request = (options) => { asked.push(options.uri); return request(options); };
"""


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


def rest_exception(status: int, code: int, message: str) -> dict[str, object]:
    """The whole of an exception of twilio-node's."""
    more_info = f"https://www.twilio.com/docs/errors/{code}"
    thrown = {"type": "RestException", "status": status, "code": code, "message": message}
    return thrown | {"moreInfo": more_info}


def test_create_takes_all_parameters_and_answers_with_all_properties(
    node: Node, mock: TwilioMock
) -> None:
    created = node("return client.applications.create(sixteen)", sixteen=SIXTEEN_PARAMETERS)
    sid = created["sid"]
    assert sid in mock.account.applications
    # Twilio's dates have whole seconds; twilio-node fills in the present time for a missing one.
    assert created["dateCreated"].endswith(".000Z")
    assert created == SIXTEEN_PARAMETERS | {
        "accountSid": mock.account.sid,
        "dateCreated": created["dateCreated"],
        "dateUpdated": created["dateCreated"],
        "sid": sid,
        "uri": f"/2010-04-01/Accounts/{mock.account.sid}/Applications/{sid}.json",
    }
    assert node("return client.applications(sid).fetch()", sid=sid) == created


@pytest.mark.parametrize("call", ["create()", "create({})", "create({voiceUrl: undefined})"])
def test_create_without_parameters_gives_the_defaults(call: str, node: Node) -> None:
    created = node(f"return client.applications.{call}")
    assert {name: created[name] for name in DEFAULTS} == DEFAULTS


def test_create_tells_status_and_headers_to_those_who_ask(node: Node) -> None:
    answer = node("return client.applications.createWithHttpInfo()")
    assert answer["statusCode"] == 201
    assert answer["headers"]["twilio-request-id"].startswith("RQ")


def test_an_update_changes_what_was_sent_and_nothing_else(node: Node) -> None:
    sid = node.create(**SIXTEEN_PARAMETERS)
    snippet = """
        const before = await client.applications(sid).fetch();
        const after = await client.applications(sid).update(change);
        return [before, after, await client.applications(sid).fetch()];
    """
    change = {"smsUrl": "https://you.example/sms", "voiceCallerIdLookup": False}
    before, after, fetched = node(snippet, sid=sid, change=change)
    assert after == before | change | {"dateUpdated": after["dateUpdated"]}
    assert after["dateUpdated"] >= before["dateUpdated"]
    assert fetched == after


def test_null_clears_a_url_and_undefined_leaves_it(node: Node) -> None:
    sid = node.create(**SIXTEEN_PARAMETERS)
    update = "return client.applications(sid).update({statusCallback: null, voiceUrl: undefined})"
    updated = node(update, sid=sid)
    assert updated["statusCallback"] == ""
    assert updated["voiceUrl"] == SIXTEEN_PARAMETERS["voiceUrl"]


def test_the_last_value_of_an_array_counts(node: Node) -> None:
    sent = ["https://me.example/first", "https://me.example/last"]
    created = node("return client.applications.create({voiceUrl: sent})", sent=sent)
    assert created["voiceUrl"] == "https://me.example/last"


def test_a_fetched_application_updates_and_removes_itself(node: Node, mock: TwilioMock) -> None:
    snippet = """
        const application = await client.applications(sid).fetch();
        const updated = await application.update({friendlyName: "Phone You"});
        return [updated.friendlyName, await updated.remove()];
    """
    assert node(snippet, sid=node.create(friendlyName="Phone Me")) == ["Phone You", True]
    assert len(mock.account.applications) == 0


def test_list_follows_the_pages_to_the_end(node: Node, mock: TwilioMock) -> None:
    created = node.create_many(120)
    listing = "return [(await client.applications.list(how)).map((one) => one.sid), asked]"
    sids, asked = node(WATCH_REQUESTS + listing, how={"pageSize": 50})
    assert (len(sids), len(asked)) == (120, 3)
    assert set(sids) == created
    assert all(uri.startswith(mock.url) for uri in asked)

    limited, asked = node(WATCH_REQUESTS + listing, how={"pageSize": 50, "limit": 70})
    assert (limited, len(asked)) == (sids[:70], 2)

    everything, asked = node(WATCH_REQUESTS + listing, how={"limit": 5000})
    assert (everything, len(asked)) == (sids, 1)


def test_each_sees_every_application_once_or_stops_when_told(node: Node) -> None:
    created = node.create_many(7)
    snippet = """
        const seen = [];
        await client.applications.each({pageSize: 3}, ({sid}, done) => {
            if (seen.push(sid) === stopAt) done();
        });
        return [seen, asked.length];
    """
    seen, pages = node(WATCH_REQUESTS + snippet, stopAt=None)
    assert (len(seen), pages) == (7, 3)
    assert set(seen) == created
    assert node(WATCH_REQUESTS + snippet, stopAt=4) == [seen[:4], 2]


def test_pages_lead_forward_and_back(node: Node) -> None:
    for number in range(3):
        node.create(friendlyName=f"Number {number}")
    snippet = """
        const names = (page) => page.instances.map((application) => application.friendlyName);
        const first = await client.applications.page({pageSize: 2});
        const second = await client.applications.getPage(first.nextPageUrl);
        const again = await second.previousPage();
        return [first, second, await first.nextPage(), again].map(names)
            .concat([[first.previousPageUrl ?? null, second.nextPageUrl ?? null]]);
    """
    newest_two, oldest = ["Number 2", "Number 1"], ["Number 0"]
    assert node(snippet) == [newest_two, oldest, oldest, newest_two, [None, None]]


def test_list_by_friendly_name_wants_the_whole_name(node: Node) -> None:
    name = "Phone Me & +1 (Zoë)"
    named = [node.create(friendlyName=name) for _ in range(3)]
    node.create(friendlyName=f"{name}!")
    node.create()
    listing = "return (await client.applications.list(how)).map((one) => one.sid)"
    found = node(listing, how={"friendlyName": name, "pageSize": 2})
    assert found == named[::-1]
    assert node(listing, how={"friendlyName": "Phone"}) == []


def test_remove_deletes_once_and_is_refused_twice(node: Node, mock: TwilioMock) -> None:
    sid, kept = node.create(), node.create()
    remove = "return client.applications(sid).remove()"
    assert node(remove, sid=sid) is True
    with pytest.raises(NodeError) as refused:
        node(remove, sid=sid)
    path = f"/2010-04-01/Accounts/{mock.account.sid}/Applications/{sid}.json"
    message = f"The requested resource {path} was not found"
    assert refused.value.thrown == rest_exception(404, 20404, message)
    assert [one.sid for one in mock.account.applications] == [kept]


@pytest.mark.parametrize("call", ["list()", "create()", "page()"])
def test_a_wrong_token_is_refused(call: str, node: Node, mock: TwilioMock) -> None:
    with pytest.raises(NodeError) as refused:
        node(f"client.password = 'wrong'; return client.applications.{call}")
    assert refused.value.thrown == rest_exception(401, 20003, "Authenticate")
    assert len(mock.account.applications) == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"voiceUrl": "not a url"}, 21402),
        ({"smsFallbackUrl": "ftp://me.example/sms"}, 21402),
        ({"voiceMethod": "PUT"}, 21403),
        ({"statusCallbackMethod": "TEST"}, 21403),
    ],
)
def test_an_invalid_parameter_is_refused_and_changes_nothing(
    change: dict[str, str], code: int, node: Node
) -> None:
    sid = node.create(friendlyName="Phone Me")
    fetch = "return client.applications(sid).fetch()"
    before = node(fetch, sid=sid)
    update = "return client.applications(sid).update({friendlyName: 'Phone You', ...change})"
    with pytest.raises(NodeError) as refused:
        node(update, sid=sid, change=change)
    thrown = refused.value.thrown
    assert (thrown["status"], thrown["code"]) == (400, code)
    [(parameter, value)] = change.items()
    assert parameter.lower() in thrown["message"].lower()
    assert value in thrown["message"]
    assert node(fetch, sid=sid) == before


def test_twenty_creates_at_once_make_twenty_applications(node: Node, mock: TwilioMock) -> None:
    sids = node.create_many(20)
    assert sids == {application.sid for application in mock.account.applications}
    assert len(sids) == 20
