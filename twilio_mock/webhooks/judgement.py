"""What Twilio makes of a reply: the document in it, or the code of what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from email.message import Message
from typing import NamedTuple

from twilio_mock.state.deliveries import WebhookReply
from twilio_mock.webhooks.twiml import (
    MESSAGING_VERBS,
    VOICE_VERBS,
    Document,
    in_words,
    read_twiml,
)

# https://www.twilio.com/docs/voice/twiml#twiml-file-format
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


class Expected(NamedTuple):
    """What a kind of request may be answered with: its verbs, and what plain text becomes.

    `may_be_empty`: an empty reply is none of the user's mistakes. `any_body`: nobody reads it.
    """

    verbs: frozenset[str] = frozenset()
    text_verb: str = ""
    plays: bool = False
    may_be_empty: bool = False
    any_body: bool = False


VOICE = Expected(VOICE_VERBS, "Say", plays=True)
MESSAGING = Expected(MESSAGING_VERBS, "Message", may_be_empty=True)
CALLBACK = Expected(any_body=True)

Judge = Callable[[WebhookReply, Expected], Document]


def judge(reply: WebhookReply, expected: Expected, url: str) -> Document:
    """The document of a reply, or what is wrong with it."""
    if not 200 <= reply.status < 300:
        return bad_status(reply, expected)
    if reply.too_large:
        return Document(None, 11750, f"the body is above the limit ({len(reply.body)} bytes read)")
    if expected.any_body:
        return Document(None)
    if not reply.body:
        return empty(reply, expected)
    content_type = media_type(reply.header("Content-Type"))
    if content_type in XML_TYPES:
        return read_twiml(reply.body, expected.verbs)
    if content_type == "text/plain":
        return Document(in_words(expected.text_verb, reply.body.decode(errors="replace")))
    if expected.plays and content_type.startswith("audio/"):
        return Document(in_words("Play", url))
    sent = f"is {content_type}" if content_type else "is missing"
    return Document(None, 12300, f"the Content-Type {sent}; send text/xml")


def bad_status(reply: WebhookReply, expected: Expected) -> Document:
    """A status that is no success. Callbacks are only warned of (error dictionary, 15003)."""
    code = 15003 if expected.any_body and reply.status >= 400 else 11217
    reason = f"it answered {reply.status}"
    if reply.exception is not None:
        reason += f", raising {type(reply.exception).__name__}: {reply.exception}"
    return Document(None, code, reason)


def empty(reply: WebhookReply, expected: Expected) -> Document:
    """No body: fine for a message; error dictionary, 11770, says it of a chunked one."""
    if expected.may_be_empty:
        return Document(None)
    chunked = (reply.header("Transfer-Encoding") or "").lower() == "chunked"
    return Document(None, 11770 if chunked else 12100, "the body is empty")


def media_type(content_type: str | None) -> str:
    """The type without its parameters, in lower case; empty if there is none."""
    message = Message()
    if content_type is None:
        return ""
    message["Content-Type"] = content_type
    return message.get_content_type() if "/" in content_type else ""
