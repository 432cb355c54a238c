"""TwiML that is meant to harm: entities, documents elsewhere, depth and size."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from twilio_mock import TwilioMock

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION_LAUGHS = f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]><Response><Say>&l9;</Say></Response>'
QUADRATIC = f'<!DOCTYPE r [<!ENTITY a "{"a" * 30_000}">]><Response>{"&a;" * 1000}</Response>'


def said(document: bytes, content_type: str = "text/xml") -> tuple[int | None, str]:
    """The verdict on a document as the reply to a call: Twilio's code, and why."""

    def site(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
        start_response("200 OK", [("Content-Type", content_type)])
        return [document]

    with TwilioMock(redirect=False) as mock:
        mock.webhooks.configure(body_limit=2**22)
        application = mock.applications.create(voice_url="http://me.example/voice")
        call = application.incoming_call(deliver_to=site)
        return call.error_code, call.attempts[0].reason + repr(call.attempts[0].twiml)


@pytest.mark.parametrize("document", [BILLION_LAUGHS, QUADRATIC], ids=["laughs", "quadratic"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_that_would_swell_is_refused_at_its_doctype(
    document: str, encoding: str
) -> None:
    began = process_time()
    assert said(document.encode(encoding)) == (12100, "a DOCTYPE is not readNone")
    assert process_time() - began < 5


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "{place}">]>',
        '<!DOCTYPE r [<!ENTITY % x SYSTEM "{place}">%x;]>',
        '<!DOCTYPE r SYSTEM "{place}">',
        '<!DOCTYPE r PUBLIC "-//X//Y" "{place}" [<!ENTITY x SYSTEM "{place}">]>',
    ],
)
@pytest.mark.parametrize("scheme", ["file", "http"])
def test_nothing_outside_of_the_document_is_read(doctype: str, scheme: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret of the file")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        place = secret.as_uri() if scheme == "file" else f"http://127.0.0.1:{port}/x.dtd"
        document = doctype.format(place=place) + "<Response><Say>&x;</Say></Response>"
        code, told = said(document.encode())
        assert code == 12100
        assert "secret of" not in told
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "document",
    [
        b"<Response><Say>&x;</Say></Response>",
        b'<Response xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="file:///etc/passwd"/>'
        b"</Response>",
        b'<?xml-stylesheet href="http://127.0.0.1:1/x.xsl"?><Response/>',
        b'<?xml version="1.0" encoding="no-such-encoding"?><Response/>',
        b'<?xml version="1.0" encoding="utf-7"?><Response/>',
        b"<Response>" + b"<Say>" * 30_000,
        b"<Response>" + b"<Say>" * 5000 + b"</Say>" * 5000 + b"</Response>",
        b"<Response " + b" ".join(b'a%d="x"' % n for n in range(5000)) + b"/>",
        b"<Response><![CDATA[" + b"x" * 60_000 + b"]]></Response>",
        b"<Response>" + b"<!-- -->" * 8000 + b"</Response>",
    ],
    ids=lambda document: document[:40].decode(),
)
def test_a_strange_document_has_a_verdict_in_no_time(document: bytes) -> None:
    began, threads = process_time(), threading.active_count()
    code, told = said(document)
    assert code in (None, 12100, 12200, 12300)
    assert "root:" not in told  # of /etc/passwd
    assert process_time() - began < 5
    assert threading.active_count() == threads
