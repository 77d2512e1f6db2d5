"""`/registry/agreements`: what states and social partners agreed, and what that switches on."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from skillpassport.equivalence.agreements import Agreement, PartialDate
from skillpassport.equivalence.rules import RecognitionRule
from skillpassport.equivalence.snapshot import RegistrySnapshot
from skillpassport.vc.strict_json import JsonValue
from skillpassport.web.agreement_words import (
    AGREEMENT_UNKNOWN,
    KINDS,
    MEMBERS,
    STANDINGS,
)
from skillpassport.web.api.registry import MAX_TEXT, CurrentRegistry, Today
from skillpassport.web.pages.nothing import nothing_here
from skillpassport.web.pages.reader import ReaderOfPage, render
from skillpassport.web.registry_words import FOOTINGS
from skillpassport.web.routing import ApiRoute
from skillpassport.web.translation import Translation

router = APIRouter(
    route_class=ApiRoute, prefix="/registry/agreements", tags=["pages"], include_in_schema=False
)

_COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
_UNDERSTOOD: Final = frozenset(
    {"origin", "destination", "period", "read", "memory", "visibility", "access", "public"}
)
"""Members that are told elsewhere on the page, or say only how the record is kept."""

_WORDS = {"kinds": KINDS, "standings": STANDINGS, "footings": FOOTINGS, "members": MEMBERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An agreement as a page tells it.

    origins, destinations: names of countries; empty where the record names none by code
    standing: of `STANDINGS`, today
    """

    agreement: Agreement
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    standing: str


@router.get("", response_class=HTMLResponse)
def list_agreements(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    today: Today,
    origin: Annotated[str, Query(max_length=20)] = "",
    destination: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """List the public agreements, or those of people of one country, or into one, or both."""
    wanted = {
        side: code.upper() if _COUNTRY.fullmatch(code) else ""
        for side, code in (("origin", origin), ("destination", destination))
    }
    every = snapshot.agreements.search()
    found = snapshot.agreements.search(**wanted)
    return render(
        "agreements.html",
        to,
        request,
        query=wanted,
        rows=[told_agreement(one, today, to.translation) for one in found],
        are_any=bool(every),
        origins=_countries((code for one in every for code in one.origins), to.translation),
        destinations=_countries(
            (code for one in every for code in one.destinations), to.translation
        ),
        chosen=wanted,
        words_of=_WORDS,
    )


@router.get("/{agreement}", response_class=HTMLResponse)
def show_agreement(
    request: Request,
    to: ReaderOfPage,
    snapshot: CurrentRegistry,
    today: Today,
    agreement: Annotated[str, Path(max_length=MAX_TEXT)],
) -> Response:
    """Show an agreement: its parties, since when it is in force, and the rules that it switches on."""
    found = snapshot.agreements.find(agreement)
    if found is None or not found.is_public:
        return nothing_here(request, to, AGREEMENT_UNKNOWN)
    return render(
        "agreement.html",
        to,
        request,
        told=told_agreement(found, today, to.translation),
        dates=[
            (name, _day(date, to.translation))
            for name, date in (
                ("signed", found.signed),
                ("in_force", found.in_force),
                ("ended", found.ended),
            )
            if date is not None
        ],
        members=list(_members(found)),
        readings=[(name, _texts(found.details.get(name))) for name in ("read", "memory")],
        rules=_rules(snapshot, found, today),
        words_of=_WORDS,
    )


def told_agreement(agreement: Agreement, today: dt.date, to: Translation) -> Told:
    """Return an agreement with its countries named, and whether it is in force today."""
    in_force = {True: "in_force", False: "not_in_force", None: "not_known"}
    return Told(
        agreement=agreement,
        origins=tuple(map(to.country, agreement.origins)),
        destinations=tuple(map(to.country, agreement.destinations)),
        standing=in_force[agreement.is_in_force(today)],
    )


def _countries(codes: Iterator[str], to: Translation) -> list[tuple[str, str]]:
    named = [(code, to.country(code)) for code in set(codes)]
    return sorted(named, key=lambda each: each[1].casefold())


def _day(date: PartialDate, to: Translation) -> str:
    """Return a date as people write it where it names a day, else in the words of the source."""
    return to.day(date.first) if date.first is not None and date.first == date.last else date.text


def _members(agreement: Agreement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what else the record says: the name of a member, and its texts."""
    for name, value in agreement.details.items():
        texts = () if name in _UNDERSTOOD else _texts(value)
        if texts:
            yield name, texts


def _texts(value: JsonValue) -> tuple[str, ...]:
    """Return a value as lines of text; what is within another value stands behind its name."""
    match value:
        case None | "":
            return ()
        case list():
            return tuple(text for one in value for text in _texts(one))
        case dict():
            return tuple(f"{name}: {text}" for name, one in value.items() for text in _texts(one))
    return (str(value),)


def _rules(
    snapshot: RegistrySnapshot, agreement: Agreement, today: dt.date
) -> list[tuple[RecognitionRule, bool]]:
    """Return the rules that depend on an agreement, each with whether it holds today."""
    is_on = bool(agreement.is_in_force(today))
    rules = snapshot.rules.of_agreement(agreement.slug)
    shown = [(one, is_on and snapshot.rules.holds(one, today)) for one in rules]
    return sorted(shown, key=lambda each: (not each[1], each[0].title.casefold(), each[0].id))
