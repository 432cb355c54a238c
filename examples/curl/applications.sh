#!/bin/sh
# Create, fetch, list, update and delete an Application with curl.
set -eu

host=${TWILIO_MOCK_URL:-https://api.twilio.com} # unset, this talks to api.twilio.com
applications=$host/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Applications

# One request: print the answer on a line of its own, and fail if it is a refusal.
ask() {
  curl --silent --show-error --fail-with-body --write-out '\n' \
    -u "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" "$@"
}

echo "Create:"
created=$(ask "$applications.json" \
  --data-urlencode "FriendlyName=Phone Me" \
  --data-urlencode "VoiceUrl=http://demo.twilio.com/docs/voice.xml" \
  --data-urlencode "VoiceMethod=GET") || { printf '%s\n' "$created"; exit 1; }
printf '%s\n' "$created"
sid=$(printf '%s' "$created" | sed 's/.*"sid": *"\(AP[0-9a-f]*\)".*/\1/')

echo "Fetch:"
ask "$applications/$sid.json"

echo "List, page by page; next_page_uri leads on:"
ask "$applications.json?PageSize=50"

echo "List those named Phone Me:"
ask "$applications.json" --get --data-urlencode "FriendlyName=Phone Me"

echo "Update; what is not sent stays as it was:"
ask "$applications/$sid.json" \
  --data-urlencode "SmsUrl=http://demo.twilio.com/docs/sms.xml" \
  --data-urlencode "VoiceUrl=http://demo.twilio.com/docs/hello.xml"

echo "Delete; the answer is 204 and an empty body:"
ask "$applications/$sid.json" -X DELETE --write-out '%{http_code}\n'
