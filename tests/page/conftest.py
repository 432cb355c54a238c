"""One browser for the tests of a file; each has a mock, a site and a visitor of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.page.browsing import Visitor, chromium, visiting
from tests.page.site import site as user_site
from tests.real_parts import require
from twilio_mock import TwilioMock


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once for a file: nothing of it is there in the tests of others."""
    require("chromium")
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def watched() -> AsyncIterator[TwilioMock]:
    """The mock that the page is about."""
    async with TwilioMock(redirect=False) as mock:
        yield mock


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(browser: Browser, watched: TwilioMock) -> AsyncIterator[Visitor]:
    """Somebody who looks at its page, and whose browser complains of nothing."""
    async with visiting(browser, watched) as visitor:
        yield visitor
    assert visitor.complaints == []


@pytest_asyncio.fixture(loop_scope="module")
async def site() -> AsyncIterator[str]:
    """The URL of a user's site."""
    async with user_site() as url:
        yield url
