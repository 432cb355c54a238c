"""How records, lists and refusals are written: JSON, XML and CSV."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial
from html import escape
from json.encoder import encode_basestring_ascii

from twilio_mock.errors import TwilioError
from twilio_mock.resources.fields import Field, Shown, camel
from twilio_mock.resources.kinds import Kind
from twilio_mock.resources.schema import Resource
from twilio_mock.rest.paging import Page
from twilio_mock.rest.values import UNSHOWABLE
from twilio_mock.state.records import Record
from twilio_mock.state.renderings import Renderings

# The content type of a success since 2025; before it had a blank, and that of a refusal has
# no charset (2023 and 2026).
CONTENT_TYPES = {
    "json": "application/json;charset=utf-8",
    "xml": "application/xml",
    "csv": "text/csv",
}
ERROR_CONTENT_TYPES = {"json": "application/json", "xml": "application/xml"}
# What Twilio's outermost layer answers has no blanks, what its application layer answers has.
COMPACT = frozenset((401, 500, 503))
XML_HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<TwilioResponse>"
XML_TAIL = "</TwilioResponse>"
# Recorded in 2017: the capabilities of a number.
ACRONYMS = {"sms": "SMS", "mms": "MMS"}
escaped = partial(escape, quote=False)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=256)
def rfc_2822(seconds: int, zone: str = "+0000") -> str:
    """A date as Twilio shows it, whatever the locale: `Fri, 23 Jun 2017 10:33:39 +0000`."""
    t = datetime.fromtimestamp(seconds, UTC)
    return (
        f"{DAYS[t.weekday()]}, {t.day:02} {MONTHS[t.month - 1]} {t.year:04} "
        f"{t.hour:02}:{t.minute:02}:{t.second:02} {zone}"
    )


def date(value: Shown) -> Shown:
    """A stored date as it is shown."""
    return rfc_2822(value) if isinstance(value, int) else value


def shown(record: Record, field: Field, root: str, extension: str) -> Shown:
    """The value of one field as it is shown; `root` is the path of the record's list."""
    if field.kind is Kind.DATE:
        return date(record[field.name])
    if field.shown_as_stored:
        return record[field.name]
    if field.kind is Kind.URI:
        return f"{root}/{record.sid}{extension}"
    if field.kind is Kind.SUBRESOURCES and isinstance(field.default, Mapping):
        return {
            name: f"{root}/{record.sid}/{path}{extension}" for name, path in field.default.items()
        }
    return field.default


def record_json(record: Record, root: str, renderings: Renderings) -> bytes:
    """One record as JSON; the record keeps the bytes for a while, for it never changes."""
    if record.rendered is not None:
        return record.rendered
    resource = record.resource
    values: list[Shown] = list(resource.shown_in_order(record.values))
    for place in resource.shown_dates:
        values[place] = date(values[place])
    for place, field in resource.derived_fields:
        values[place] = shown(record, field, root, ".json")
    texts = [
        encode_basestring_ascii(value) if isinstance(value, str) else literal(value)
        for value in values
    ]
    return renderings.keep(record, (resource.json_template % tuple(texts)).encode())


def literal(value: Shown) -> str:
    """A value as JSON, as `json.dumps` writes it, which takes three times as long for a record."""
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    return json.dumps(value)


def fields_json(record: Record, fields: Iterable[Field], root: str) -> bytes:
    """Some fields of a record as JSON."""
    return json.dumps(
        {field.name: shown(record, field, root, ".json") for field in fields}
    ).encode()


def page_json(resource: Resource, page: Page, root: str, renderings: Renderings) -> bytes:
    """One page as JSON, its keys in the order recorded in 2015 and 2017.

    No key may be added: twilio-python finds the records as the one key that it does not know.
    """
    path = f"{root}.json?"
    previous = literal(page.previous and path + page.previous)
    following = literal(page.next and path + page.next)
    head = (
        f'{{"first_page_uri": {literal(path + page.first)}, "end": {page.end}, '
        f'"previous_page_uri": {previous}, "uri": {literal(path + page.query)}, '
        f'"page_size": {page.size}, "page": {page.number}, {literal(resource.key)}: ['
    )
    tail = f'], "next_page_uri": {following}, "start": {page.start}}}'
    written = [record.rendered or record_json(record, root, renderings) for record in page.records]
    if not written:
        return (head + tail).encode()
    # So that the records, which are long, are copied once only.
    written[0] = head.encode() + written[0]
    written[-1] += tail.encode()
    return b", ".join(written)


def element(name: str, value: Shown) -> str:
    """One XML element: `<X/>` for null, `<X></X>` for an empty string (recorded in 2017)."""
    if value is None:
        return f"<{name}/>"
    if isinstance(value, Mapping):
        inner = "".join(
            element(ACRONYMS.get(key) or camel(key), each) for key, each in value.items()
        )
        return f"<{name}>{inner}</{name}>"
    # XML reads a bare carriage return as a line feed.
    text = escaped(plain(value)).replace("\r", "&#13;")
    return f"<{name}>{text}</{name}>"


def plain(value: Shown) -> str:
    """A value as text outside of JSON."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def record_xml(record: Record, fields: Iterable[Field], root: str) -> str:
    """Some fields of a record as an XML element; its Uri has no extension."""
    inner = [element(field.parameter, shown(record, field, root, "")) for field in fields]
    return f"<{record.resource.name}>{''.join(inner)}</{record.resource.name}>"


def page_xml(resource: Resource, page: Page, root: str) -> str:
    """One page as XML; the attributes in alphabetical order, absent URIs empty (recorded 2017)."""
    path = f"{root}?"
    attributes = {
        "end": str(page.end),
        "firstpageuri": path + page.first,
        "nextpageuri": path + page.next if page.next else "",
        "page": str(page.number),
        "pagesize": str(page.size),
        "previouspageuri": path + page.previous if page.previous else "",
        "start": str(page.start),
        "uri": path + page.query,
    }
    written = "".join(f' {name}="{escaped(value)}"' for name, value in attributes.items())
    inner = "".join(record_xml(record, resource.shown_fields, root) for record in page.records)
    return f"<{resource.plural}{written}>{inner}</{resource.plural}>"


def page_csv(resource: Resource, records: Iterable[Record], root: str) -> bytes:
    """Records as CSV: a row of PascalCase names, then a row for each record."""
    import csv  # seldom asked for: a server is not to wait for it

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(field.parameter for field in resource.shown_fields)
    for record in records:
        writer.writerow(plain(shown(record, field, root, "")) for field in resource.shown_fields)
    return text.getvalue().encode()


def xml_document(inner: str) -> bytes:
    """An XML answer around one element."""
    return f"{XML_HEAD}{inner}{XML_TAIL}".encode(errors="replace")


def error_body(error: TwilioError, wanted: str) -> bytes:
    """A refusal; its keys are alphabetical in both formats (recorded 2018 to 2026)."""
    values: dict[str, str | int] = {
        "code": error.code,
        "message": error.message,
        "more_info": error.more_info,
        "status": error.status,
    }
    if wanted == "xml":
        values["message"] = re.sub(UNSHOWABLE, "\ufffd", error.message)
        inner = "".join(element(camel(name), value) for name, value in values.items())
        return xml_document(f"<RestException>{inner}</RestException>")
    separators = (",", ":") if error.status in COMPACT else (", ", ": ")
    return json.dumps(values, separators=separators).encode()
