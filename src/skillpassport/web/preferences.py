"""In which languages a reader wants sentences."""

import re
from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import Request

MAX_LANGUAGES = 10
MAX_HEADER = 1_000

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")
_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


def preferred_languages(lang: str | None, accept_language: str | None) -> tuple[str, ...]:
    """Return BCP 47 tags, best first, English last; what is not a tag is left out.

    lang: the query's wish, before everything the header says
    accept_language: RFC 9110, section 12.5.4; a quality of 0 means "not this one"
    """
    wished = [lang] if lang and _TAG.fullmatch(lang) else []
    accepted = []
    for part in (accept_language or "")[:MAX_HEADER].split(","):
        tag, _, parameter = part.strip().partition(";")
        quality = _QUALITY.fullmatch(parameter.strip())
        weight = float(quality[1]) if quality else 1.0
        if _TAG.fullmatch(tag.strip()) and weight > 0:
            accepted.append((weight, tag.strip()))
    accepted.sort(key=lambda pair: -pair[0])
    tags = [*wished, *(tag for _, tag in accepted[:MAX_LANGUAGES]), "en"]
    return tuple(dict.fromkeys(tags))


def reader_languages(
    request: Request,
    lang: Annotated[
        str | None, Query(max_length=35, description="BCP 47 tag; else Accept-Language, else en")
    ] = None,
) -> tuple[str, ...]:
    """Return the languages of whoever asks, best first."""
    return preferred_languages(lang, request.headers.get("accept-language"))


Languages = Annotated[tuple[str, ...], Depends(reader_languages)]
"""A handler's parameter for the languages of whoever asks."""
