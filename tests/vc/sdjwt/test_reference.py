"""RFC 9901's published cases, issued here and by the reference library, verified here and there.

The published reference library knows an earlier JSON serialisation; there ours is read back alone.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path as FilePath
from typing import Any

import pytest
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.utils.yaml_specification import load_yaml_specification, remove_sdobj_wrappers
from sd_jwt.verifier import SDJWTVerifier

from skillpassport.vc.jose import OWN_ALGORITHMS, verify_jws
from skillpassport.vc.keys import EcdsaSigner, PublicKey
from skillpassport.vc.multibase import decode_base64url
from skillpassport.vc.sdjwt import (
    BindingTerms,
    Concealment,
    Path,
    SdJwt,
    SdJwtKb,
    bind,
    check_binding_jwt,
    disclosable_paths,
    holder_key,
    issue_sd_jwt,
    parse_sd_jwt,
    parse_sd_jwt_json,
    select,
)
from skillpassport.vc.strict_json import JsonObject
from tests.support.shared_data import shared_data, shared_data_folder

CASES = sorted((shared_data_folder() / "vectors" / "sd-jwt").glob("*/specification.yml"))
by_case = pytest.mark.parametrize("file", CASES, ids=lambda file: file.parent.name)
pytestmark = pytest.mark.data

ISSUER_JWK = {
    "kty": "EC",
    "d": "Ur2bNKuBPOrAaxsRnbSH6hIhmNTxSGXshDSUD1a1y7g",
    "crv": "P-256",
    "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
    "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
}
HOLDER_JWK = {
    "kty": "EC",
    "d": "5K5SCos8zf9zRemGGUl6yfok-_NiiryNZsvANWMhF-I",
    "crv": "P-256",
    "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc",
    "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ",
}
"""Test keys of the published cases (`settings.yml`)."""

ISSUER = EcdsaSigner.from_private_bytes(decode_base64url(ISSUER_JWK["d"]))
HOLDER = EcdsaSigner.from_private_bytes(decode_base64url(HOLDER_JWK["d"]))
AUDIENCE, NONCE = "https://example.com/verifier", "1234567890"


@pytest.fixture(autouse=True)
def _data() -> None:
    shared_data()


def test_the_keys_and_parties_are_those_of_the_published_settings() -> None:
    text = (shared_data() / "vectors" / "sd-jwt" / "settings.yml").read_text()
    said = [
        value.strip(' "') for _, _, value in (line.partition(": ") for line in text.splitlines())
    ]
    for jwk in (ISSUER_JWK, HOLDER_JWK):
        at = said.index(jwk["d"])
        assert said[at - 1 : at + 4] == [jwk[name] for name in ("kty", "d", "crv", "x", "y")]
    assert {AUDIENCE, NONCE, "https://example.com/issuer"} <= set(said)


def concealed_paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the paths that a published case marks with `!sd`."""
    if isinstance(value, dict):
        for key, member in value.items():
            place = (*path, key.value if isinstance(key, SDObj) else key)
            if isinstance(key, SDObj):
                yield place
            yield from concealed_paths(member, place)
    if isinstance(value, list):
        for position, element in enumerate(value):
            if isinstance(element, SDObj):
                yield (*path, position)
            inner = element.value if isinstance(element, SDObj) else element
            yield from concealed_paths(inner, (*path, position))


def chosen_paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the paths that a published case lets the holder disclose."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from chosen_paths(member, (*path, key))
    elif isinstance(value, list):
        for position, element in enumerate(value):
            yield from chosen_paths(element, (*path, position))
    elif value:
        yield path


@cache
def load(file: FilePath) -> tuple[dict[str, Any], JsonObject, JsonObject]:
    """Return a case, its plain claims and the claims that its verifier expects."""
    case = load_yaml_specification(str(file))
    claims: JsonObject = {
        "iss": "https://example.com/issuer",
        "iat": 1683000000,
        "exp": 1883000000,
        **remove_sdobj_wrappers(case["user_claims"]),
    }
    return case, claims, case["expect_verified_user_claims"]


