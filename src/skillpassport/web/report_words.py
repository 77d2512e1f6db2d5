"""The words of a report for people: its checks and their outcomes, reasons, parts and kinds."""

from collections.abc import Mapping
from typing import Final

from skillpassport.web.sentences import N_

CHECK_NAMES: Mapping[str, str] = {
    "form": N_("Kind of document"),
    "parsing": N_("Reading"),
    "data-model": N_("Standard"),
    "algorithm": N_("Kind of signature"),
    "verification-method": N_("Key"),
    "issuer-binding": N_("Signed by the issuer"),
    "proof": N_("Signature"),
    "disclosure": N_("Parts shown"),
    "key-binding": N_("Shown by its holder"),
    "time": N_("Dates"),
    "status": N_("Withdrawals"),
    "schema": N_("Form"),
    "contents": N_("Credentials inside"),
    "holder-binding": N_("About whoever shows it"),
    "issuer-trust": N_("Trust in the issuer"),
    "award-register": N_("Register of awards"),
    "issuer-accreditation": N_("Accreditation"),
    "sandbox": N_("Rehearsal"),
    "award-status": N_("In force"),
    "remark": N_("Remark"),
}
"""What each check is called."""

OUTCOMES: Mapping[str, str] = {
    "passed": N_("Passed"),
    "failed": N_("Failed"),
    "unchecked": N_("Not checked"),
    "warned": N_("Note"),
    "not_applicable": N_("Does not apply"),
}

PARTS_OF_SUBJECT: Mapping[str, str] = {
    "name": N_("the name"),
    "name_in_mrz": N_("the name as in the travel document"),
    "birthDate": N_("the date of birth"),
    "id": N_("the person's own identifier"),
    "results": N_("results"),
    "evidence": N_("what the award rests on"),
}
"""What a holder may keep back, in words."""

KINDS_OF_DOCUMENT: Final = (
    N_("a PDF document"),
    N_("a PNG image without a badge in it"),
    N_("an SVG image without a badge in it"),
    N_("a JPEG image"),
    N_("a web page"),
    N_("an XML document"),
    N_("a file of an unknown kind"),
    N_("plain text"),
    N_("a web address"),
    N_("nothing: the document is empty"),
    N_("a JSON array"),
    N_("a JSON document that is no credential"),
    N_("a JSON document that is damaged or ambiguous"),
    N_("a token (JWT) that is damaged or ambiguous"),
    N_("a presentation, not a single credential"),
)
"""What a document seems to be, in the words of the report; other kinds stay in English (`vc/naming.py`)."""

REASONS: Mapping[str, str] = {
    "issued_in_error": N_("issued in error"),
    "fraud": N_("fraud"),
    "award_withdrawn": N_("the award was withdrawn"),
    "subject_request": N_("at the person's own request"),
    "other": N_("for another reason"),
}
"""Why an award was suspended, revoked or replaced, in words."""
