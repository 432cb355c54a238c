"""What the log says of a request: a line for people, and its parts for machines."""

from __future__ import annotations

import logging
import re
from typing import Any

from twilio_mock.state.exchanges import Exchange, Line, read_line, without_body

logger = logging.getLogger("twilio_mock")

# The user and the password of a URL, also of one that is quoted in another.
CREDENTIALS = r"(?i)(//|%2F%2F)[^/?#&@]*?(@|%40)"


def log(line: Line) -> None:
    """Tell the log of a request; whoever calls has made sure that somebody listens.

    The record's `exchange` has the parts that a line of JSON is made of.
    """
    exchange = read_line(without_body(line))
    logger.info("%s", told(exchange), extra={"exchange": parts(exchange)})


def parts(exchange: Exchange) -> dict[str, Any]:
    """The parts of a line, but for its time."""
    return {
        "method": exchange.method or None,
        "path": target(exchange) or None,
        "account": exchange.account_sid,
        "operation": exchange.operation,
        "status": exchange.status,
        "error_code": exchange.error_code,
        "ms": round(exchange.duration * 1000, 3),
        "fault": list(exchange.faults),
        "findings": [
            {**finding._asdict(), "message": without_credentials(finding.message)}
            for finding in exchange.findings
        ],
    }


def told(exchange: Exchange) -> str:
    """The same in one line; what follows the account is enough of a path."""
    where = target(exchange)
    if exchange.account_sid:
        where = where.removeprefix(f"/2010-04-01/Accounts/{exchange.account_sid}/")
    code = f" (code {exchange.error_code})" if exchange.error_code else ""
    words = [
        f"{exchange.method or '-'} {where or '-'} -> {exchange.status or 'no answer'}{code}",
        exchange.operation or "-",
        exchange.account_sid or "-",
        f"{exchange.duration * 1000:.1f} ms",
    ]
    if exchange.faults:
        words.append(f"fault={','.join(exchange.faults)}")
    if exchange.findings:
        rules = dict.fromkeys(finding.rule for finding in exchange.findings)
        words.append(f"findings={','.join(rules)}")
    return one_line(" ".join(words))


def target(exchange: Exchange) -> str:
    """Path and query."""
    query = f"?{exchange.query}" if exchange.query else ""
    return without_credentials(exchange.path + query)


def without_credentials(text: str) -> str:
    """A text without the credentials of a URL in it."""
    return re.sub(CREDENTIALS, r"\1***\2", text)


def one_line(text: str) -> str:
    """A text whose control characters are written out, so that it cannot forge a line."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
