"""The first lines of code for this very server: in Python, Node and for curl, and the proxy's."""

from __future__ import annotations

from hmac import compare_digest
from typing import NamedTuple

from twilio_mock.defaults import DEFAULT_ACCOUNT_SID, DEFAULT_AUTH_TOKEN


class Lines(NamedTuple):
    """Lines to copy: for which language, what they do or need, and the lines."""

    language: str
    about: str
    text: str


PYTHON = """\
{import_os}from twilio.rest import Client

client = Client("{sid}", {token})
client.api.base_url = "{url}"
print(client.applications.create(friendly_name="Phone Me").sid)
"""
NODE = """\
import twilio from "twilio";

const client = twilio("{sid}", {token});
client.api.baseUrl = "{url}";
const application = await client.applications.create({{ friendlyName: "Phone Me" }});
console.log(application.sid);
"""
CURL = """\
curl "{url}/2010-04-01/Accounts/{sid}/Applications.json" \\
    -u "{sid}:{token}" \\
    --data-urlencode "FriendlyName=Phone Me"
"""
# In quotes, or the shell would put in the variable before the proxy has set it.
RUN = """\
twilio-mock run -- python provision.py
twilio-mock run -- node provision.js
twilio-mock run -- ruby provision.rb
twilio-mock run -- go run .
twilio-mock run -- sh -c 'php -d curl.cainfo="$CURL_CA_BUNDLE" provision.php'
"""
ABOUT_RUN = """\
After `pip install 'twilio-mock[proxy]'`. Code that is not to be changed runs behind a proxy, with \
a mock of its own that plays api.twilio.com. `twilio-mock proxy` does the same for a longer time \
and has a page like this one."""


def quick_start(url: str, sid: str, auth_token: str) -> list[Lines]:
    """The lines for an account of the server at a URL.

    No secret is in them: the token of the account that a mock has by itself stands in the
    documentation, any other is left to the variable TWILIO_AUTH_TOKEN.
    """
    known = compare_digest(auth_token.encode(), DEFAULT_AUTH_TOKEN.encode())
    public = known and sid == DEFAULT_ACCOUNT_SID
    needs = "" if public else " It reads the auth token from TWILIO_AUTH_TOKEN."
    said = f'"{auth_token}"' if public else ""
    python = {"token": said or 'os.environ["TWILIO_AUTH_TOKEN"]'}
    imported = {"import_os": "" if public else "import os\n\n"}
    node = {"token": said or "process.env.TWILIO_AUTH_TOKEN"}
    curl = {"token": auth_token if public else "$TWILIO_AUTH_TOKEN"}
    place = {"url": url, "sid": sid}
    return [
        Lines("curl", f"Creates an Application.{needs}", CURL.format(**place, **curl)),
        Lines(
            "Python",
            f"After `pip install twilio`.{needs}",
            PYTHON.format(**place, **python, **imported),
        ),
        Lines("Node", f"After `npm install twilio`.{needs}", NODE.format(**place, **node)),
        Lines("Any language", ABOUT_RUN, RUN),
    ]
