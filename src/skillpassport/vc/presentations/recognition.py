"""Which form of presentation something is; nothing is trusted or verified."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.envelope import (
    ENVELOPED_PRESENTATION,
    EnvelopeMalformed,
    is_envelope,
    open_envelope,
)
from skillpassport.vc.jose import VP_JWT, JoseError, Jws, parse_jws
from skillpassport.vc.presentations.model import VERIFIABLE_PRESENTATION
from skillpassport.vc.quoting import quoted
from skillpassport.vc.recognition import Form, Recognised, recognise, recognise_document
from skillpassport.vc.sdjwt import SdJwt, SdJwtError, SdJwtKb, parse_sd_jwt
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, one_or_many, parse_object

VP_SD_JWT: Final = "vp+sd-jwt"

_SD_JWT_START = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+~")


class PresentationForm(StrEnum):
    """How a presentation is secured."""

    DATA_INTEGRITY = "data-integrity"
    VP_JWT = "vp+jwt"
    VP_SD_JWT = "vp+sd-jwt"
    """A presentation as SD-JWT, parts of which may have been withheld since it was signed."""
    SD_JWT = "sd-jwt"
    """A credential as SD-JWT, which is a presentation by itself: of what its holder shows of it."""
    UNSIGNED = "unsigned"
    """Nothing says who presents; the credentials inside stand for themselves."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPresentation:
    """A presentation and its form; for an unknown form, what it seems to be.

    credential: what is shown, for `PresentationForm.SD_JWT`
    refusal: why it was not parsed, when it was meant to be
    """

    form: PresentationForm
    seems_to_be: str | None = None
    document: JsonObject | None = None
    jws: Jws | None = None
    sd_jwt: SdJwt | None = None
    credential: Recognised | None = None
    refusal: SkillPassportError | None = None


def recognise_presentation(raw: bytes | str) -> RecognisedPresentation:
    """Return the form of whatever was brought, parsed strictly where the form is read here."""
    text = raw.decode(errors="replace") if isinstance(raw, bytes) else raw
    if text.lstrip().startswith("{"):
        try:
            return recognise_presentation_document(parse_object(raw))
        except StrictJsonError as refusal:
            return _unknown("a JSON document that is damaged or ambiguous", refusal=refusal)
    return _recognise_token(text.strip(), raw)


def recognise_presentation_document(document: JsonObject) -> RecognisedPresentation:
    """Return the form of a presentation that was already parsed strictly."""
    if is_envelope(document, ENVELOPED_PRESENTATION):
        return _recognise_envelope(document)
    if VERIFIABLE_PRESENTATION not in one_or_many(document.get("type")):
        return _recognise_credential(recognise_document(document), document)
    is_signed = bool(one_or_many(document.get("proof")))
    form = PresentationForm.DATA_INTEGRITY if is_signed else PresentationForm.UNSIGNED
    return RecognisedPresentation(form=form, document=document)


def _recognise_envelope(document: JsonObject) -> RecognisedPresentation:
    try:
        enveloped = open_envelope(document, ENVELOPED_PRESENTATION)
    except EnvelopeMalformed as refusal:
        return _unknown("an envelope around a presentation", document, refusal=refusal)
    if enveloped.media_type not in {VP_JWT, VP_SD_JWT}:
        name = f"an envelope around a presentation as {quoted(enveloped.media_type)}"
        return _unknown(f"{name}, which is not read here", document)
    found = _recognise_token(enveloped.text, enveloped.text)
    if found.form not in {enveloped.media_type, PresentationForm.UNKNOWN}:
        return _unknown("an envelope that names another form than it holds", document)
    return found


def _recognise_sd_jwt(text: str, raw: bytes | str) -> RecognisedPresentation:
    try:
        presented = parse_sd_jwt(text)
    except (SdJwtError, JoseError, StrictJsonError) as refusal:
        return _unknown("an SD-JWT that is damaged or ambiguous", refusal=refusal)
    if isinstance(presented, SdJwtKb) or presented.jws.type != VP_SD_JWT:
        found = recognise(raw)
        return _recognise_credential(found, found.document)
    return RecognisedPresentation(
        form=PresentationForm.VP_SD_JWT, document=presented.jws.payload, sd_jwt=presented
    )


def _recognise_token(text: str, raw: bytes | str) -> RecognisedPresentation:
    if _SD_JWT_START.match(text):
        return _recognise_sd_jwt(text, raw)
    if text.count(".") != 2:  # noqa: PLR2004 - the parts of a compact JWS
        found = recognise(raw)
        return _unknown(_name(found.form, found.seems_to_be), found.document)
    try:
        jws = parse_jws(text)
    except (JoseError, StrictJsonError) as refusal:
        return _unknown("a token (JWT) that is damaged or ambiguous", refusal=refusal)
    is_presentation = VERIFIABLE_PRESENTATION in one_or_many(jws.payload.get("type"))
    # Meant as a presentation; a wrong `typ` is then said by the check, not guessed away.
    if jws.type == VP_JWT or (jws.type in {"", "jwt"} and is_presentation):
        return RecognisedPresentation(form=PresentationForm.VP_JWT, document=jws.payload, jws=jws)
    found = recognise(raw)
    return _unknown(_name(found.form, found.seems_to_be), jws.payload)


def _recognise_credential(found: Recognised, document: JsonObject | None) -> RecognisedPresentation:
    """Return the form of a single credential, which is shown as it is or not at all.

    Source: RFC 9901, section 1.2, where an SD-JWT with or without key binding is what a holder presents
    """
    if found.sd_jwt is None:
        return _unknown(_name(found.form, found.seems_to_be), document)
    presented = found.sd_jwt
    sd_jwt = presented.sd_jwt if isinstance(presented, SdJwtKb) else presented
    return RecognisedPresentation(
        form=PresentationForm.SD_JWT, document=sd_jwt.jws.payload, credential=found
    )


def _name(form: Form, seems_to_be: str | None) -> str:
    return seems_to_be or f"a single credential of the form {form}, not a presentation"


def _unknown(
    name: str,
    document: JsonObject | None = None,
    *,
    refusal: SkillPassportError | None = None,
) -> RecognisedPresentation:
    return RecognisedPresentation(
        form=PresentationForm.UNKNOWN, seems_to_be=name, document=document, refusal=refusal
    )
