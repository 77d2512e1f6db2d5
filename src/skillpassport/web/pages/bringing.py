"""`/verify`: one page for whatever a reader holds: a text, a file, a link or a code.

Stateless and public: nothing is kept, so there is nothing that a forged form could do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Protocol

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Message

from skillpassport.credentials.code import CodeMalformed, CodeMistyped, parse_code
from skillpassport.credentials.telling import report_of, unreachable_report
from skillpassport.errors import SkillPassportError
from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.api.verifications import MAX_TEXT_DOCUMENT, VerificationServices
from skillpassport.web.api.verifications import code_in_address as code_in_own_address
from skillpassport.web.bodies import read_body
from skillpassport.web.errors import BodyIncomplete, BodyTooLarge, BodyTooSlow
from skillpassport.web.limits import limited
from skillpassport.web.pages.countries import find_country, known_countries
from skillpassport.web.pages.reader import UNTOLD, Reader, ReaderOfPage, render
from skillpassport.web.pages.report_view import Receipt, view_of
from skillpassport.web.pages.verification import PageServices
from skillpassport.web.pictures import (
    MAX_PICTURE_BYTES,
    PictureReader,
    PicturesBusy,
    PictureTooLarge,
    PictureUnreadable,
    is_badge,
    is_picture,
)
from skillpassport.web.problem_table import ROWS
from skillpassport.web.routing import ApiRoute
from skillpassport.web.sentences import N_

router = APIRouter(route_class=ApiRoute, tags=["pages"], include_in_schema=False)

MAX_FORM_BYTES: Final = MAX_PICTURE_BYTES + MAX_TEXT_DOCUMENT + 16 * 1024
"""A picture and a text of their greatest sizes, and the form around them."""

MAX_KEPT: Final = 64 * 1024
"""A longer document is not carried along in the page, to be asked about for another country."""

_LINK = re.compile(r"https?://\S{1,1990}", re.IGNORECASE)
_ONE_WORD = re.compile(r"[A-Za-z0-9 -]{1,64}")

_REFUSALS: Final[Mapping[type[SkillPassportError], str]] = {
    BodyTooLarge: N_("That is too large: a document may have one megabyte, a picture five."),
    BodyTooSlow: N_("The document came too slowly; try again."),
    BodyIncomplete: N_("The document did not arrive whole; try again."),
    PictureUnreadable: N_("The picture or PDF could not be read; take or save it again."),
    PictureTooLarge: N_("The picture has too many pixels; bring a smaller one."),
    PicturesBusy: N_("Too many pictures are being read at this moment; try again."),
}
_NO_QR: Final = N_(
    "No QR code was found in the picture. Take it closer, straight and in good light, "
    "or type the code under it."
)
_UNREADABLE_FORM: Final = N_("The form could not be read; try again.")
_NOTHING: Final = N_("Paste something, or choose a file.")
_WRONG_CODE: Final = N_("One letter or digit of the code is wrong, or two are swapped.")


class BringingServices(PageServices, VerificationServices, Protocol):
    """What this page uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a form holds.

    document: the bytes of a file as they came, or what was pasted without the space around it
    other: a country by name or code, before the one chosen
    """

    document: bytes
    destination: str
    other: str

    @property
    def text(self) -> str:
        """The document as text; empty when it is none."""
        try:
            return self.document.decode()
        except UnicodeDecodeError:
            return ""


@router.get("/verify", response_class=HTMLResponse)
def ask(request: Request, to: ReaderOfPage) -> Response:
    """Show the form."""
    return _form(request, to)


@router.post(
    "/verify", response_class=HTMLResponse, dependencies=[Depends(limited("verification"))]
)
async def answer(request: Request, to: ReaderOfPage) -> Response:
    """Verify what was brought and show the report; a code leads to its own page."""
    try:
        brought = await _read(request)
    except (BodyTooLarge, BodyTooSlow, BodyIncomplete) as refusal:
        return _refused(request, to, refusal)
    except HTTPException:
        return _form(request, to, said=_UNREADABLE_FORM, status=400)
    if not brought.document:
        return _form(request, to, said=_NOTHING, status=422)
    return await run_in_threadpool(_read_and_answer, request, to, brought)


def _read_and_answer(request: Request, to: Reader, brought: Brought) -> Response:
    """Answer what was brought; of a picture, what its QR code says."""
    if is_picture(brought.document):
        pictures: PictureReader = request.app.state.pictures
        services: BringingServices = request.app.state.services
        try:
            text = _best(pictures.texts(brought.document), services)
        except (PictureUnreadable, PictureTooLarge, PicturesBusy) as refusal:
            return _refused(request, to, refusal)
        if text is None:
            return _form(request, to, said=_NO_QR, status=422)
        brought = replace(brought, document=text.encode())
    return _answer(request, to, brought)


def _best(texts: Sequence[str], services: BringingServices) -> str | None:
    """Return the text that leads to a credential of this service, else the first; None of none."""
    for text in texts:
        try:
            if _code_in(text, services) is not None:
                return text
        except CodeMistyped:
            continue
    return texts[0] if texts else None


def _answer(request: Request, to: Reader, brought: Brought) -> Response:
    services: BringingServices = request.app.state.services
    country = brought.destination
    if brought.other:
        country = find_country(brought.other, to.translation) or ""
    text = brought.text
    try:
        code = _code_in(text, services)
    except CodeMistyped:
        return _form(request, to, said=_WRONG_CODE, status=422, pasted=text)
    if code is not None:
        address = to.link(f"/v/{code}", {"destination": country})
        return RedirectResponse(address, status_code=303)
    report, verified = _verify(services, brought.document, country or None)
    receipt = Receipt(
        at=services.clock.now(), sha256=sha256(verified).hexdigest() if verified else None
    )
    view = view_of(
        report,
        to=to.translation,
        snapshot=services.registry(),
        destination=country,
        receipt=receipt,
    )
    return render(
        "verification.html",
        to,
        request,
        headers=UNTOLD,
        code="",
        purpose="",
        brought=text if len(brought.document) <= MAX_KEPT else "",
        misread=brought.other if brought.other and not country else "",
        **view,
    )


def _code_in(text: str, services: BringingServices) -> str | None:
    """Return the code that a text is, or that the link of this service in it leads to.

    Raises: CodeMistyped
    """
    if _LINK.fullmatch(text) and services.is_own_address(text):
        return code_in_own_address(text) or "-"
    if not _ONE_WORD.fullmatch(text):
        return None
    try:
        return parse_code(text)
    except CodeMalformed:
        return None


def _verify(
    services: BringingServices, document: bytes, destination: str | None
) -> tuple[JsonObject, bytes]:
    """Return the report on a document or on what a link leads to, and the bytes that were judged."""
    try:
        text = document.decode()
    except UnicodeDecodeError:
        text = ""
    if _LINK.fullmatch(text):
        try:
            document = services.fetch_document(text).encode()
        except SkillPassportError as error:
            nothing = services.verify.meaning_of_nothing(destination, None)
            return unreachable_report(error.code, error.message, meaning=nothing), b""
    findings = services.verify.document(document, destination=destination)
    return report_of(findings, public_url=services.public_url), document


def _refused(request: Request, to: Reader, refusal: SkillPassportError) -> Response:
    said, status = _REFUSALS[type(refusal)], ROWS[type(refusal)].status
    return _form(request, to, said=said, status=status)


def _form(
    request: Request, to: Reader, *, said: str = "", status: int = 200, pasted: str = ""
) -> Response:
    services: BringingServices = request.app.state.services
    countries = known_countries(services.registry().registry, to.translation)
    return render(
        "verify.html",
        to,
        request,
        status=status,
        said=said,
        pasted=pasted,
        countries=countries,
        destination="",
    )


async def _read(request: Request) -> Brought:
    """Return what the form holds, however it is encoded.

    Raises: BodyTooLarge, BodyTooSlow, BodyIncomplete, HTTPException
    """
    raw = await read_body(request, MAX_FORM_BYTES)

    async def receive() -> Message:
        return {"type": "http.request", "body": raw, "more_body": False}

    whole = Request(request.scope, receive)
    async with whole.form(max_files=1, max_fields=8, max_part_size=MAX_TEXT_DOCUMENT) as form:
        return Brought(
            document=await _document_in(form),
            destination=_country_code(_field(form, "destination")),
            other=_field(form, "other")[:60],
        )


async def _document_in(form: FormData) -> bytes:
    file = form.get("file")
    if isinstance(file, UploadFile):
        content = await file.read(MAX_PICTURE_BYTES + 1)
        is_large = is_picture(content) or is_badge(content)
        most = MAX_PICTURE_BYTES if is_large else MAX_TEXT_DOCUMENT
        if len(content) > most:
            raise BodyTooLarge(most)
        if content:
            return content
    return _field(form, "text").encode()


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _country_code(text: str) -> str:
    return text if re.fullmatch(r"[A-Z]{2}", text) else ""
