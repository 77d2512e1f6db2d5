"""Why an SD-JWT does not hold; one class per cause."""

from skillpassport.errors import SkillPassportError


class SdJwtError(SkillPassportError):
    """An SD-JWT cannot be made or does not hold."""


class SdJwtMalformed(SdJwtError):
    """The text or object is not one SD-JWT in one of its serialisations."""

    code = "sd-jwt-malformed"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(f"Expected {expected}; found {found}. Copy the whole credential again.")


class DisclosureRefused(SdJwtError):
    """The parts that are shown are not exactly parts that the issuer signed."""

    code = "disclosure-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected {expected}; found {found}. Do not rely on the credential; ask the holder to "
            "present it again."
        )


class SdHashRefused(SdJwtError):
    """The hash of the disclosures is unknown or too weak."""

    code = "sd-jwt-hash-refused"
    public = ("allowed",)

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed
        super().__init__(
            f"Expected '_sd_alg' to be one of {', '.join(allowed)}; found another value. "
            "Ask the issuer for a credential under one of those."
        )


class KeyBindingRefused(SdJwtError):
    """The holder did not sign exactly this presentation, for this verifier, at this time."""

    code = "key-binding-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected {expected} in the key binding; found {found}. "
            "Ask the holder to present the credential again."
        )


class KeyBindingMissing(SdJwtError):
    """A proof of the holder was asked for and is not there."""

    code = "key-binding-missing"

    def __init__(self) -> None:
        super().__init__(
            "Expected the holder's signature over the presentation; found none, so anyone with a copy "
            "may have presented it. Ask the holder to present the credential with key binding."
        )


class SdJwtVcMalformed(SdJwtError):
    """The claims or the header depart from SD-JWT VC."""

    code = "sd-jwt-vc-malformed"
    public = ("claim",)

    def __init__(self, claim: str, expected: str) -> None:
        self.claim = claim
        super().__init__(
            f"Expected {expected} in '{claim}'; found another value or none. "
            "Ask the issuer to sign again with software that follows SD-JWT VC."
        )
