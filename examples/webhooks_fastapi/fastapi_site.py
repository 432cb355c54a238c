"""A shop's phone line in FastAPI: a greeting, a fallback, a log of calls, and answers."""

import os
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

site = FastAPI()
site.state.auth_token = os.environ.get("TWILIO_AUTH_TOKEN", "")
site.state.open = True
site.state.calls = []


async def signed_form(request: Request) -> dict[str, str]:
    """The parameters of a request; refuses what Twilio has not signed."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    signature = request.headers.get("X-Twilio-Signature", "")
    validator = RequestValidator(request.app.state.auth_token)
    if not validator.validate(str(request.url), form, signature):
        raise HTTPException(403)
    return form


Form = Annotated[dict[str, str], Depends(signed_form)]


def twiml(response: VoiceResponse | MessagingResponse) -> Response:
    """An answer to Twilio."""
    return Response(str(response), media_type="text/xml")


@site.post("/voice")
async def voice(form: Form) -> Response:
    """Greet a caller."""
    if not site.state.open:
        raise RuntimeError("nobody is there")
    response = VoiceResponse()
    response.say(f"Hello {form['From']}.")
    return twiml(response)


@site.post("/fallback")
async def fallback(form: Form) -> Response:
    """Say something, whatever has gone wrong."""
    response = VoiceResponse()
    response.say("We are closed.")
    return twiml(response)


@site.post("/status", status_code=204)
async def status(form: Form) -> None:
    """Write down how a call has ended."""
    site.state.calls.append((form["CallStatus"], int(form["CallDuration"])))


@site.post("/sms")
async def sms(form: Form) -> Response:
    """Answer a message."""
    response = MessagingResponse()
    response.message(f"You said: {form['Body']}")
    return twiml(response)
