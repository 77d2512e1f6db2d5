"""Sign a credential as its profile says, and verify the result before anything leaves.

What is verified is the signature over what was composed, by the code that verifiers run. Form and
data model were judged before (`composing`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.profiles.model import Securing
from skillpassport.vc.data_integrity import ProofOptions, add_proof, split_proofs, verify_proof
from skillpassport.vc.envelope import envelope
from skillpassport.vc.jose import VC_JWT, check_vc_jwt, parse_jws, sign_vc_jwt, verify_jws
from skillpassport.vc.keys import PublicKey
from skillpassport.vc.sdjwt.credential import NEVER_DISCLOSED, issue_sd_jwt_vc
from skillpassport.vc.sdjwt.issuing import Concealment
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import ProofError, ProofSuite, suites_over
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023
from skillpassport.vc.suites.rdfc_suite import RdfcSuite

MANDATORY: Final = ("/issuer",)
"""What every holder of a selectively disclosable credential must disclose, unless asked otherwise."""

_OF_LETTERS: Final = {Securing.VC_JWT, Securing.EDDSA_JCS_2022, Securing.ECDSA_JCS_2019}
_OF_STATEMENTS: Final = {Securing.EDDSA_RDFC_2022, Securing.ECDSA_RDFC_2019}

_ALWAYS_SHOWN: Final = NEVER_DISCLOSED | {"iat", "sub", "_sd_alg"}


@dataclass(frozen=True, slots=True)
class Secure:
    """Signs credentials; what suites remember of shapes is shared.

    contexts_folder: see `contexts.load_context`
    """

    contexts_folder: Path | None = None

    def __call__(
        self,
        document: JsonObject,
        securing: Securing,
        active: ActiveSigner,
        now: datetime,
        *,
        mandatory: Sequence[str] = MANDATORY,
    ) -> JsonObject | str:
        """Return the credential as it leaves: with one proof, in an envelope, or as an SD-JWT.

        mandatory: JSON pointers, for selective disclosure alone
        Raises: ProofError, JoseError, SdJwtError, NotCanonicalizable, ContextError, SignedUnsoundly
        """
        if securing is Securing.VC_JWT:
            return _sign_token(document, active)
        if securing is Securing.SD_JWT_VC:
            return _sign_sd_jwt(document, active)
        suite = self._suite(securing, mandatory)
        options = ProofOptions(
            verification_method=active.verification_method, created=now.replace(microsecond=0)
        )
        signed = add_proof(document, suite=suite, signer=active.signer, options=options)
        _verify(signed, suite, active.signer.public_key)
        return signed

    def may_be_quick(self, securing: Securing) -> bool:
        """Return whether signing may take no more than digests and a few signatures."""
        return securing in _OF_LETTERS or securing in _OF_STATEMENTS

    def quick_test(
        self, securing: Securing, key_algorithm: str
    ) -> Callable[[JsonObject], bool] | None:
        """Return what tells whether signing a document is as quick as that; None where it always is."""
        suite = suites_over(self.contexts_folder).get(securing)
        if securing not in _OF_STATEMENTS or not isinstance(suite, RdfcSuite):
            return None
        return partial(suite.is_quick_with, key_algorithm=key_algorithm)

    def _suite(self, securing: Securing, mandatory: Sequence[str]) -> ProofSuite:
        suites: Mapping[str, ProofSuite] = suites_over(self.contexts_folder)
        if securing is Securing.ECDSA_SD_2023 and tuple(mandatory) != MANDATORY:
            return EcdsaSd2023(self.contexts_folder, mandatory_pointers=mandatory)
        return suites[securing]


def _verify(signed: JsonObject, suite: ProofSuite, key: PublicKey) -> None:
    unsecured, (proof,) = split_proofs(signed)
    try:
        if isinstance(suite, EcdsaSd2023):
            suite.verify_base(unsecured, proof, key)
        elif verify_proof(signed, proof, suite=suite, key=key) != unsecured:
            raise SignedUnsoundly
    except ProofError as error:
        raise SignedUnsoundly from error


def _sign_token(document: JsonObject, active: ActiveSigner) -> JsonObject:
    token = sign_vc_jwt(document, active.signer, kid=active.verification_method)
    jws = parse_jws(token)
    check_vc_jwt(jws)
    if not verify_jws(jws, active.signer.public_key):
        raise SignedUnsoundly
    return envelope(token, VC_JWT)


def _sign_sd_jwt(claims: JsonObject, active: ActiveSigner) -> str:
    """Return an SD-JWT VC in which the holder discloses each claim about the subject by itself."""
    paths = [(name,) for name in claims if name not in _ALWAYS_SHOWN]
    issued = issue_sd_jwt_vc(
        claims,
        active.signer,
        concealment=Concealment(paths=paths),
        kid=active.verification_method,
    )
    if not verify_jws(issued.jws, active.signer.public_key):
        raise SignedUnsoundly
    return issued.text


class SignedUnsoundly(SkillPassportError):
    """What was signed under a profile does not verify, so it is not handed out."""

    code = "signed-unsoundly"

    def __init__(self) -> None:
        super().__init__(
            "Expected the signed credential to verify, found that it does not; nothing was "
            "issued. Report this as a fault of the program."
        )
