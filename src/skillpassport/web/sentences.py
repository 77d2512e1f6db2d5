"""What each answer of a verification is called to people: one sentence, and what to do about it.

Reports carry codes; a code's sentence stands here once, in English, and in other languages in the
catalogues. A sentence names a fact only where the report carries it as data (`FACTS`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


def N_(message: str) -> str:  # noqa: N802 - the name by which catalogues are extracted
    """Return a text that is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a code says; `%(name)s` stands for one of `FACTS`.

    dated: the same where the report says since when and why
    """

    text: str
    remedy: str = ""
    dated: str = ""


FACTS: Final = ("awarded_on", "recorded_on", "valid_until")
"""Days that a report carries about an award: all that a sentence may name."""

FACTS_OF_STATE: Final = ("state_since", "reason")
"""Day and reason, where the award's state was changed: what a dated sentence may name besides."""

_ASK_FOR_ANOTHER: Final = N_("Ask the holder for the document again, or ask the issuer.")
_ASK_ISSUER_TO_SIGN: Final = N_("Ask the issuer for a newly signed document.")
_ASK_ISSUER_STATUS: Final = N_("Ask the issuer whether the credential is in force.")
_DO_NOT_RELY: Final = N_("Do not rely on it; ask the named issuer whether it is theirs.")
_ASK_AUTHORITY: Final = N_("Ask the accrediting authority about this award.")
_TRY_LATER: Final = N_("Try again later.")
_TYPE_AGAIN: Final = N_("Type the code as it is printed under the QR.")

_DAMAGED: Final = Sentence(
    N_("The document is damaged, or could be read in two ways."), _ASK_FOR_ANOTHER
)
_UNUSABLE_STATUS: Final = Sentence(
    N_("What the issuer publishes about withdrawals cannot be used."), _ASK_ISSUER_STATUS
)
_UNUSABLE_KEY: Final = Sentence(N_("The key that signed cannot be used here."), _ASK_ISSUER_TO_SIGN)
_MALFORMED_PROOF: Final = Sentence(
    N_("The signature does not have the form that it should have."), _ASK_ISSUER_TO_SIGN
)
_UNSTATED: Final = Sentence(
    N_("A part of the document is written so that no signature could cover it."),
    _ASK_ISSUER_TO_SIGN,
)
_TOO_INTRICATE: Final = Sentence(
    N_("The document is too intricate to be checked."), _ASK_ISSUER_TO_SIGN
)
_FOREIGN_PROOF: Final = Sentence(
    N_("It is signed in a way that is not accepted here."), _ASK_ISSUER_TO_SIGN
)
_MISUSED_PROOF: Final = Sentence(N_("The signature was made for another use."), _ASK_ISSUER_TO_SIGN)
_NO_ANSWER: Final = Sentence(
    N_("The link leads to nothing that could be read."),
    N_("Ask the holder for the document itself, or try again later."),
)
_WRONG_CODE: Final = Sentence(N_("This is not a code that can have been printed."), _TYPE_AGAIN)

_ASK_TO_PRESENT_AGAIN: Final = N_("Ask the holder to present it again, for you and today.")
_COMPARE_BEARER: Final = N_("Compare the bearer with the document, for instance with a passport.")

