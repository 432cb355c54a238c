"""A user's site, whose URLs an Application has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer


async def closed(_: web.Request) -> web.Response:
    """Answers with TwiML."""
    twiml = "<Response><Say>We are closed.</Say></Response>"
    return web.Response(text=twiml, content_type="text/xml")


async def broken(_: web.Request) -> web.Response:
    """Fails."""
    return web.Response(status=500, text="boom")


async def taken(_: web.Request) -> web.Response:
    """Takes what it is told."""
    return web.Response(status=204)


@asynccontextmanager
async def site() -> AsyncIterator[str]:
    """The URL of a site whose paths are called as the functions above."""
    application = web.Application()
    application.add_routes(
        [web.route("*", f"/{each.__name__}", each) for each in (closed, broken, taken)]
    )
    async with TestServer(application) as server:
        yield str(server.make_url("")).rstrip("/")
