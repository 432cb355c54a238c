"""A browser that shows the page: real headless Chromium, as one visitor after another."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from shutil import which
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

from twilio_mock import TwilioMock

# Milliseconds: on a machine that runs several browsers at once nothing is fast.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser of this machine."""
    # As root Chromium refuses to run in its sandbox; in a container /dev/shm is small.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    arguments = [*root, "--disable-dev-shm-usage"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=which("chromium"), args=arguments
        )
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visitor:
    """Somebody who looks at the page; `complaints` is what the browser has to say about it."""

    page: Page
    mock: TwilioMock
    complaints: list[str] = field(default_factory=list)

    async def open(self, view: str = "requests") -> None:
        """Open a view, and wait until it is live."""
        await self.page.goto(f"{self.mock.url}/_twilio_mock/#/{view}")
        await self.live()

    async def live(self) -> None:
        """Wait until the page is connected."""
        await self.page.wait_for_selector('#connection[data-state="live"]')

    @property
    def rows(self) -> Locator:
        """The requests in the list, newest first."""
        return self.page.locator("#requests [role=option]")

    async def text(self, selector: str) -> str:
        """What an element says."""
        return await self.page.locator(selector).inner_text()

    async def evaluate(self, script: str, given: Any = None) -> Any:
        """Run a script in the page."""
        return await self.page.evaluate(script, given)


@asynccontextmanager
async def visiting(browser: Browser, mock: TwilioMock, **options: Any) -> AsyncIterator[Visitor]:
    """A visitor with a browser profile of their own."""
    context = await browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    visitor = Visitor(page, mock)

    def heard(message: ConsoleMessage) -> None:
        # A refusal of the server is no fault of the page: it says so itself, where it is shown.
        refused = message.text.startswith("Failed to load resource: ")
        if message.type in ("error", "warning") and not refused:
            visitor.complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    try:
        yield visitor
    finally:
        await context.close()