_FORM: Mapping[str, Sentence] = {
    "form-recognised": Sentence(N_("The document is a credential.")),
    "form-unknown": Sentence(
        N_("This is not a credential that can be read here."),
        N_("Verify it with software that reads this form, or ask the issuer for another one."),
    ),
    "json-too-large": Sentence(N_("The document is too large."), _ASK_FOR_ANOTHER),
    "json-too-deep": _DAMAGED,
    "json-malformed": _DAMAGED,
    "json-not-utf8": _DAMAGED,
    "json-byte-order-mark": _DAMAGED,
    "json-duplicate-member": _DAMAGED,
    "json-number-out-of-range": _DAMAGED,
    "json-not-a-number": _DAMAGED,
    "json-lone-surrogate": _DAMAGED,
    "json-not-an-object": _DAMAGED,
    "jws-malformed": _DAMAGED,
    "badge-image-refused": Sentence(
        N_("The picture is damaged, or holds no badge that can be read."), _ASK_FOR_ANOTHER
    ),
    "envelope-malformed": _DAMAGED,
    "jades-malformed": _MALFORMED_PROOF,
    "cbor-refused": _DAMAGED,
    "sd-jwt-malformed": _DAMAGED,
    "sd-jwt-type-retired": Sentence(
        N_("It is written after an earlier draft of the standard, and can be read.")
    ),
    "sd-jwt-vc-malformed": Sentence(
        N_("The document departs from the standard."),
        N_("Ask the issuer for a document that follows the standard."),
    ),
    "token-well-formed": Sentence(N_("The document is well formed.")),
    "credential-well-formed": Sentence(N_("The document follows the standard.")),
    "credential-malformed": Sentence(
        N_("The document departs from the standard."),
        N_("Ask the issuer for a document that follows the standard."),
    ),
    "context-unknown": Sentence(
        N_("The document uses words that are not known here; what they mean was not checked.")
    ),
    "context-damaged": Sentence(
        N_("This service cannot read a part of the standard."), N_("Tell whoever runs it.")
    ),
    "not-canonicalizable": _DAMAGED,
    "code-unknown": Sentence(
        N_("Nothing was issued here with this code."),
        N_("Ask the holder for the document itself; a code that nobody issued proves nothing."),
    ),
    "code-malformed": _WRONG_CODE,
    "code-mistyped": Sentence(
        N_("One letter or digit of the code is wrong, or two are swapped."), _TYPE_AGAIN
    ),
    "fetch-error": _NO_ANSWER,
    "fetch-failed": _NO_ANSWER,
    "fetch-timed-out": _NO_ANSWER,
    "fetch-too-large": _NO_ANSWER,
    "certificates-unreadable": _NO_ANSWER,
    "fetch-forbidden": Sentence(
        N_("Links to this address are not followed."), N_("Ask the holder for the document itself.")
    ),
}

