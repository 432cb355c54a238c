"""Create, fetch, list, update and delete an Application with twilio-python."""

import os

from twilio.rest import Client

client = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
if mock_url := os.environ.get("TWILIO_MOCK_URL"):  # unset, this talks to api.twilio.com
    client.api.base_url = mock_url

# Create: from now on Twilio asks this URL when somebody calls.
application = client.applications.create(
    friendly_name="Phone Me",
    voice_url="http://demo.twilio.com/docs/voice.xml",
    voice_method="GET",
)
sid = str(application.sid)
print(f"Created {sid}: {application.friendly_name}")

# Fetch: the SID is all that a later program has to remember.
application = client.applications(sid).fetch()
print(f"Fetched {sid}: a call asks {application.voice_method} {application.voice_url}")

# List: every application, newest first. The client follows the pages by itself.
print("All applications:")
for listed in client.applications.list():
    print(f"  {listed.sid} {listed.friendly_name}")

# List by name: the filter is the whole FriendlyName, not a part of it.
print("Named Phone Me:")
for listed in client.applications.list(friendly_name="Phone Me"):
    print(f"  {listed.sid} {listed.friendly_name}")

# Update: what is not sent stays as it was.
application = client.applications(sid).update(
    sms_url="http://demo.twilio.com/docs/sms.xml",
    voice_url="http://demo.twilio.com/docs/hello.xml",
)
print(f"Updated {sid}: a call asks {application.voice_method} {application.voice_url}")
print(f"Updated {sid}: a message asks {application.sms_method} {application.sms_url}")

# Delete: there is no way back.
client.applications(sid).delete()
print(f"Deleted {sid}")
