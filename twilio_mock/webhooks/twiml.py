"""TwiML: a reply's XML, read without entities and DTDs, and what Twilio would say of it.

This is no interpreter: the document is read and checked, and no verb in it is carried out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from twilio_mock.state.deliveries import Element

# Nobody writes TwiML this deep; it keeps what walks the document within Python's recursion.
DEPTH_LIMIT = 100
# https://www.twilio.com/docs/voice/twiml and https://www.twilio.com/docs/messaging/twiml: the
# SDKs write these and no others.
VOICE_VERBS = frozenset(
    {
        *("Connect", "Dial", "Echo", "Enqueue", "Gather", "Hangup", "Leave", "Pause", "Pay"),
        *("Play", "Prompt", "Queue", "Record", "Redirect", "Refer", "Reject", "Say", "Sms"),
        *("Start", "Stop"),
    }
)
MESSAGING_VERBS = frozenset({"Message", "Redirect"})
# The "version" attribute of the root is older than most documentation (error dictionary, 12101).
VERSIONS = frozenset({"2010-04-01", "2008-08-01"})


class Document(NamedTuple):
    """A document, or why there is none: Twilio's code and words. Warnings begin with a code."""

    root: Element | None
    error_code: int | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()


class Refused(Exception):
    """The document holds what is not read."""


@dataclass(slots=True)
class Open:
    """An element whose end has not come yet."""

    name: str
    attributes: dict[str, str]
    line: int
    text: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)


class Reader:
    """Builds the elements while expat reads."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.open = [Open("", {}, 0)]
        self.lines: list[tuple[str, int]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self.open) > DEPTH_LIMIT:
            raise Refused(f"elements are nested more than {DEPTH_LIMIT} deep")
        line = self.parser.CurrentLineNumber
        if len(self.open) == 2:
            self.lines.append((name, line))
        self.open.append(Open(name, attributes, line))

    def end(self, name: str) -> None:
        """An element ends."""
        done = self.open.pop()
        element = Element(done.name, done.attributes, "".join(done.text), tuple(done.children))
        self.open[-1].children.append(element)

    def text(self, text: str) -> None:
        """Text goes to the element that it stands in, if no child of it came first."""
        if not self.open[-1].children:
            self.open[-1].text.append(text)

    def doctype(self, *_: object) -> None:
        """A document type could declare entities: none is read."""
        raise Refused("a DOCTYPE is not read")


def read_twiml(body: bytes, verbs: frozenset[str]) -> Document:
    """Read and check a document whose root may hold these verbs."""
    reader = Reader()
    try:
        reader.parser.Parse(body, True)
    except Refused as problem:
        return Document(None, 12100, str(problem))
    except (expat.ExpatError, LookupError, ValueError) as problem:
        # LookupError and ValueError: an encoding that Python does not have, or cannot map.
        return Document(None, 12100, f"the document is not well-formed: {problem}")
    [root] = reader.open[0].children
    if root.name != "Response":
        return Document(None, 12102, f"the root element is <{root.name}>, not <Response>")
    version = root.attributes.get("version")
    if version is not None and version not in VERSIONS:
        return Document(None, 12101, f"the document's version is {version!r}")
    return Document(root, warnings=tuple(unknown_verbs(reader.lines, verbs)))


def unknown_verbs(found: list[tuple[str, int]], verbs: frozenset[str]) -> list[str]:
    """What Twilio warns of: verbs that it does not have (error dictionary, 12200)."""
    return [
        f"12200: line {line}: <{name}> is no verb here; there are: {', '.join(sorted(verbs))}"
        for name, line in found
        if name not in verbs
    ]


def in_words(verb: str, text: str) -> Element:
    """The document that Twilio makes of a reply that is no XML: one verb."""
    return Element("Response", children=(Element(verb, text=text),))
