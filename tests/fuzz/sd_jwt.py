"""Fuzz target: SD-JWT in both serialisations, with key binding, as either kind of credential."""

from contextlib import suppress
from datetime import timedelta
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.jose import OWN_ALGORITHMS
from skillpassport.vc.report import Verdict
from skillpassport.vc.sdjwt import (
    BindingTerms,
    SdJwt,
    SdJwtKb,
    check_binding_jwt,
    disclosable_paths,
    holder_key,
    parse_sd_jwt,
    parse_sd_jwt_json,
    select,
)
from skillpassport.vc.sdjwt.credential import check_sd_jwt_vc, check_w3c_sd_jwt
from skillpassport.vc.strict_json import parse_object
from skillpassport.vc.verify import Offline, Policy, verify
from tests.support.credentials import NOW

TERMS: Final = BindingTerms(
    audience="https://verifier.example",
    nonce="n",
    now=NOW,
    window=timedelta(minutes=5),
    algorithms=OWN_ALGORITHMS,
)
_POLICY = Policy(challenge="n", domain="https://verifier.example")


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a verdict without a proof; data: a text, or its JSON."""
    for policy in (Policy(), _POLICY):
        report = verify(data, resolvers=Offline(), now=NOW, policy=policy).report
        if report.verdict is Verdict.VALID:
            assert any(check.code == "proof-valid" for check in report.checks)
    with suppress(SkillPassportError, UnicodeDecodeError):
        if data.startswith(b"{"):
            _use(parse_sd_jwt_json(parse_object(data)))
        else:
            _use(parse_sd_jwt(data.decode()))


def _use(presented: SdJwt | SdJwtKb) -> None:
    assert parse_sd_jwt(presented.text) == presented
    with suppress(SkillPassportError):
        assert parse_sd_jwt_json(presented.as_json()) == presented
    sd_jwt = presented.sd_jwt if isinstance(presented, SdJwtKb) else presented
    with suppress(SkillPassportError):
        key = holder_key(sd_jwt.jws.payload)
        if isinstance(presented, SdJwtKb) and key is not None:
            check_binding_jwt(presented, key, TERMS)
    revealed = sd_jwt.revealed()
    for rules in (check_sd_jwt_vc, check_w3c_sd_jwt):
        with suppress(SkillPassportError):
            rules(sd_jwt.jws, revealed.claims, revealed.places)
    paths = disclosable_paths(sd_jwt)
    assert select(sd_jwt, paths).revealed().claims == revealed.claims
