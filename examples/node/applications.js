// Create, fetch, list, update and delete an Application with twilio-node.

import twilio from "twilio";

const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_MOCK_URL } = process.env;
const client = twilio(TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN);
if (TWILIO_MOCK_URL) {
  client.api.baseUrl = TWILIO_MOCK_URL; // unset, this talks to api.twilio.com
}

// Create: from now on Twilio asks this URL when somebody calls.
const created = await client.applications.create({
  friendlyName: "Phone Me",
  voiceUrl: "http://demo.twilio.com/docs/voice.xml",
  voiceMethod: "GET",
});
const sid = created.sid;
console.log(`Created ${sid}: ${created.friendlyName}`);

// Fetch: the SID is all that a later program has to remember.
const fetched = await client.applications(sid).fetch();
console.log(`Fetched ${sid}: a call asks ${fetched.voiceMethod} ${fetched.voiceUrl}`);

// List: every application, newest first. The client follows the pages by itself.
console.log("All applications:");
for (const listed of await client.applications.list()) {
  console.log(`  ${listed.sid} ${listed.friendlyName}`);
}

// List by name: the filter is the whole FriendlyName, not a part of it.
console.log("Named Phone Me:");
for (const listed of await client.applications.list({ friendlyName: "Phone Me" })) {
  console.log(`  ${listed.sid} ${listed.friendlyName}`);
}

// Update: what is not sent stays as it was.
const updated = await client.applications(sid).update({
  smsUrl: "http://demo.twilio.com/docs/sms.xml",
  voiceUrl: "http://demo.twilio.com/docs/hello.xml",
});
console.log(`Updated ${sid}: a call asks ${updated.voiceMethod} ${updated.voiceUrl}`);
console.log(`Updated ${sid}: a message asks ${updated.smsMethod} ${updated.smsUrl}`);

// Delete: there is no way back.
await client.applications(sid).remove();
console.log(`Deleted ${sid}`);
