"""SD-JWT and SD-JWT+KB as texts and as JSON objects.

Follows RFC 9901, sections 4 (compact) and 8 (JWS JSON Serialization, flattened and general). With key
binding and without it are two types: whoever needs the holder's proof asks for `SdJwtKb`, and cannot
be handed the other by mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from skillpassport.vc.jose import JoseError, Jws, parse_jws
from skillpassport.vc.sdjwt.disclosures import Disclosure, digest_of, hash_of, parse_disclosure
from skillpassport.vc.sdjwt.refusals import SdJwtMalformed
from skillpassport.vc.sdjwt.revealing import MAX_DISCLOSURES, Revealed, reveal
from skillpassport.vc.strict_json import (
    MAX_BYTES,
    JsonObject,
    JsonTooLarge,
    JsonValue,
)

_MAX_CHARACTERS = 2 * MAX_BYTES
_MAX_SIGNATURES = 8
_SEPARATOR = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwt:
    """An issuer-signed JWT with disclosures, taken apart and not yet trusted.

    token: the issuer-signed JWT in compact form, as it was signed
    disclosures: in the order in which they came, which a key binding covers
    """

    token: str
    jws: Jws
    disclosures: tuple[Disclosure, ...] = ()

    @property
    def text(self) -> str:
        """The compact serialisation, which ends with a tilde."""
        parts = (self.token, *(disclosure.encoded for disclosure in self.disclosures))
        return _SEPARATOR.join(parts) + _SEPARATOR

    @property
    def sd_hash(self) -> str:
        """The digest that a key binding carries (RFC 9901, section 4.3.1).

        Raises: SdHashRefused
        """
        return digest_of(self.text, hash_of(self.jws.payload))

    def revealed(self) -> Revealed:
        """Return the payload with the disclosed claims in it; see `reveal`.

        Raises: DisclosureRefused, SdHashRefused
        """
        return reveal(self.jws.payload, self.disclosures)

    def with_disclosures(self, disclosures: Sequence[Disclosure]) -> "SdJwt":
        """Return the same issuer-signed JWT with other disclosures."""
        return replace(self, disclosures=tuple(disclosures))

    def as_json(self) -> JsonObject:
        """Return the flattened JSON serialisation (RFC 9901, section 8.2)."""
        return _flattened(self, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class SdJwtKb:
    """An SD-JWT with a key binding: the holder's signature over exactly these disclosures.

    binding_token: the key binding JWT in compact form
    """

    sd_jwt: SdJwt
    binding_token: str
    binding: Jws

    @property
    def text(self) -> str:
        """The compact serialisation, which does not end with a tilde."""
        return self.sd_jwt.text + self.binding_token

    def as_json(self) -> JsonObject:
        """Return the flattened JSON serialisation (RFC 9901, section 8.2)."""
        return _flattened(self.sd_jwt, {"kb_jwt": self.binding_token})


def parse_sd_jwt(text: str) -> SdJwt | SdJwtKb:
    """Return the parts of a compact SD-JWT or SD-JWT+KB, strictly decoded; nothing is verified.

    Raises: SdJwtMalformed, DisclosureRefused, JoseError, StrictJsonError
    Source: RFC 9901, section 4
    """
    if len(text) > _MAX_CHARACTERS:
        raise JsonTooLarge(len(text), _MAX_CHARACTERS)
    if _SEPARATOR not in text:
        raise SdJwtMalformed("a '~' after the signed token", "none")
    token, *encoded, binding_token = text.split(_SEPARATOR)
    return _assembled(token, encoded, binding_token or None)


def parse_sd_jwt_json(document: JsonObject) -> SdJwt | SdJwtKb:
    """Return the parts of an SD-JWT in JSON serialisation, flattened or general.

    Of a general one the first signature counts, which is the one that the disclosures go with.

    Raises: SdJwtMalformed, DisclosureRefused, JoseError, StrictJsonError
    Source: RFC 9901, section 8; RFC 7515, section 7.2
    """
    signature, *others = _signatures(document)
    header = _header(signature)
    if any({"disclosures", "kb_jwt"} & _header(other).keys() for other in others):
        raise SdJwtMalformed(
            "disclosures beside the first signature alone", "others beside another"
        )
    parts = [signature.get("protected"), document.get("payload"), signature.get("signature")]
    if not all(isinstance(part, str) for part in parts):
        raise SdJwtMalformed("texts as 'protected', 'payload' and 'signature'", "other values")
    disclosures, binding_token = header.get("disclosures", []), header.get("kb_jwt")
    if not isinstance(disclosures, list) or not isinstance(binding_token, str | None):
        raise SdJwtMalformed("an array as 'disclosures' and a text as 'kb_jwt'", "other values")
    encoded = [entry for entry in disclosures if isinstance(entry, str)]
    if len(encoded) != len(disclosures):
        raise SdJwtMalformed("texts as disclosures", "other values")
    return _assembled(".".join(str(part) for part in parts), encoded, binding_token)


def with_binding(sd_jwt: SdJwt, binding_token: str) -> SdJwtKb:
    """Return the SD-JWT with a key binding JWT.

    Raises: SdJwtMalformed
    """
    return SdJwtKb(
        sd_jwt=sd_jwt, binding_token=binding_token, binding=_parsed(binding_token, "key binding")
    )


def _assembled(token: str, encoded: Sequence[str], binding_token: str | None) -> SdJwt | SdJwtKb:
    if len(encoded) > MAX_DISCLOSURES:
        raise SdJwtMalformed(f"at most {MAX_DISCLOSURES} disclosures", str(len(encoded)))
    sd_jwt = SdJwt(
        token=token,
        jws=_parsed(token, "signed token"),
        disclosures=tuple(parse_disclosure(entry) for entry in encoded),
    )
    return with_binding(sd_jwt, binding_token) if binding_token is not None else sd_jwt


def _parsed(token: str, name: str) -> Jws:
    try:
        return parse_jws(token)
    except JoseError as error:
        raise SdJwtMalformed(f"a {name} of three parts", "another text") from error


def _signatures(document: JsonObject) -> list[JsonObject]:
    if "signatures" not in document:
        return [document]
    listed = document["signatures"]
    if "signature" in document or "protected" in document or "header" in document:
        raise SdJwtMalformed("one JSON serialisation", "a mixture of the two")
    if not isinstance(listed, list) or not 0 < len(listed) <= _MAX_SIGNATURES:
        raise SdJwtMalformed(f"one to {_MAX_SIGNATURES} signatures", "another number")
    signatures = [entry for entry in listed if isinstance(entry, dict)]
    if len(signatures) != len(listed):
        raise SdJwtMalformed("objects as signatures", "other values")
    return signatures


def _header(signature: JsonObject) -> JsonObject:
    header = signature.get("header", {})
    if not isinstance(header, dict):
        raise SdJwtMalformed("an object as 'header'", "another value")
    # RFC 7515, section 7.2.1: the names in the two headers are disjoint. One that the signature does
    # not cover could otherwise choose the algorithm or the key.
    if header.keys() - {"disclosures", "kb_jwt", "kid"}:
        raise SdJwtMalformed("'disclosures' and 'kb_jwt' in the unsigned header", "other members")
    return header


def _flattened(sd_jwt: SdJwt, further: JsonObject) -> JsonObject:
    protected, payload, signature = sd_jwt.token.split(".")
    disclosures: list[JsonValue] = [entry.encoded for entry in sd_jwt.disclosures]
    return {
        "header": {"disclosures": disclosures, **further},
        "payload": payload,
        "protected": protected,
        "signature": signature,
    }