def issued(file: FilePath, *, decoys: int = 0, hash_name: str = "sha-256") -> SdJwt:
    case, claims, _ = load(file)
    concealment = Concealment(
        paths=tuple(concealed_paths(case["user_claims"])), decoys=decoys, hash_name=hash_name
    )
    return issue_sd_jwt(
        claims,
        ISSUER,
        header={"typ": "example+sd-jwt"},
        concealment=concealment,
        holder=HOLDER.public_key,
    )


def shown(file: FilePath, sd_jwt: SdJwt) -> SdJwtKb:
    chosen = set(chosen_paths(load(file)[0]["holder_disclosed_claims"]))
    selected = select(sd_jwt, chosen & set(disclosable_paths(sd_jwt)))
    now = datetime.now(UTC)
    return bind(selected, HOLDER, audience=AUDIENCE, nonce=NONCE, issued_at=now)


def claims_of(presentation: SdJwt | SdJwtKb) -> JsonObject:
    """Verify a presentation and return its claims, as a verifier does."""
    assert isinstance(presentation, SdJwtKb)
    assert verify_jws(presentation.sd_jwt.jws, ISSUER.public_key)
    key = holder_key(presentation.sd_jwt.jws.payload)
    assert key == PublicKey.from_jwk({k: v for k, v in HOLDER_JWK.items() if k != "d"})
    terms = BindingTerms(
        audience=AUDIENCE,
        nonce=NONCE,
        now=datetime.now(UTC),
        window=timedelta(minutes=5),
        algorithms=OWN_ALGORITHMS,
    )
    check_binding_jwt(presentation, key, terms)
    claims = presentation.sd_jwt.revealed().claims
    return {k: v for k, v in claims.items() if k not in {"iss", "iat", "exp", "cnf"}}


@by_case
@pytest.mark.parametrize(("decoys", "hash_name"), [(0, "sha-256"), (3, "sha-384"), (1, "sha-512")])
def test_ours_verify_here(file: FilePath, decoys: int, hash_name: str) -> None:
    presentation = shown(file, issued(file, decoys=decoys, hash_name=hash_name))
    assert claims_of(parse_sd_jwt(presentation.text)) == load(file)[2]
    assert claims_of(parse_sd_jwt_json(presentation.as_json())) == load(file)[2]


@by_case
def test_whatever_is_issued_is_revealed_in_full(file: FilePath) -> None:
    sd_jwt = parse_sd_jwt(issued(file).text)
    assert isinstance(sd_jwt, SdJwt)
    claims = {**load(file)[1], "cnf": {"jwk": HOLDER.public_key.jwk}}
    assert sd_jwt.revealed().claims == claims
    concealed = set(concealed_paths(load(file)[0]["user_claims"]))
    assert set(disclosable_paths(sd_jwt)) == concealed
    nothing = select(sd_jwt, ())
    assert nothing.disclosures == ()
    for path in concealed:
        assert path in select(sd_jwt, [path]).revealed().places


def issuer_key(_issuer: str, _header: dict[str, Any]) -> JWK:
    return JWK.from_json(json.dumps(ISSUER_JWK))


@by_case
def test_ours_verify_in_the_reference_library(file: FilePath) -> None:
    presentation = shown(file, issued(file, decoys=2))
    verifier = SDJWTVerifier(presentation.text, issuer_key, AUDIENCE, NONCE)
    claims = verifier.get_verified_payload()
    kept = {k: v for k, v in claims.items() if k not in {"iss", "iat", "exp", "cnf"}}
    assert kept == load(file)[2]


@by_case
@pytest.mark.parametrize("has_decoys", [False, True])
def test_the_reference_librarys_verify_here(file: FilePath, has_decoys: bool) -> None:
    case, _, expected = load(file)
    claims = {"iss": "https://example.com/issuer", "exp": 1883000000, **case["user_claims"]}
    issuer = SDJWTIssuer(
        claims,
        JWK.from_json(json.dumps(ISSUER_JWK)),
        holder_key=JWK.from_json(json.dumps(HOLDER_JWK)),
        add_decoy_claims=has_decoys,
        extra_header_parameters=case.get("extra_header_parameters", {}),
    )
    holder = SDJWTHolder(issuer.sd_jwt_issuance)
    holder.create_presentation(
        case["holder_disclosed_claims"], NONCE, AUDIENCE, JWK.from_json(json.dumps(HOLDER_JWK))
    )
    assert claims_of(parse_sd_jwt(holder.sd_jwt_presentation)) == expected
