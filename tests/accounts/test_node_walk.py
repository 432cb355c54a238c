"""twilio-node over accounts, keys and phone numbers, over the socket.

Snippets use SIDs: what create() and list() of twilio-node 6.2.0 return has forgotten its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.node_process import Node, NodeError
from twilio_mock import TwilioMock


@pytest.fixture
def mock() -> Iterator[TwilioMock]:
    with TwilioMock() as mock:
        yield mock


def test_subaccounts_are_opened_listed_renamed_suspended_and_closed(
    node: Node, mock: TwilioMock
) -> None:
    shown = node("""
        const made = await client.api.v2010.accounts.create({friendlyName: "Customer 7"});
        const account = client.api.v2010.accounts(made.sid);
        await account.update({friendlyName: "Customer 8"});
        const found = await client.api.v2010.accounts.list({friendlyName: "Customer 8"});
        await account.update({status: "suspended"});
        const {status, ownerAccountSid, subresourceUris, dateCreated} = await account.fetch();
        await account.update({status: "closed"});
        return {sid: made.sid, found: found.map((each) => each.sid), status, ownerAccountSid,
                applications: subresourceUris.applications, year: dateCreated.getUTCFullYear()};
    """)
    [child] = mock.account.subaccounts
    assert shown == {
        "sid": child.sid,
        "found": [child.sid],
        "status": "suspended",
        "ownerAccountSid": mock.account.sid,
        "applications": f"/2010-04-01/Accounts/{child.sid}/Applications.json",
        "year": shown["year"],
    }
    assert shown["year"] > 2020
    assert child.status == "closed"
    with pytest.raises(NodeError) as raised:
        node("await client.api.v2010.accounts(sid).update({status: 'active'})", sid=child.sid)
    assert (raised.value.thrown["status"], raised.value.thrown["code"]) == (400, 21479)


def test_a_parent_works_in_its_subaccount(node: Node, mock: TwilioMock) -> None:
    child = mock.account.subaccounts.create()
    node(
        """
        const account = client.api.v2010.accounts(sid);
        const application = await account.applications.create({friendlyName: "theirs"});
        await account.incomingPhoneNumbers.create(
            {phoneNumber: "+14155550101", voiceApplicationSid: application.sid});
        """,
        sid=child.sid,
    )
    assert child.incoming_phone_numbers.one().voice_application_sid == child.applications.one().sid
    assert len(mock.applications) == len(mock.incoming_phone_numbers) == 0


def test_a_key_is_made_used_and_deleted(node: Node, mock: TwilioMock) -> None:
    made = node("""
        const {sid, secret} = await client.newKeys.create({friendlyName: "deploy"});
        const {friendlyName} = await client.keys(sid).fetch();
        return {sid, secret, friendlyName, listed: (await client.keys.list()).length};
    """)
    assert (made["friendlyName"], made["listed"]) == ("deploy", 1)
    used = """
        const keyed = new client.constructor(sid, secret, {accountSid: client.accountSid});
        keyed.api.baseUrl = client.api.baseUrl;
    """
    key = {"sid": made["sid"], "secret": made["secret"]}
    node(used + "await keyed.applications.create({friendlyName: 'x'})", **key)
    assert mock.applications.one().friendly_name == "x"
    with pytest.raises(NodeError) as raised:
        node(used + "await keyed.keys(sid).fetch()", **key)
    assert (raised.value.thrown["status"], raised.value.thrown["code"]) == (401, 20003)
    assert node("return await client.keys(sid).remove()", sid=made["sid"]) is True
    with pytest.raises(NodeError, match="invalid username"):
        node(used + "await keyed.applications.list()", **key)


def test_a_number_is_bought_assigned_found_and_released(node: Node, mock: TwilioMock) -> None:
    shown = node("""
        const application = await client.applications.create({voiceUrl: "https://a.example/v"});
        const {sid} = await client.incomingPhoneNumbers.create({areaCode: "415"});
        const number = client.incomingPhoneNumbers(sid);
        await number.update({voiceApplicationSid: application.sid});
        const before = (await number.fetch()).voiceApplicationSid === application.sid;
        const found = await client.incomingPhoneNumbers.list({phoneNumber: "415"});
        await client.applications(application.sid).remove();
        const {voiceApplicationSid, capabilities} = await number.fetch();
        let code;
        try {
            await number.update({voiceApplicationSid: application.sid});
        } catch (error) {
            code = error.code;
        }
        return {before, found: found.length, after: voiceApplicationSid, capabilities, code,
                removed: await number.remove()};
    """)
    assert shown == {
        "before": True,
        "found": 1,
        "after": None,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "code": 21420,
        "removed": True,
    }
    assert len(mock.incoming_phone_numbers) == 0
