"""What a document is: one of the forms that are read here, or by name what it seems to be.

Nothing is trusted or verified. A reader who brings a badge of another kind is told which kind it
is, so that they can look for a verifier that reads it, instead of hearing "invalid".
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from skillpassport.errors import SkillPassportError
from skillpassport.vc.badges import PNG_SIGNATURE, BadgeImageRefused
from skillpassport.vc.data_integrity import MAX_PROOFS
from skillpassport.vc.envelope import (
    EnvelopeMalformed,
    is_envelope,
    open_envelope,
)
from skillpassport.vc.foreign import Foreign
from skillpassport.vc.jose import (
    ALGORITHMS_NOT_READ,
    KEY_ALGORITHMS,
    VC_CLAIM,
    VC_JWT,
    VP_JWT,
    JoseError,
    Jws,
    parse_jws,
)
from skillpassport.vc.jose.jades import JadesMalformed, parse_jades
from skillpassport.vc.model import CREDENTIALS_V2, VERIFIABLE_CREDENTIAL, is_data_model_1
from skillpassport.vc.naming import (
    SNIFFED_BYTES,
    name_of_credential,
    name_of_file,
    name_of_json,
    name_of_presentation,
    name_of_proof,
    name_of_text,
)
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import (
    JsonObject,
    JsonValue,
    StrictJsonError,
    one_or_many,
    parse,
)
from skillpassport.vc.suites.protocol import ED25519_SIGNATURE_2020

if TYPE_CHECKING:
    from skillpassport.vc.sdjwt import SdJwt, SdJwtKb

_JSON_START = re.compile(rb"\s*[{\[]")
_COMPACT_JWS = re.compile(r"[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\Z")
_COMPACT_SD_JWT = re.compile(
    r"[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*~[A-Za-z0-9_.~-]*\Z"
)


class Form(StrEnum):
    """How a credential is secured."""

    DATA_INTEGRITY = "data-integrity"
    VC_JWT = "vc+jwt"
    JWT_VC = "jwt_vc_json"
    """A credential of the data model 1.1 in the claim `vc` of a token."""
    SD_JWT_VC = "dc+sd-jwt"
    """A credential of claims under a `vct` (SD-JWT VC)."""
    VC_SD_JWT = "vc+sd-jwt"
    """A credential of the W3C data model as SD-JWT (VC-JOSE-COSE)."""
    JADES = "jades"
    """A credential under an electronic seal, as European Digital Credentials are."""
    UNSECURED = "unsecured"
    """A credential that carries no proof at all."""
    UNKNOWN = "unknown"


_NAMED_TOKENS: Mapping[str, str] = MappingProxyType(
    {
        VP_JWT: "a presentation as a token (vp+jwt), not a single credential",
        Form.SD_JWT_VC: "an SD-JWT without the '~' at its end",
        Form.VC_SD_JWT: "an SD-JWT without the '~' at its end",
        "statuslist+jwt": "a status list as a token",
        "vp+sd-jwt": "a presentation as an SD-JWT, not a single credential",
    }
)
_FORM_OF_MEDIA_TYPE: Mapping[str, Form] = MappingProxyType(
    {VC_JWT: Form.VC_JWT, **{form.value: form for form in (Form.VC_SD_JWT, Form.SD_JWT_VC)}}
)
"""What an envelope may hold, by the media type that it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A document and the form in which it is read; for an unknown form, what it seems to be.

    document: the parsed credential, when there is one
    seems_to_be: also the name of a foreign form, for whoever does not accept it
    foreign: what a caller has to accept for the form to be read, see `Policy.foreign`
    jws: the token, for `Form.VC_JWT`, `Form.JWT_VC` and `Form.JADES`
    sd_jwt: the token with its disclosures, for `Form.SD_JWT_VC` and `Form.VC_SD_JWT`
    refusal: why it was not parsed, when it was meant to be
    """

    form: Form
    seems_to_be: str | None = None
    document: JsonObject | None = None
    foreign: frozenset[Foreign] = frozenset()
    jws: Jws | None = None
    sd_jwt: "SdJwt | SdJwtKb | None" = None
    refusal: SkillPassportError | None = None


def recognise(raw: bytes | str) -> Recognised:
    """Return the form of whatever was brought, parsed strictly where the form is read here."""
    token = _token(raw)
    if token is not None:
        return _recognise_jws(token)
    data = raw if isinstance(raw, bytes) else raw.encode(errors="replace")
    if _JSON_START.match(data):
        return _recognise_json_text(raw)
    start = data[:SNIFFED_BYTES].lstrip().lower()
    if data.startswith(PNG_SIGNATURE):
        return _recognise_badge("a PNG image", partial(_read_png, data))
    if start.startswith(b"<") and b"<svg" in start and b"<html" not in start:
        return _recognise_badge("an SVG image", partial(_read_svg, data))
    name = name_of_file(data, start)
    return _unknown(name) if name else _recognise_text(data)


def recognise_document(document: JsonObject) -> Recognised:
    """Return the form of a document that was already parsed strictly."""
    contexts = one_or_many(document.get("@context"))
    types = one_or_many(document.get("type"))
    if is_envelope(document):
        return _recognise_envelope(document)
    if _is_sd_jwt_json(document):
        return _recognise_sd_jwt(document)
    if (presentation := name_of_presentation(types)) is not None:
        return _unknown(presentation, document)
    if _is_jws_json(document):
        return _recognise_jades(document)
    if CREDENTIALS_V2 in contexts or VERIFIABLE_CREDENTIAL in types:
        return _recognise_credential(document, contexts)
    return _unknown(name_of_json(document, contexts), document)


def is_sd_jwt(document: JsonObject | str) -> bool:
    """Return whether a credential is an SD-JWT, of which its holder may show parts."""
    if isinstance(document, str):
        return recognise(document).sd_jwt is not None
    return recognise_document(document).sd_jwt is not None


def _recognise_badge(name: str, read: Callable[[], str | None]) -> Recognised:
    """Return the form of what is baked into a picture; a picture in a picture is none."""
    try:
        baked = read()
    except BadgeImageRefused as refusal:
        return _unknown(f"{name} that cannot be read as a badge", refusal=refusal)
    if baked is None:
        return _unknown(f"{name} without a badge in it")
    text = baked.strip()
    is_json = _JSON_START.match(text.encode())
    return _recognise_json_text(text) if is_json else _recognise_text(text.encode())


def _read_png(data: bytes) -> str | None:
    from skillpassport.vc.badges.png import read_png  # noqa: PLC0415

    return read_png(data)


def _read_svg(data: bytes) -> str | None:
    from skillpassport.vc.badges.svg import read_svg  # noqa: PLC0415

    return read_svg(data)


def _token(raw: bytes | str) -> Jws | None:
    """Return a token that is one at first sight; nothing else starts like its header, `{"`."""
    if raw[:2] not in ("ey", b"ey"):
        return None
    try:
        text = raw if isinstance(raw, str) else raw.decode("ascii")
        return parse_jws(text)
    except (UnicodeDecodeError, JoseError, StrictJsonError):
        return None  # what is wrong with it is said by the longer way


def _recognise_json_text(raw: bytes | str) -> Recognised:
    try:
        value = parse(raw)
    except StrictJsonError as refusal:
        return _unknown("a JSON document that is damaged or ambiguous", refusal=refusal)
    if isinstance(value, dict):
        return recognise_document(value)
    return _unknown("a JSON array")


def _recognise_text(data: bytes) -> Recognised:
    try:
        text = data.decode().strip()
    except UnicodeDecodeError:
        return _unknown("a file of an unknown kind")
    if _COMPACT_JWS.match(text):
        return _recognise_token(text)
    if _COMPACT_SD_JWT.match(text):
        return _recognise_sd_jwt(text)
    return _unknown(name_of_text(text))


def _recognise_token(text: str) -> Recognised:
    try:
        return _recognise_jws(parse_jws(text))
    except (JoseError, StrictJsonError) as refusal:
        return _unknown("a token (JWT) that is damaged or ambiguous", refusal=refusal)


def _recognise_jws(jws: Jws) -> Recognised:
    if jws.type != VC_JWT:
        return _foreign_jws(jws)
    if jws.algorithm in ALGORITHMS_NOT_READ:
        return _unknown(
            f"a credential secured as a token with {jws.algorithm}, which is not read here",
            jws.payload,
        )
    if is_envelope(jws.payload):
        return _unknown("an envelope inside a token, which hides what was signed", jws.payload)
    return Recognised(form=Form.VC_JWT, document=jws.payload, jws=jws)


def _recognise_sd_jwt(given: str | JsonObject) -> Recognised:
    """Return which of the two standards of that name an SD-JWT follows, by its type and claims."""
    # Loaded on first use, as the readers of pictures are: most credentials come in other forms.
    from skillpassport.vc.sdjwt import (  # noqa: PLC0415
        SdJwtError,
        SdJwtKb,
        parse_sd_jwt,
        parse_sd_jwt_json,
    )
    from skillpassport.vc.sdjwt.credential import VCT, is_w3c_credential  # noqa: PLC0415

    try:
        presented = parse_sd_jwt(given) if isinstance(given, str) else parse_sd_jwt_json(given)
    except (SdJwtError, JoseError, StrictJsonError) as refusal:
        return _unknown("an SD-JWT that is damaged or ambiguous", refusal=refusal)
    jws = (presented.sd_jwt if isinstance(presented, SdJwtKb) else presented).jws
    # One without its type is meant as a credential; the check says so then.
    if jws.type not in {Form.SD_JWT_VC, Form.VC_SD_JWT} and not (
        jws.type in {"", "jwt"} and VCT in jws.payload
    ):
        return _unknown("an SD-JWT made for another use than a credential", jws.payload)
    if jws.algorithm in ALGORITHMS_NOT_READ:
        name = f"a credential as SD-JWT, secured with {jws.algorithm}, which is not read here"
        return _unknown(name, jws.payload)
    form = Form.VC_SD_JWT if is_w3c_credential(jws) else Form.SD_JWT_VC
    return Recognised(form=form, document=jws.payload, sd_jwt=presented)


def _foreign_jws(jws: Jws) -> Recognised:
    if VC_CLAIM in jws.payload:
        return _recognise_jwt_vc(jws)
    if any("w3id.org/openbadges" in str(each) for each in one_or_many(jws.payload.get("@context"))):
        return _unknown("a signed Open Badges 2.0 assertion", jws.payload)
    if "vp" in jws.payload:
        return _unknown("a presentation as a token (JWT with a 'vp' claim)", jws.payload)
    if jws.type in _NAMED_TOKENS:
        return _unknown(_NAMED_TOKENS[jws.type], jws.payload)
    if jws.type in {"", "jwt"} and CREDENTIALS_V2 in one_or_many(jws.payload.get("@context")):
        # Meant as a credential; the missing `typ` is then said by the check, not guessed away.
        return Recognised(form=Form.VC_JWT, document=jws.payload, jws=jws)
    return _unknown("a token (JWT) made for another use", jws.payload)


def _recognise_jwt_vc(jws: Jws) -> Recognised:
    name = (
        "a token of the VC data model 1.1 (a JWT with a 'vc' claim, "
        f"signed with {quoted(jws.algorithm)}), which is not read here"
    )
    credential = jws.payload[VC_CLAIM]
    if not isinstance(credential, dict) or jws.algorithm not in KEY_ALGORITHMS:
        return _unknown(name, jws.payload)
    return Recognised(
        form=Form.JWT_VC,
        seems_to_be=name,
        document=credential,
        foreign=frozenset({Foreign.JWT_VC}),
        jws=jws,
    )


def _recognise_credential(document: JsonObject, contexts: list[JsonValue]) -> Recognised:
    """Return the form of a credential of either data model, and what it needs to be accepted."""
    needs: set[Foreign] = set()
    if is_data_model_1(document):
        needs.add(Foreign.DATA_MODEL_1)
    proofs = one_or_many(document.get("proof"))[:MAX_PROOFS]
    for proof in proofs:
        name = name_of_proof(proof)
        if name == quoted(ED25519_SIGNATURE_2020):
            needs.add(Foreign.ED25519_SIGNATURE_2020)
        elif name:
            return _unknown(name_of_credential(document, contexts, name), document)
    return Recognised(
        form=Form.DATA_INTEGRITY if proofs else Form.UNSECURED,
        seems_to_be=name_of_credential(document, contexts) if needs else None,
        document=document,
        foreign=frozenset(needs),
    )


def _recognise_envelope(document: JsonObject) -> Recognised:
    """Return the form of what lies in an envelope; nothing else of the envelope counts."""
    try:
        enveloped = open_envelope(document)
    except EnvelopeMalformed as refusal:
        return _unknown("an envelope around a credential", document, refusal=refusal)
    expected = _FORM_OF_MEDIA_TYPE.get(enveloped.media_type)
    found = _recognise_text(enveloped.text.encode())
    if expected is None or found.form not in {expected, Form.UNKNOWN}:
        name = f"an envelope around a credential as {quoted(enveloped.media_type)}"
        return _unknown(f"{name}, which is not read here", document)
    return found


def _is_sd_jwt_json(document: JsonObject) -> bool:
    """Return whether a document is a token in JSON form whose unsigned header holds disclosures."""
    signatures = document.get("signatures")
    listed = signatures if isinstance(signatures, list) else [document]
    headers = [entry.get("header") for entry in listed[:1] if isinstance(entry, dict)]
    return "payload" in document and any(
        isinstance(header, dict) and "disclosures" in header for header in headers
    )


def _is_jws_json(document: JsonObject) -> bool:
    return "payload" in document and bool({"signatures", "signature"} & document.keys())


def _recognise_jades(document: JsonObject) -> Recognised:
    name = "a JWS in JSON form, for instance a European Digital Credential sealed as JAdES"
    try:
        jws = parse_jades(document)
    except (JadesMalformed, StrictJsonError) as refusal:
        return _unknown(name, document, refusal=refusal)
    if VERIFIABLE_CREDENTIAL not in one_or_many(jws.payload.get("type")):
        return _unknown("a sealed document (JAdES) that is no credential", jws.payload)
    return Recognised(
        form=Form.JADES,
        seems_to_be=f"{name}, which is not read here",
        document=jws.payload,
        foreign=frozenset({Foreign.JADES}),
        jws=jws,
    )


def _unknown(
    name: str,
    document: JsonObject | None = None,
    *,
    refusal: SkillPassportError | None = None,
) -> Recognised:
    return Recognised(form=Form.UNKNOWN, seems_to_be=name, document=document, refusal=refusal)
