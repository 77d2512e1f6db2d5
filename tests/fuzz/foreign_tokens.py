"""Fuzz target: tokens and documents of earlier standards, as recognised and verified.

`make fuzz` runs it. What breaks `check` is kept in the corpus, which `test_corpora` replays.
"""

from contextlib import suppress
from datetime import UTC, datetime
from time import process_time

from skillpassport.errors import SkillPassportError
from skillpassport.vc.foreign import ALL_FOREIGN
from skillpassport.vc.jose import credential_of
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import parse_object
from skillpassport.vc.verify import Offline, Policy, verify

LONGEST = 5.0
NOW = datetime(2026, 11, 22, tzinfo=UTC)

_POLICY = Policy(foreign=ALL_FOREIGN)


def check(data: bytes) -> None:
    """Fail for an exception that is not ours, for a verdict without a proof, and for long work."""
    start = process_time()
    report = verify(data, resolvers=Offline(), now=NOW, policy=_POLICY).report
    if report.verdict is Verdict.VALID:
        assert any(check.code == "proof-valid" for check in report.checks)
    with suppress(SkillPassportError):
        credential_of(parse_object(data))
    assert process_time() - start < LONGEST
