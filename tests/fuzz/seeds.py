"""Writes what fuzzing starts from: sound inputs of every kind, into the corpora.

    python -m tests.fuzz.seeds

Keys and salts are new each time, so only what is missing is written.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import segno
from PIL import Image

from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import did_jwk, resolve_did
from skillpassport.vc.envelope import ENVELOPED_CREDENTIAL, ENVELOPED_PRESENTATION, envelope
from skillpassport.vc.jose import VC_JWT, VP_JWT, sign_vp_jwt
from skillpassport.vc.keys import Signer
from skillpassport.vc.multibase import decode_multibase64url
from skillpassport.vc.presentations import build_presentation, sign_presentation
from skillpassport.vc.sdjwt import Concealment, bind
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import BUILT_IN_SUITES
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023
from skillpassport.vc.verify import Offline
from tests.fuzz.seeds_of_files import of_registry_files
from tests.fuzz.targets import CORPUS
from tests.support.certificates import a_certified_signer, an_authority
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    P256_ISSUER,
    P384_ISSUER,
    a_credential,
    a_token,
    did_of,
    method_of,
    signed,
)
from tests.support.foreign import a_jwt_vc, an_old_badge, signed_as_2020
from tests.support.seals import a_diploma, a_seal

Seeds = Iterator[tuple[str, str, bytes]]
"""Target, name, input."""

VCT = "https://types.example/welder"
CHALLENGE, DOMAIN = "f7b7e1b0-4b1c-4f7e", "verifier.example"


def seeds() -> Seeds:
    """Yield every seed."""
    yield from _of_texts()
    yield from _of_keys()
    yield from _of_proofs()
    yield from _of_tokens()
    yield from _of_presentations()
    yield from _of_hosts()
    yield from _of_pictures()
    yield from _of_requests()
    yield from of_registry_files()


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _of_texts() -> Seeds:
    values: dict[str, Any] = {
        "credential": a_credential(),
        "numbers": [0, -0.0, 1.0, 1e21, 1e-7, 2**53 - 1, 5e-324, 333333333.33333329],
        "texts": ['\u20ac$\u000f\nA\'B"\\\\"/', "\ufb33", "\U0001f600", "\u0000"],
        "nested": [[[{"a": {"b": [None, True]}}]]],
    }
    for name, value in values.items():
        yield "strict_json", name, _json(value)
    yield "strict_json", "repeated", b'{"a":1,"a":2}'
    yield "strict_json", "surrogate", b'"\\ud800"'
    facts = {"award_date": "2019-06-30", "duration_years": 3.5, "subjects_passed": {"C6": 5}}
    yield "questions", "facts", _json(facts)
    for name, text in (
        ("level", "PQF level 5"), ("id", "NO:NKR level 4.2"), ("day", "2026-11-22"),
        ("languages", "fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5"), ("roman", "Entry 3 of RQF"),
    ):  # fmt: skip
        yield "questions", name, text.encode()
    for name, text in (
        ("code", "0123-4567-89ab-cdef-ghjk-mnpq-rs"),
        ("link", "https://passport.example/v/0123456789ABCDEFGHJKMNPQRS"),
        ("under", "HTTPS://other.example:443/under/../under/V/x"),
        ("port", "https://passport.example:8443/v/x"),
    ):
        yield "brought", name, text.encode()
    part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    yield (
        "brought",
        "form",
        part % (b"text", b"", b"{}")
        + part
        % (
            b"file",
            b'; filename="a.png"\r\nContent-Type: image/png',
            b"\x89PNG",
        )
        + b"--x--\r\n",
    )


def _of_keys() -> Seeds:
    for signer in (ISSUER, P256_ISSUER, P384_ISSUER):
        name, key = signer.algorithm, signer.public_key
        yield "public_keys", f"multikey-{name}", key.multikey.encode()
        yield "public_keys", f"jwk-{name}", _json(key.jwk)
        for kind, did in (("key", did_of(signer)), ("jwk", did_jwk(key))):
            yield "dids", f"{kind}-{name}", did.encode()
            wanted = {"wanted": f"{did}#0" if kind == "jwk" else method_of(signer)}
            yield (
                "dids",
                f"document-{kind}-{name}",
                _json({**resolve_did(did, Offline()), **wanted}),
            )
    rsa = {"kty": "RSA", "e": "AQAB", "n": base64.urlsafe_b64encode(b"\xc5" * 256).decode()[:-2]}
    yield "public_keys", "jwk-rsa", _json(rsa)
    for name, text in (
        ("web", "did:web:issuer.example"),
        ("web-path", "did:web:localhost%3A8000:orgs:college"),
        ("url", "did:web:issuer.example/path?query=1#key-1"),
    ):
        yield "dids", name, text.encode()
    certified = a_certified_signer(an_authority(), organisation="VATGH-1")
    der = base64.b64decode(certified.chain[0])
    yield "certificates", "der", der
    yield "certificates", "x5c", _json(certified.chain)
    lines = base64.encodebytes(der).decode()
    pem = f"-----BEGIN CERTIFICATE-----\n{lines}-----END CERTIFICATE-----\n"
    yield "certificates", "pem", pem.encode()


def _of_proofs() -> Seeds:
    document = a_credential()
    for suite in BUILT_IN_SUITES.values():
        signers: tuple[Signer, ...] = (ISSUER, P256_ISSUER, P384_ISSUER)
        for signer in signers:
            if signer.algorithm not in suite.key_algorithms:
                continue
            options = ProofOptions(
                verification_method=method_of(signer), created=ISSUED, id="urn:a:1"
            )
            credential = {**document, "issuer": did_of(signer)}
            proven = add_proof(credential, suite=suite, signer=signer, options=options)
            name = f"{suite.cryptosuite}-{signer.algorithm}"
            if suite.cryptosuite != "ecdsa-sd-2023":
                yield "data_integrity", name, _json(proven)
                continue
            yield from _of_selective(proven)
    first = signed(document)
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED, id="urn:a:1")
    suite = BUILT_IN_SUITES["eddsa-jcs-2022"]
    chain = add_proof(document, suite=suite, signer=ISSUER, options=options)
    after = ProofOptions(
        verification_method=method_of(ISSUER), created=ISSUED, previous_proof=("urn:a:1",)
    )
    yield (
        "data_integrity",
        "chain",
        _json(add_proof(chain, suite=suite, signer=ISSUER, options=after)),
    )
    yield (
        "data_integrity",
        "set",
        _json(add_proof(first, suite=suite, signer=ISSUER, options=options)),
    )


def _of_selective(base: JsonObject) -> Seeds:
    pointers = ["/credentialSubject/id", "/name"]
    proof = base["proof"]
    assert isinstance(proof, dict)
    unsecured = {name: value for name, value in base.items() if name != "proof"}
    derived = EcdsaSd2023().derive(unsecured, proof, pointers)
    for name, document in (("base", base), ("derived", derived)):
        yield "ecdsa_sd", f"{name}.json", _json({**document, "pointers": pointers})
        values: Any = document["proof"]
        yield "ecdsa_sd", f"{name}.cbor", decode_multibase64url(values["proofValue"])[3:]


def _of_tokens() -> Seeds:
    for signer in (ISSUER, P256_ISSUER, P384_ISSUER):
        name = signer.algorithm
        yield "jose", f"vc-{name}", a_token(a_credential(issuer=did_of(signer)), signer).encode()
    yield "jose", "jwt-vc", a_jwt_vc().encode()
    yield "jose", "header", b'{"alg":"ES256","typ":"vc+jwt","kid":"did:key:z#z","crit":["b64"]}'
    yield "jose", "none", b'{"alg":"none"}'
    claims: JsonObject = {
        "vct": VCT, "iss": did_of(P256_ISSUER), "iat": 1793000000, "given_name": "Ama",
        "address": {"street": "1", "town": "Accra"}, "skills": ["MIG", "TIG"],
    }  # fmt: skip
    paths = (("given_name",), ("address",), ("address", "town"), ("skills", 1))
    sd_jwt = issue_sd_jwt_vc(
        claims,
        P256_ISSUER,
        concealment=Concealment(paths=paths, decoys=1),
        holder=P256_ISSUER.public_key,
        kid=method_of(P256_ISSUER),
    )
    bound = bind(sd_jwt, P256_ISSUER, audience="https://verifier.example", nonce="n", issued_at=NOW)
    for name, presented in (("plain", sd_jwt), ("bound", bound)):
        yield "sd_jwt", name, presented.text.encode()
        yield "sd_jwt", f"{name}.json", _json(presented.as_json())
    yield "foreign_tokens", "2020-proof", signed_as_2020(an_old_badge()).encode()
    certified = a_certified_signer(an_authority(), organisation="VATGH-0000001")
    yield "jades", "sealed", _json(a_seal(a_diploma(), certified))
    yield "jades", "encoded", _json(a_seal(a_diploma(), certified, is_encoded=True))


def _of_presentations() -> Seeds:
    credential = signed(a_credential())
    token = a_token(a_credential())
    holder = did_of(P256_ISSUER)
    for name, entry in (("object", credential), ("token", envelope(token, VC_JWT))):
        unsigned = build_presentation([entry], holder=holder)
        options = ProofOptions(
            verification_method=method_of(P256_ISSUER),
            created=ISSUED,
            challenge=CHALLENGE,
            domain=DOMAIN,
        )
        suite = BUILT_IN_SUITES["ecdsa-jcs-2019"]
        shown = sign_presentation(unsigned, P256_ISSUER, suite=suite, options=options)
        vp_token = sign_vp_jwt(
            unsigned,
            P256_ISSUER,
            kid=method_of(P256_ISSUER),
            audience=DOMAIN,
            nonce=CHALLENGE,
            issued_at=NOW,
        )
        yield "presentations", f"{name}-unsigned", _json(unsigned)
        yield "presentations", f"{name}-signed", _json(shown)
        yield "presentations", f"{name}-jwt", vp_token.encode()
        yield (
            "presentations",
            f"{name}-enveloped",
            _json(envelope(vp_token, VP_JWT, ENVELOPED_PRESENTATION)),
        )
    yield "presentations", "envelope", _json(envelope(token, VC_JWT, ENVELOPED_CREDENTIAL))


def _of_hosts() -> Seeds:
    base = "https://types.example/base"
    claim = {"path": ["address", "town"], "mandatory": True, "sd": "always"}
    listed = {"path": ["skills", None], "sd": "allowed"}
    key = {**P256_ISSUER.public_key.jwk, "kid": "1"}
    issuer = "https://issuer.example"
    yield "published", "types", _json({
        "claims": {"vct": VCT, "address": {"town": "Accra"}, "skills": ["MIG"]},
        "web": {
            VCT: {"vct": VCT, "extends": base, "claims": [claim]},
            base: {"vct": base, "claims": [listed]},
        },
    })  # fmt: skip
    yield "published", "issuer", _json({
        "claims": {"iss": issuer, "kid": "1"},
        "web": {
            f"{issuer}/.well-known/jwt-vc-issuer": {"issuer": issuer, "jwks": {"keys": [key]}}
        },
    })  # fmt: skip
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"name": {"type": "string", "pattern": "^W"}, "id": {"$ref": "#/$defs/u"}},
        "patternProperties": {"^cred": {"anyOf": [{"minProperties": 1}, False]}},
        "required": ["name"],
        "unevaluatedProperties": {"uniqueItems": True, "multipleOf": 0.5},
        "$defs": {"u": {"format": "uri", "maxLength": 90}},
    }
    yield "json_schemas", "described", _json({"schema": schema, "document": a_credential()})
    entry = StatusEntry(purpose="revocation", list_url="https://issuer.example/l", index=1)
    yield (
        "answers_of_hosts",
        "entry",
        _json({"credentialSubject": {"ttl": 300000, **entry.as_json()}}),
    )
    yield "answers_of_hosts", "token", a_token(a_credential()).encode()
    yield "answers_of_hosts", "header", b'public, max-age="60", must-revalidate'
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield "answers_of_hosts", "gzip", packer.compress(bytes(100_000)) + packer.flush()
    yield "checkpoints", "head", _head().encode()


def _head() -> str:
    from skillpassport.transparency.checkpoint import Checkpoint, sign_checkpoint

    head = Checkpoint(origin="passport.example/log", size=7, root=bytes(32), time=ISSUED)
    return sign_checkpoint(head, ISSUER)


def _masked(found: re.Match[bytes]) -> bytes:
    return b"x" * len(found[0])


def _of_pictures() -> Seeds:
    code = segno.make_qr("HTTPS://PASSPORT.EXAMPLE/V/0123456789ABCDEFGHJKMNPQRS")
    for kind in ("png", "pdf"):
        drawn = BytesIO()
        code.save(drawn, kind=kind, scale=2)
        # A PDF names its maker's page, on a host that has no place in the repository.
        yield "pictures", kind, re.sub(rb"https://[^>]*", _masked, drawn.getvalue())
    drawn = BytesIO()
    code.save(drawn, kind="png", scale=2)
    picture = Image.open(drawn).convert("RGB").resize((80, 80))
    for kind in ("JPEG", "WEBP", "GIF"):
        saved = BytesIO()
        picture.save(saved, kind)
        yield "pictures", kind.lower(), saved.getvalue()


def _of_requests() -> Seeds:
    head = b"POST /api/v1/verifications?x=%20 HTTP/1.1\r\nHost: localhost\r\n"
    yield "http_requests", "length", head + b"Content-Length: 2\r\n\r\n{}"
    yield (
        "http_requests",
        "chunked",
        (
            head
            + b"Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        ),
    )
    yield (
        "http_requests",
        "two",
        b"GET / HTTP/1.1\r\nHost: a\r\nAccept-Language: fr;q=0.3\r\n\r\n" * 2,
    )
    yield "http_requests", "expects", head + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\n1"
    yield "http_requests", "old", b"GET / HTTP/1.0\r\n\r\n"
    yield "http_requests", "upgrade", b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n"


def main() -> None:
    """Write the seeds that are not there yet."""
    for target, name, content in seeds():
        file = CORPUS / target / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


if __name__ == "__main__":
    main()
