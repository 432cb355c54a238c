"""A shop's phone line in aiohttp: a greeting, a fallback, a log of calls, answers to messages."""

import os

from aiohttp import web
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

AUTH_TOKEN = web.AppKey("AUTH_TOKEN", str)
OPEN = web.AppKey("OPEN", list[bool])
CALLS = web.AppKey("CALLS", list[tuple[str, int]])


async def signed_form(request: web.Request) -> dict[str, str]:
    """The parameters of a request; refuses what Twilio has not signed."""
    form = {name: str(value) for name, value in (await request.post()).items()}
    signature = request.headers.get("X-Twilio-Signature", "")
    validator = RequestValidator(request.app[AUTH_TOKEN])
    if not validator.validate(str(request.url), form, signature):
        raise web.HTTPForbidden
    return form


def twiml(response: VoiceResponse | MessagingResponse) -> web.Response:
    """An answer to Twilio."""
    return web.Response(text=str(response), content_type="text/xml")


async def voice(request: web.Request) -> web.Response:
    """Greet a caller."""
    form = await signed_form(request)
    if False in request.app[OPEN]:
        raise web.HTTPServiceUnavailable
    response = VoiceResponse()
    response.say(f"Hello {form['From']}.")
    return twiml(response)


async def fallback(request: web.Request) -> web.Response:
    """Say something, whatever has gone wrong."""
    await signed_form(request)
    response = VoiceResponse()
    response.say("We are closed.")
    return twiml(response)


async def status(request: web.Request) -> web.Response:
    """Write down how a call has ended."""
    form = await signed_form(request)
    request.app[CALLS].append((form["CallStatus"], int(form["CallDuration"])))
    return web.Response(status=204)


async def sms(request: web.Request) -> web.Response:
    """Answer a message."""
    form = await signed_form(request)
    response = MessagingResponse()
    response.message(f"You said: {form['Body']}")
    return twiml(response)


def make_site(auth_token: str) -> web.Application:
    """The site, for requests that are signed with this token."""
    site = web.Application()
    site[AUTH_TOKEN], site[OPEN], site[CALLS] = auth_token, [True], []
    for handler in (voice, fallback, status, sms):
        site.router.add_post(f"/{handler.__name__}", handler)
    return site


if __name__ == "__main__":
    web.run_app(make_site(os.environ["TWILIO_AUTH_TOKEN"]))
