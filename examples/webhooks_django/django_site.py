"""A shop's phone line in Django, in one file: a greeting, a fallback, a log of calls, answers."""

import os
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

settings.configure(
    ALLOWED_HOSTS=["me.example"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for this example only",
    TWILIO_AUTH_TOKEN=os.environ.get("TWILIO_AUTH_TOKEN", ""),
    OPEN=True,
)
CALLS: list[tuple[str, int]] = []

View = Callable[[HttpRequest], HttpResponse]


def from_twilio(view: View) -> View:
    """Refuse what Twilio has not signed."""

    @csrf_exempt  # Twilio sends no CSRF token, but a signature
    @require_POST
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        validator = RequestValidator(settings.TWILIO_AUTH_TOKEN)
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(request.build_absolute_uri(), request.POST, signature):
            return HttpResponseForbidden()
        return view(request)

    return checked


def twiml(response: VoiceResponse | MessagingResponse) -> HttpResponse:
    """An answer to Twilio."""
    return HttpResponse(str(response), content_type="text/xml")


@from_twilio
def voice(request: HttpRequest) -> HttpResponse:
    """Greet a caller."""
    if not settings.OPEN:
        raise RuntimeError("nobody is there")
    response = VoiceResponse()
    response.say(f"Hello {request.POST['From']}.")
    return twiml(response)


@from_twilio
def fallback(request: HttpRequest) -> HttpResponse:
    """Say something, whatever has gone wrong."""
    response = VoiceResponse()
    response.say("We are closed.")
    return twiml(response)


@from_twilio
def status(request: HttpRequest) -> HttpResponse:
    """Write down how a call has ended."""
    CALLS.append((request.POST["CallStatus"], int(request.POST["CallDuration"])))
    return HttpResponse(status=204)


@from_twilio
def sms(request: HttpRequest) -> HttpResponse:
    """Answer a message."""
    response = MessagingResponse()
    response.message(f"You said: {request.POST['Body']}")
    return twiml(response)


urlpatterns = [
    path("voice", voice),
    path("fallback", fallback),
    path("status", status),
    path("sms", sms),
]
site = get_wsgi_application()