_PROOF: Mapping[str, Sentence] = {
    "cryptosuite-accepted": Sentence(N_("It is signed in a way that is accepted here.")),
    "algorithm-accepted": Sentence(N_("It is signed in a way that is accepted here.")),
    "cryptosuite-not-allowed": _FOREIGN_PROOF,
    "jws-algorithm-refused": _FOREIGN_PROOF,
    "jws-header-refused": _FOREIGN_PROOF,
    "jws-type-refused": _MISUSED_PROOF,
    "jwt-claim-refused": Sentence(
        N_("The document contradicts itself about issuer, person or dates."), _ASK_ISSUER_TO_SIGN
    ),
    "jws-key-unnamed": _MALFORMED_PROOF,
    "sd-jwt-hash-refused": _FOREIGN_PROOF,
    "selection-refused": _MALFORMED_PROOF,
    "issuer-key-published": Sentence(N_("The issuer publishes the key at its own address.")),
    "issuer-key-certified": Sentence(N_("An authority that is trusted here vouches for the key.")),
    "issuer-metadata-refused": _UNUSABLE_KEY,
    "web-document-unreachable": Sentence(
        N_("What the issuer publishes could not be had."), _TRY_LATER
    ),
    "certificate-refused": _UNUSABLE_KEY,
    "trust-anchor-unknown": Sentence(
        N_("Nobody here knows the authority that vouches for the key."),
        N_("Ask whoever runs this service whether the authority is to be trusted."),
    ),
    "multibase-invalid": _MALFORMED_PROOF,
    "previous-proof-missing": _MALFORMED_PROOF,
    "proof-malformed": _MALFORMED_PROOF,
    "proof-missing": Sentence(
        N_("The document carries no signature, so it proves nothing."),
        N_("Ask for the signed document."),
    ),
    "proof-valid": Sentence(N_("The signature holds: nothing was changed after signing.")),
    "proof-invalid": Sentence(
        N_("The signature does not fit: the document was changed, or somebody else signed it."),
        _DO_NOT_RELY,
    ),
    "proof-unchecked": Sentence(
        N_("The signature could not be checked, because its key could not be had."), _TRY_LATER
    ),
    "proof-expired": Sentence(N_("The signature has run out."), _ASK_ISSUER_TO_SIGN),
    "proof-purpose-mismatch": _MISUSED_PROOF,
    "proof-domain-mismatch": _MISUSED_PROOF,
    "proof-challenge-mismatch": _MISUSED_PROOF,
    "context-appended": Sentence(
        N_("The signature holds; what was added after signing is left out.")
    ),
    "context-not-vouched-for": Sentence(
        N_("The signature holds, but what some words mean is said in a part that is not signed."),
        _ASK_ISSUER_TO_SIGN,
    ),
    "dataset-too-complex": _TOO_INTRICATE,
    "json-ld-too-large": _TOO_INTRICATE,
    "json-ld-invalid": _UNSTATED,
    "json-ld-term-undefined": _UNSTATED,
    "json-ld-iri-invalid": _UNSTATED,
    "json-ld-blank-node-named": _UNSTATED,
    "json-ld-value-dropped": _UNSTATED,
    "json-ld-member-disguised": _UNSTATED,
    "no-disclosure": Sentence(N_("The whole document was shown, not parts of it.")),
    "verification-method-found": Sentence(N_("The key that signed is in force.")),
    "verification-method-not-found": Sentence(
        N_("The issuer does not publish the key that signed."), _DO_NOT_RELY
    ),
    "verification-method-not-authorised": Sentence(
        N_("The issuer does not use the key that signed for credentials."), _DO_NOT_RELY
    ),
    "verification-method-expired": Sentence(
        N_("The key that signed has run out."), _ASK_ISSUER_TO_SIGN
    ),
    "verification-method-revoked": Sentence(
        N_("The issuer has revoked the key that signed."), _ASK_ISSUER_TO_SIGN
    ),
    "key-refused": _UNUSABLE_KEY,
    "did-invalid": _UNUSABLE_KEY,
    "did-method-unknown": _UNUSABLE_KEY,
    "did-unreachable": Sentence(N_("The issuer's key could not be had just now."), _TRY_LATER),
    "issuer-key-matches": Sentence(N_("The issuer named in the document signed it.")),
    "issuer-key-elsewhere": Sentence(
        N_(
            "The issuer is named by a web address, where keys are not looked up here: whether they "
            "signed is not known."
        ),
        N_("Ask the named issuer whether it is theirs."),
    ),
    "seal-certificate-ended": Sentence(
        N_("The certificate of the seal has ended since, and when it was sealed is not proven."),
        N_("Ask the named issuer whether it is theirs."),
    ),
    "seal-owner-unknown": Sentence(
        N_("The seal holds, but whether it is the named issuer's is not stated in the document."),
        N_("Ask the named issuer whether it is theirs."),
    ),
    "issuer-key-mismatch": Sentence(
        N_("The document names one issuer, but somebody else signed it."), _DO_NOT_RELY
    ),
}

