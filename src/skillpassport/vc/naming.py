"""By name, what a document seems to be that is not read here.

Names are for readers, and told by marks: nothing here is parsed strictly or verified.
"""

import re

from skillpassport.vc.envelope import ENVELOPED_PRESENTATION
from skillpassport.vc.model import is_data_model_1
from skillpassport.vc.quoting import quoted
from skillpassport.vc.strict_json import JsonObject, JsonValue, one_or_many
from skillpassport.vc.suites.protocol import DATA_INTEGRITY_PROOF, ED25519_SIGNATURE_2020

SUITES_NOT_READ_YET = frozenset(
    {
        "bbs-2023",
        "merkle-proof-2019",
    }
)
"""Cryptosuites that others sign with, without a reader here so far."""

SNIFFED_BYTES = 4096
"""How much of a document's start is looked at."""

_WEB_ADDRESS = re.compile(r"https?://\S+\Z")
_JWE_DOTS = 4
_STATEMENT_STARTS = (b"<urn:", b"<http:", b"<https:", b"<did:", b"<mailto:")
_MAX_NAMED_PROOFS = 3

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive, perhaps an office document"),
    (b"HC1:", "an EU Digital COVID Certificate (HC1)"),
)
_XML_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"elmo", "an ELMO document of the Emrex network, in XML"),
    (b"europass/model/credentials", "a European Digital Credential (EDCI) of the older XML form"),
    (b"europass", "a Europass document in XML"),
    (b"data.europa.eu/snb", "a European Digital Credential of the older XML form"),
    (b"<html", "a web page"),
)
_JSON_MARKS: tuple[tuple[str, str], ...] = (
    ("data.europa.eu/snb", "a European Digital Credential (ELM)"),
    ("w3id.org/blockcerts", "a Blockcerts certificate"),
    ("w3id.org/openbadges/v2", "an Open Badges 2.0 assertion"),
    ("w3id.org/openbadges/v1", "an Open Badges 1.1 assertion"),
    ("vc-json-schemas", "a schema of credentials as Sunbird keeps them, not a credential"),
    ("purl.org/ctdl", "a CTDL description from the Credential Registry"),
    ("purl.org/ceterms", "a CTDL description from the Credential Registry"),
    ("credreg.net/ctdl", "a CTDL description from the Credential Registry"),
    ("imsglobal.org/spec/clr/v1", "a Comprehensive Learner Record of version 1"),
)
_MEMBER_MARKS: tuple[tuple[str, str], ...] = (
    ("secretKeyMultibase", "a pair of keys, whose secret half nobody else should see"),
    ("privateKeyMultibase", "a pair of keys, whose secret half nobody else should see"),
    ("baseKeyPair", "keys of which nobody else should see the secret ones"),
    ("PREFIX", "a test case of an EU Digital COVID Certificate (HC1), not a certificate"),
    ("accreditedOrganization", "an accreditation as European Digital Credentials describe it"),
)
_TEXT_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:_:\S+|<[^<>\s]+>) <[^<>\s]+> "), "RDF statements (N-Quads), not a credential"),
    (re.compile(r"@prefix |PREFIX "), "RDF in Turtle, which is not read here"),
    (re.compile(r"(?:[0-9a-fA-F]{2}){16,512}\Z"), "a hash or another value in hexadecimal"),
    (
        re.compile(r"z[1-9A-HJ-NP-Za-km-z]{20,512}\Z"),
        "a multibase value such as a key or a signature, not a credential",
    ),
)


def name_of_file(data: bytes, start: bytes) -> str | None:
    """Return what a file is by its first bytes; None for what may be text.

    start: the same from the first visible character, in lower case
    """
    name = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    if name is None and start.startswith(b"<") and not start.startswith(_STATEMENT_STARTS):
        return next((name for mark, name in _XML_MARKS if mark in start), "an XML document")
    return name


def name_of_text(text: str) -> str:
    """Return what a text is that is no JSON document."""
    if not text:
        return "nothing: the document is empty"
    if text.startswith("ey") and "~" in text:
        return "an SD-JWT, with selective disclosure, that is damaged"
    if text.startswith("ey") and text.count(".") == _JWE_DOTS:
        return "an encrypted token (JWE)"
    if _WEB_ADDRESS.match(text):
        return "a web address"
    start = text[:SNIFFED_BYTES]
    return next((name for mark, name in _TEXT_MARKS if mark.match(start)), "plain text")


def name_of_presentation(types: list[JsonValue]) -> str | None:
    """Return what a presentation is, by the types of a document; None for anything else."""
    if ENVELOPED_PRESENTATION in types:
        return "an envelope around a presentation, not a single credential"
    return "a presentation, not a single credential" if "VerifiablePresentation" in types else None


def name_of_json(document: JsonObject, contexts: list[JsonValue]) -> str:
    """Return what a JSON document is that is no credential of the data model 2.0."""
    name = _named_by_mark(document, contexts)
    if is_data_model_1(document):
        kind = name or "a credential"
        proofs = [p for p in one_or_many(document.get("proof")) if isinstance(p, dict)]
        kinds = sorted({quoted(str(proof.get("type"))) for proof in proofs})[:_MAX_NAMED_PROOFS]
        secured = f"secured with {' and '.join(kinds)}" if kinds else "without a proof"
        return f"{kind} of the VC data model 1.1, {secured}, which is not read here"
    if name is None and isinstance(document.get("credential"), dict):
        return "a wrapping around another credential, which is not read here"
    if name is None and str(document.get("@type", "")).startswith("ceterms:"):
        return "a CTDL description from the Credential Registry"
    members = (told for member, told in _MEMBER_MARKS if member in document)
    return name or next(members, "a JSON document that is no credential")


def name_of_credential(
    document: JsonObject, contexts: list[JsonValue], proof: str = quoted(ED25519_SIGNATURE_2020)
) -> str:
    """Return what a credential of either data model is that is secured in a foreign way."""
    if is_data_model_1(document):
        return name_of_json(document, contexts)
    kind = _named_by_mark(document, contexts) or "a credential"
    return f"{kind} secured with {proof}, which is not read here"


def name_of_proof(proof: JsonValue) -> str | None:
    """Return the name of a proof that others make; None for ours and for anything malformed."""
    if not isinstance(proof, dict):
        return None
    kind, cryptosuite = proof.get("type"), proof.get("cryptosuite")
    if kind == DATA_INTEGRITY_PROOF:
        is_known = isinstance(cryptosuite, str) and cryptosuite in SUITES_NOT_READ_YET
        return str(cryptosuite) if is_known else None
    return quoted(kind) if isinstance(kind, str) else None


def _named_by_mark(document: JsonObject, contexts: list[JsonValue]) -> str | None:
    marks = " ".join(str(each) for each in (*contexts, document.get("id"), document.get("type")))
    return next((name for mark, name in _JSON_MARKS if mark in marks), None)
