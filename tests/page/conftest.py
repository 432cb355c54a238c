"""One browser for all tests of the page; each has a mock, a site and a visitor of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.real_parts import require
from twilio_mock import TwilioMock

pytest.importorskip("playwright", reason="the extra dev brings it")

from playwright.async_api import Browser

from tests.page.browsing import Visitor, chromium, visiting
from tests.page.site import site as user_site


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, started once."""
    require("chromium")
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def watched() -> AsyncIterator[TwilioMock]:
    """The mock that the page is about."""
    async with TwilioMock(redirect=False) as mock:
        yield mock


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, watched: TwilioMock) -> AsyncIterator[Visitor]:
    """Somebody who looks at its page, and whose browser complains of nothing."""
    async with visiting(browser, watched) as visitor:
        yield visitor
    assert visitor.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[str]:
    """The URL of a user's site."""
    async with user_site() as url:
        yield url