_IN_FORCE: Mapping[str, Sentence] = {
    "credential-in-force": Sentence(N_("The credential is within its dates.")),
    "credential-not-yet-valid": Sentence(
        N_("The credential is not valid yet."), N_("Verify it again from its first day on.")
    ),
    "credential-expired": Sentence(
        N_("The credential has expired."), N_("Ask the holder for a renewed credential.")
    ),
    "credential-revoked": Sentence(
        N_("The issuer has revoked the credential."),
        N_("Ask the holder or the issuer; a revoked credential does not come back."),
        N_("The issuer revoked the credential on %(state_since)s: %(reason)s."),
    ),
    "credential-suspended": Sentence(
        N_("The issuer has suspended the credential for now."),
        N_("Ask the issuer, and verify again later."),
        N_("The issuer suspended the credential for now on %(state_since)s: %(reason)s."),
    ),
    "credential-superseded": Sentence(
        N_("The issuer has replaced the credential by a corrected one."),
        N_("Verify the credential that replaced it."),
        N_("The issuer replaced the credential by a corrected one on %(state_since)s: %(reason)s."),
    ),
    "in-force": Sentence(N_("The issuer has not suspended, revoked or replaced it.")),
    "status-clear": Sentence(N_("The issuer's public list does not withdraw it.")),
    "status-skipped": Sentence(N_("Whether it was withdrawn was not asked.")),
    "no-status": Sentence(N_("The issuer publishes no list of withdrawals for it.")),
    "status-flagged": Sentence(
        N_("The issuer has put a note on the credential."), N_("Ask the issuer what it means.")
    ),
    "status-purpose-unknown": Sentence(
        N_("The issuer has marked the credential in a way that is not known here."),
        _ASK_ISSUER_STATUS,
    ),
    "status-type-unknown": _UNUSABLE_STATUS,
    "status-list-malformed": _UNUSABLE_STATUS,
    "status-list-too-short": _UNUSABLE_STATUS,
    "status-list-too-large": _UNUSABLE_STATUS,
    "status-list-mismatch": _UNUSABLE_STATUS,
    "status-list-unproven": _UNUSABLE_STATUS,
    "status-index-out-of-range": _UNUSABLE_STATUS,
    "status-entry-malformed": _UNUSABLE_STATUS,
    "status-stale": Sentence(
        N_("The issuer's list of withdrawals is out of date, so this could not be checked."),
        _ASK_ISSUER_STATUS,
    ),
    "status-unreachable": Sentence(
        N_("The issuer's list of withdrawals could not be reached, so this could not be checked."),
        N_("Try again later, or ask the issuer whether the credential is in force."),
    ),
    "no-schema": Sentence(N_("The issuer names no form to check it against.")),
    "schema-followed": Sentence(N_("The document has the form that its issuer describes.")),
    "schema-violated": Sentence(
        N_("The document departs from the form that its issuer describes."),
        N_("Ask the issuer for a document that follows the standard."),
    ),
    "schema-type-unknown": Sentence(
        N_("The form that its issuer describes cannot be read here."), _ASK_ISSUER_TO_SIGN
    ),
    "schema-unusable": Sentence(
        N_("The form that its issuer describes cannot be read here."), _ASK_ISSUER_TO_SIGN
    ),
    "refresh-not-asked": Sentence(
        N_("The issuer offers a newer version of it, which was not asked for."),
        N_("Ask the holder for the newest version."),
    ),
    "nested-credential-valid": Sentence(N_("A credential inside it holds by itself.")),
    "nested-credential-unproven": Sentence(
        N_("A credential inside it is not proven."),
        N_("Ask for that credential itself, and verify it."),
    ),
    "type-metadata-met": Sentence(N_("It has the form that its kind asks for.")),
    "type-metadata-refused": Sentence(
        N_("It departs from the form that its kind asks for."), _ASK_ISSUER_TO_SIGN
    ),
    "schema-unreachable": Sentence(
        N_("The form that its issuer describes could not be had just now."), _TRY_LATER
    ),
}

_TRUST: Mapping[str, Sentence] = {
    "issuer-unknown": Sentence(
        N_("No authority registered here vouches for the issuer."),
        N_("Ask the issuer which authority accredits it, and ask that authority to confirm it."),
    ),
    "issuer-name-resembles": Sentence(
        N_(
            "The issuer calls itself like an organisation that is registered here, but it is "
            "somebody else."
        ),
        N_("Do not go by the name; ask the registered organisation whether it is theirs."),
    ),
    "not-in-award-register": Sentence(
        N_("The issuer signed this, but never recorded it as awarded."),
        N_("Ask the issuer for the credential as it was awarded, or for its code."),
    ),
    "in-award-register": Sentence(N_("The issuer recorded this award on %(recorded_on)s.")),
    "accreditation-of-authority": Sentence(
        N_("It is an accreditation granted by an authority that is registered here.")
    ),
    "comparability-statement": Sentence(
        N_("It is a comparability statement of this registry: it compares and does not recognise.")
    ),
    "statement-replaced": Sentence(
        N_("The registry has come to answer differently and has replaced this statement."),
        N_("Read the statement that replaced it."),
    ),
    "issuer-is-authority": Sentence(
        N_("The issuer is an authority and decides this within its own remit.")
    ),
    "issuer-accredited": Sentence(
        N_("The issuer was accredited for this on the day of the award, %(awarded_on)s.")
    ),
    "issuer-out-of-scope": Sentence(
        N_("The issuer was not accredited to award this."), _ASK_AUTHORITY
    ),
    "issuer-out-of-period": Sentence(
        N_("The issuer's accreditation did not cover the day of the award, %(awarded_on)s."),
        _ASK_AUTHORITY,
    ),
    "issuer-accreditation-withdrawn": Sentence(
        N_(
            "The issuer's accreditation had been withdrawn by the day of the award, %(awarded_on)s."
        ),
        _ASK_AUTHORITY,
    ),
    "recorded-after-withdrawal": Sentence(
        N_("The award was recorded after the issuer's accreditation had been withdrawn."),
        _ASK_AUTHORITY,
    ),
    "sandbox": Sentence(N_("Rehearsals need no accreditation.")),
    "not-a-rehearsal": Sentence(N_("It is not a rehearsal.")),
    "sandbox-credential": Sentence(
        N_("This was issued as a rehearsal and is not a credential."),
        N_("Ask for the real credential."),
    ),
    "expires-soon": Sentence(N_("It is valid until %(valid_until)s only.")),
    "demonstration-data": Sentence(
        N_("Issuer, person and award are made up to show this service.")
    ),
    "partly-shown": Sentence(
        N_("The holder does not show all that the issuer signed."),
        N_("Ask the holder to show what you need to know."),
    ),
    "key-revoked-later": Sentence(
        N_("The signing key was published as stolen after this award had been recorded here."),
        N_("Ask the issuer for a newly signed document."),
    ),
    "recorded-late": Sentence(
        N_("The award was recorded after the issuer's accreditation had run out.")
    ),
    "late-award-approved": Sentence(
        N_("The authority approved that this award was recorded late.")
    ),
    "level-claimed-by-provider": Sentence(
        N_("The level is the issuer's own claim: its authority does not decide on that framework.")
    ),
}

