"""Fuzz target: sealed documents (JAdES), and JWS in JSON form in general."""

from contextlib import suppress

from skillpassport.errors import SkillPassportError
from skillpassport.vc.foreign import ALL_FOREIGN
from skillpassport.vc.jose import FOREIGN_ALGORITHMS, OWN_ALGORITHMS, parse_jws
from skillpassport.vc.jose.jades import parse_jades
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import StrictJsonError, parse_object
from skillpassport.vc.verify import Offline, Policy, verify
from tests.support.credentials import NOW

_POLICY = Policy(foreign=ALL_FOREIGN, jws_algorithms=OWN_ALGORITHMS | FOREIGN_ALGORITHMS)


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a seal that is trusted although nobody is."""
    report = verify(data, resolvers=Offline(), now=NOW, policy=_POLICY).report
    with suppress(StrictJsonError, SkillPassportError):
        jws = parse_jades(parse_object(data))
        assert isinstance(jws.payload, dict)
        assert report.verdict is not Verdict.VALID
        parse_jws(jws.signing_input.decode() + ".")
