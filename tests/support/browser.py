"""A Chromium of this machine, and what is watched while it shows a page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1100, "height": 800}
NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(slots=True)
class Watched:
    """A page with what its browser complained of and asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium, or skip and say that there is none.

    Once a module and no longer: playwright keeps an event loop running in this thread, in which
    other tests could not run loops of their own.
    """
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        reason = f"Browser tests skipped: none of {', '.join(NAMES)} in PATH."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason} REQUIRE_BROWSER=1 forbids that.")
        pytest.skip(reason)
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=program, args=options)
        yield started
        started.close()


@contextmanager
def watching(browser: Browser, **options: object) -> Iterator[Watched]:
    """Open a page of its own, and note every complaint and every host that it asks."""
    context: BrowserContext = browser.new_context(**options)  # type: ignore[arg-type]
    page = context.new_page()
    watched = Watched(page)
    page.on("console", lambda said: watched.complaints.append(said.text))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("request", lambda request: watched.asked.add(request.url))
    try:
        yield watched
    finally:
        context.close()
