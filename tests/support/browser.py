"""A Chromium of this machine, and what is watched while it shows a page."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    sync_playwright,
)

from tests.support.patience import PATIENCE

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1100, "height": 800}
NAMES = ("chromium", "chromium-browser", "google-chrome")
LONGEST = 2_000.0 * PATIENCE
"""Milliseconds for whatever a browser does, the first start on a busy machine included."""


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
        started = playwright.chromium.launch(executable_path=program, args=options, timeout=LONGEST)
        yield started
        started.close()


@contextmanager
def watching(
    browser: Browser,
    *,
    viewport: Mapping[str, int] = DESKTOP,
    color_scheme: Literal["light", "dark"] = "light",
    java_script_enabled: bool = True,
) -> Iterator[Watched]:
    """Show an empty page, and note every complaint and every host that is asked.

    With scripts it is one page for all, emptied after each: opening another costs more than most
    tests do with it.
    """
    if not java_script_enabled:
        context = browser.new_context(java_script_enabled=False)
        context.set_default_timeout(LONGEST)
        with context, _noting(context.new_page()) as watched:
            yield watched
        return
    context = browser.contexts[0] if browser.contexts else browser.new_context()
    context.set_default_timeout(LONGEST)
    page = context.pages[0] if context.pages else context.new_page()
    page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
    page.emulate_media(media="screen", color_scheme=color_scheme)
    try:
        with _noting(page) as watched:
            yield watched
    finally:
        page.goto("about:blank")
        context.clear_cookies()


def follow(page: Page, selector: str) -> None:
    """Press what leads to another page, and wait until that page is there, whole.

    A click alone may return before the first byte of it has come, or between its first and its
    last: a test would then look at the old page, or at half of the new one.
    """
    with page.expect_navigation():
        page.click(selector)


@contextmanager
def _noting(page: Page) -> Iterator[Watched]:
    watched = Watched(page)

    def note_message(said: ConsoleMessage) -> None:
        watched.complaints.append(said.text)

    def note_error(error: Error) -> None:
        watched.complaints.append(str(error))

    def note_request(request: Request) -> None:
        watched.asked.add(request.url)

    page.on("console", note_message)
    page.on("pageerror", note_error)
    page.on("request", note_request)
    try:
        yield watched
    finally:
        page.remove_listener("console", note_message)
        page.remove_listener("pageerror", note_error)
        page.remove_listener("request", note_request)
