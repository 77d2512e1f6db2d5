"""Reads what tests need from Markdown pages: links, headings, blocks of code."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.checkout import tracked_files

_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Return every Markdown page of the repository."""
    return sorted(path for path in tracked_files() if path.suffix == ".md")


def links(page: Path) -> list[str]:
    """Return the targets of a page's links, code left aside."""
    return _LINK.findall(_BLOCK.sub("", page.read_text("utf-8")))


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    return {_anchor(heading) for heading in _HEADING.findall(page.read_text("utf-8"))}


def blocks(page: Path, language: str) -> Iterator[str]:
    """Yield the blocks of code in one language."""
    for found, code in _BLOCK.findall(page.read_text("utf-8")):
        if found == language:
            yield code


def section(page: Path, heading: str) -> str:
    """Return the text below a heading, up to the next one of any depth; empty when absent."""
    _, found, after = page.read_text("utf-8").partition(f"\n## {heading}\n")
    return after.partition("\n## ")[0].strip() if found else ""


def _anchor(heading: str) -> str:
    plain = re.sub(r"[`*_]|\[([^\]]+)\]\([^)]+\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
