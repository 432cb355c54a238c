"""The API key: credentials of an account that can be withdrawn one by one.

Properties: https://www.twilio.com/docs/iam/api-keys/keys-in-console and the OpenAPI document.
"""

from twilio_mock.resources.fields import Field, friendly_name, switch
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import Verb

KEY = Resource(
    name="Key",
    plural="Keys",
    sid_prefix="SK",
    documentation="https://www.twilio.com/docs/iam/api-keys",
    operation_ids={Verb.CREATE: "CreateNewKey"},
    opens_account=True,
    for_main_credentials=True,
    fields=(
        Field("sid", kind=Kind.SID),
        friendly_name(filterable=False),
        Field("date_created", kind=Kind.DATE),
        Field("date_updated", kind=Kind.DATE),
        Field("secret", kind=Kind.SECRET, shown_once=True),
        # Requests make standard keys; a main key is made in the Console, here by a test.
        switch("main", on_create=False, on_update=False, hidden=True),
    ),
)
