"""The reader's language: catalogues, days, countries and the direction of writing.

Catalogues are the `.po` files under `skillpassport/locale`, read once in each process; there is no
compiled copy that could differ from them. English is the language of the source.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from skillpassport.languages import in_language, language_of

ENGLISH: Final = "en"
LANGUAGES: Final = (ENGLISH, "fr", "ar")
"""The languages of the pages, in the order in which they are offered."""

_LOCALES: Final = {ENGLISH: "en_001"}
"""World English writes `3 March 2026`, which nobody reads the other way round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One language of the pages.

    language: one of `LANGUAGES`
    """

    language: str
    locale: Locale
    catalogue: NullTranslations
    pages: Environment

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`, as HTML's `dir` wants it."""
        return self.locale.text_direction

    def text(self, english: str) -> str:
        """Return a sentence of the source in this language; unknown ones stay as they are."""
        return self.catalogue.gettext(english) if english else ""

    def day(self, day: dt.date | str | None) -> str:
        """Return a calendar day as people write it; text that is no day stays as it is.

        day: a date, or the text of one as reports carry it
        """
        if not day:
            return ""
        try:
            date = dt.date.fromisoformat(day[:10]) if isinstance(day, str) else day
        except ValueError:
            return str(day)
        return format_date(date, format="long", locale=self.locale)

    def number(self, number: Decimal | float) -> str:
        """Return a number as people write it."""
        return format_decimal(number, locale=self.locale)

    def country(self, code: str) -> str:
        """Return the name of a country or region by its ISO 3166-1 code; other codes stay."""
        return str(self.locale.territories.get(code, code))


def translation_for(languages: Iterable[str]) -> Translation:
    """Return the first of a reader's languages that the pages speak, else English.

    languages: BCP 47 tags, best first; `fr-CA` finds `fr`
    """
    for tag in languages:
        language = tag.partition("-")[0].lower()
        if language in LANGUAGES:
            return translation(language)
    return translation(ENGLISH)


@cache
def translation(language: str) -> Translation:
    """Return one of `LANGUAGES`."""
    catalogue = _catalogue(language)
    return Translation(
        language=language,
        locale=Locale.parse(_LOCALES.get(language, language)),
        catalogue=catalogue,
        pages=_environment(catalogue),
    )


def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    file = resources.files("skillpassport") / "locale" / language / "LC_MESSAGES"
    with (file / "skillpassport.po").open("rb") as source:
        messages = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return GNUTranslations(compiled)


def isolated(notation: str) -> Markup:
    """Return a notation to stand in a sentence: without this `4+` becomes `+4` in Arabic."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(notation)


def _environment(catalogue: NullTranslations) -> Environment:
    """Return the templates with the catalogue behind their `_()`.

    One environment for each language: the extension keeps the catalogue in its environment.
    """
    pages = Environment(
        loader=PackageLoader("skillpassport.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    pages.globals["isolated"] = isolated
    pages.globals["in_language"] = in_language
    pages.globals["language_of"] = language_of
    return pages
