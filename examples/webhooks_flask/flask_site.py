"""A shop's phone line in Flask: a greeting, a fallback, a log of calls, and answers to messages."""

import os

from flask import Flask, Response, abort, current_app, request
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

site = Flask(__name__)
site.config["TWILIO_AUTH_TOKEN"] = os.environ.get("TWILIO_AUTH_TOKEN", "")
site.config["OPEN"] = True
site.config["CALLS"] = []


def twiml(response: VoiceResponse | MessagingResponse) -> Response:
    """An answer to Twilio."""
    return Response(str(response), mimetype="text/xml")


@site.before_request
def let_only_twilio_in() -> None:
    """Refuse what Twilio has not signed."""
    validator = RequestValidator(current_app.config["TWILIO_AUTH_TOKEN"])
    signature = request.headers.get("X-Twilio-Signature", "")
    if not validator.validate(request.url, request.form, signature):
        abort(403)


@site.post("/voice")
def voice() -> Response:
    """Greet a caller."""
    if not current_app.config["OPEN"]:
        raise RuntimeError("nobody is there")
    response = VoiceResponse()
    response.say(f"Hello {request.form['From']}.")
    return twiml(response)


@site.post("/fallback")
def fallback() -> Response:
    """Say something, whatever has gone wrong."""
    response = VoiceResponse()
    response.say("We are closed.")
    return twiml(response)


@site.post("/status")
def status() -> tuple[str, int]:
    """Write down how a call has ended."""
    form = request.form
    current_app.config["CALLS"].append((form["CallStatus"], int(form["CallDuration"])))
    return "", 204


@site.post("/sms")
def sms() -> Response:
    """Answer a message."""
    response = MessagingResponse()
    response.message(f"You said: {request.form['Body']}")
    return twiml(response)