_PRESENTATION: Mapping[str, Sentence] = {
    "presentation-recognised": Sentence(N_("The document is a presentation of credentials.")),
    "presentation-unsigned": Sentence(
        N_("Nobody signed for showing it; each credential stands for itself.")
    ),
    "presentation-unproven": Sentence(
        N_("It was not signed for this occasion."), _ASK_TO_PRESENT_AGAIN
    ),
    "presentation-unasked": Sentence(
        N_("It may be a copy of what was shown on another occasion."), _ASK_TO_PRESENT_AGAIN
    ),
    "presentation-in-force": Sentence(N_("It was shown at the right time.")),
    "presentation-expired": Sentence(N_("The time for showing it is over."), _ASK_TO_PRESENT_AGAIN),
    "presentation-not-yet-valid": Sentence(
        N_("It bears a date in the future."), _ASK_TO_PRESENT_AGAIN
    ),
    "disclosures-none": Sentence(N_("Nothing is shown beyond what is always shown.")),
    "disclosures-hold": Sentence(N_("Every part that is shown was signed by the issuer.")),
    "disclosure-refused": Sentence(
        N_("A part that is shown was not signed by the issuer."), _DO_NOT_RELY
    ),
    "key-binding-none": Sentence(N_("The holder did not sign for showing it.")),
    "key-binding-holds": Sentence(N_("The holder signed for showing it here and now.")),
    "key-binding-unasked": Sentence(
        N_("The holder signed for showing it on another occasion."), _COMPARE_BEARER
    ),
    "key-binding-missing": Sentence(
        N_("The holder did not sign for showing it, so anyone with a copy may have shown it."),
        _ASK_TO_PRESENT_AGAIN,
    ),
    "key-binding-refused": Sentence(
        N_("It was not the holder who showed exactly this, here and now."), _ASK_TO_PRESENT_AGAIN
    ),
    "holder-key-matches": Sentence(N_("Whoever shows it is the holder that it names.")),
    "holder-key-mismatch": Sentence(
        N_("It names one holder, but somebody else signed."),
        N_("Do not rely on who shows it; ask the named holder."),
    ),
    "self-asserted": Sentence(N_("It is the holder's own word about themselves.")),
    "holder-is-subject": Sentence(N_("It is about the person who shows it.")),
    "holder-unproven": Sentence(N_("It is not proven who shows it."), _COMPARE_BEARER),
    "holder-not-named": Sentence(
        N_("It does not say by which key its person can be recognised."), _COMPARE_BEARER
    ),
    "holder-is-another": Sentence(
        N_("It is about somebody else than whoever shows it."),
        N_("Do not take it for theirs; ask why they show it."),
    ),
}

SENTENCES: Mapping[str, Sentence] = {**_FORM, **_PROOF, **_PRESENTATION, **_IN_FORCE, **_TRUST}
"""The sentence of every code that a report can carry."""
