"""Who reads a page and in which language; how every page is put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from babel import Locale
from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from skillpassport.web import registry_words
from skillpassport.web.preferences import Languages
from skillpassport.web.translation import LANGUAGES, Translation, translation_for

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}
"""Of every page: nothing from elsewhere, no script, nothing inline."""

UNTOLD: Final[Mapping[str, str]] = {
    **HEADERS,
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Of pages about a person's credential: found by no search engine, kept by no cache."""


WORDS: Final[Mapping[str, Any]] = {
    "answers": registry_words.ANSWERS,
    "bases": registry_words.BASES,
    "evaluated": registry_words.EVALUATED,
    "only_precedents": registry_words.ONLY_PRECEDENTS,
    "candidates": registry_words.CANDIDATES,
    "relations": registry_words.RELATIONS,
    "secondary": registry_words.SECONDARY,
    "outcomes": registry_words.OUTCOMES,
    "met": registry_words.MET,
    "facts": registry_words.FACTS,
    "precedent": registry_words.PRECEDENT,
    "superseded": registry_words.SUPERSEDED,
    "publications": registry_words.PUBLICATIONS,
    "purposes": registry_words.PURPOSES,
}
"""What the parts of an answer about comparability are called, in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whoever reads a page.

    languages: BCP 47 tags, best first, for names in several languages
    wish: the language asked for in the address, to be kept in links; None when the browser decides
    """

    languages: tuple[str, ...]
    translation: Translation
    wish: str | None

    def link(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """Return an address of this service that keeps the language asked for."""
        kept = {name: value for name, value in (query or {}).items() if value}
        if self.wish is not None:
            kept["lang"] = self.wish
        plain = quote(path, safe="/:@+-")
        return f"{plain}?{urlencode(kept)}" if kept else plain


def reader(
    languages: Languages, lang: Annotated[str | None, Query(max_length=35)] = None
) -> Reader:
    """Return whoever asks for a page."""
    translation = translation_for(languages)
    wish = translation.language if lang and languages[0] == lang else None
    return Reader(languages=languages, translation=translation, wish=wish)


ReaderOfPage = Annotated[Reader, Depends(reader)]
"""A handler's parameter for whoever reads its page."""


def render(
    template: str,
    to: Reader,
    request: Request,
    *,
    query: Mapping[str, str | Sequence[str]] | None = None,
    path: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] = HEADERS,
    **content: Any,  # noqa: ANN401 - whatever the template names
) -> HTMLResponse:
    """Return a page in its reader's language.

    query, path: by which this page can be asked for again in another language; the path asked for
        unless another is given
    """
    translation, asked = to.translation, str(request.scope["path"])
    page = translation.pages.get_template(template).render(
        reader=to,
        link=to.link,
        translation=translation,
        day=translation.day,
        country=translation.country,
        numeral=translation.number,
        text=translation.text,
        words=WORDS,
        here=asked,
        other_languages=_other_languages(path or asked, translation, query or {}),
        **content,
    )
    return HTMLResponse(
        page, status_code=status, headers={**headers, "Content-Language": translation.language}
    )


def _other_languages(
    path: str, translation: Translation, query: Mapping[str, str | Sequence[str]]
) -> list[dict[str, str]]:
    """Return the address of the same page in each other language, with its name for itself."""
    kept = {name: value for name, value in query.items() if value}
    return [
        {
            "tag": language,
            "name": str(Locale.parse(language).get_display_name(language)),
            "address": f"{quote(path)}?{urlencode({**kept, 'lang': language}, doseq=True)}",
        }
        for language in LANGUAGES
        if language != translation.language
    ]
