"""SD-JWT (RFC 9901): signed claims of which the holder shows only some, and SD-JWT VC on top of it.

issued = issue_sd_jwt(claims, issuer, header=…, concealment=Concealment(paths=…), holder=key)
shown = bind(select(issued, [("given_name",)]), holder, audience=…, nonce=…, issued_at=now)
parse_sd_jwt(shown.text).sd_jwt.revealed().claims
"""

from skillpassport.vc.sdjwt.disclosures import HASHES, Disclosure
from skillpassport.vc.sdjwt.issuing import Concealment, issue_sd_jwt
from skillpassport.vc.sdjwt.key_binding import BindingTerms, bind, check_binding_jwt, holder_key
from skillpassport.vc.sdjwt.presenting import disclosable_paths, select
from skillpassport.vc.sdjwt.refusals import (
    DisclosureRefused,
    KeyBindingMissing,
    KeyBindingRefused,
    SdHashRefused,
    SdJwtError,
    SdJwtMalformed,
    SdJwtVcMalformed,
)
from skillpassport.vc.sdjwt.revealing import Path, Revealed, reveal
from skillpassport.vc.sdjwt.serialization import (
    SdJwt,
    SdJwtKb,
    parse_sd_jwt,
    parse_sd_jwt_json,
)

__all__ = [
    "HASHES",
    "BindingTerms",
    "Concealment",
    "Disclosure",
    "DisclosureRefused",
    "KeyBindingMissing",
    "KeyBindingRefused",
    "Path",
    "Revealed",
    "SdHashRefused",
    "SdJwt",
    "SdJwtError",
    "SdJwtKb",
    "SdJwtMalformed",
    "SdJwtVcMalformed",
    "bind",
    "check_binding_jwt",
    "disclosable_paths",
    "holder_key",
    "issue_sd_jwt",
    "parse_sd_jwt",
    "parse_sd_jwt_json",
    "reveal",
    "select",
]
