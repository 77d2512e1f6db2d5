"""Fuzz target: what publishers of types and issuers put on the web about themselves."""

from contextlib import suppress

from skillpassport.errors import SkillPassportError
from skillpassport.vc.sdjwt import reveal
from skillpassport.vc.sdjwt.issuer_metadata import (
    IssuerMetadataRefused,
    metadata_url,
    published_key,
)
from skillpassport.vc.sdjwt.type_metadata import check_claims_against, read_type_metadata
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object, write
from skillpassport.vc.web_documents import WebDocumentUnreachable


def check(data: bytes) -> None:
    """Fail for a foreign exception.

    data: `claims` of a credential, and `web`, an object of addresses to documents; or an address
    """
    with suppress(IssuerMetadataRefused):
        assert metadata_url(data.decode("utf-8", "replace")).startswith("https://")
    try:
        given = parse_object(data)
    except StrictJsonError:
        return
    claims, web = given.get("claims"), given.get("web")
    if isinstance(claims, dict):
        _read(claims, web if isinstance(web, dict) else {})


def _read(claims: JsonObject, web: JsonObject) -> None:
    def fetch(url: str) -> bytes:
        if url not in web:
            raise WebDocumentUnreachable
        return write(web[url])

    with suppress(SkillPassportError):
        metadata = read_type_metadata(claims, fetch)
        assert len(set(metadata.types)) == len(metadata.types)
        check_claims_against(reveal(claims, ()), metadata)
    issuer, kid = claims.get("iss"), claims.get("kid")
    with suppress(SkillPassportError):
        key = published_key(str(issuer), kid if isinstance(kid, str) else None, fetch)
        assert not key.verify(bytes(64), b"")
