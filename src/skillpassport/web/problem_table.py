"""Which HTTP status answers which cause: one row for each error class, domain by domain.

A class without a row of its own takes its nearest ancestor's; a test sees to it that each class
has one. The title is the code in words unless a row says it better. What the database and the
network raise stands under its code, because this layer does not import them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from skillpassport.credentials import (
    achievements,
    admitting,
    code,
    formats,
    issuing,
    lifecycle,
    recording,
    reissuing,
    sd_jwt_vc,
    securing,
)
from skillpassport.credentials import badges as award_badges
from skillpassport.custody import key_file, master, sealing, subjects
from skillpassport.equivalence import agreements, conditions, precedents, questions
from skillpassport.equivalence.exchange import errors as exchange
from skillpassport.equivalence.statements import model as statements
from skillpassport.errors import SkillPassportError
from skillpassport.frameworks import errors as frameworks
from skillpassport.frameworks import qualifications
from skillpassport.frameworks.importing import problems as imports
from skillpassport.frameworks.taxonomies import model as taxonomies
from skillpassport.idempotency import AlreadyDone, IdempotencyConflict, RequestInProgress
from skillpassport.organisations import access, accrediting, model, signing_keys
from skillpassport.profiles import composing
from skillpassport.profiles import model as profiles
from skillpassport.profiles import securing as profile_securing
from skillpassport.profiles import statuses as profile_statuses
from skillpassport.schemas import DocumentMalformed, SchemaUnknown
from skillpassport.settings import SettingsInvalid
from skillpassport.transparency import checkpoint, proofs
from skillpassport.vc import (
    badges,
    certificates,
    contexts,
    controllers,
    did,
    envelope,
    jcs,
    jose,
    keys,
    multibase,
    status_refusals,
    strict_cbor,
    strict_json,
    web_documents,
)
from skillpassport.vc.checks import elsewhere, schema, session
from skillpassport.vc.sdjwt import SdJwtError, issuer_metadata, type_metadata
from skillpassport.vc.suites.protocol import ProofError
from skillpassport.web import errors as web
from skillpassport.web import pictures


@dataclass(frozen=True, slots=True)
class Row:
    """How one cause is answered.

    retry_after: seconds after which the same request may succeed
    shown: whether the cause has a place on the problems page
    reading: status where the address itself names what is not there, as a GET does
    """

    status: int
    title: str | None = None
    retry_after: int | None = None
    shown: bool = True
    reading: int | None = None


_HIDDEN = Row(500, shown=False)
"""A fault of the installation: no request causes it, no answer explains it."""

ROWS: Mapping[type[SkillPassportError], Row] = {
    # the request itself
    web.RequestInvalid: Row(422, "The request does not have the documented form"),
    web.RequestRefused: Row(400),
    web.PathUnknown: Row(404, "Not found"),
    web.MethodNotAllowed: Row(405),
    web.UrlMalformed: Row(400, "The address is malformed"),
    web.BodyTooLarge: Row(413, "The body is too large"),
    web.BodyTooSlow: Row(408, "The body came too slowly"),
    web.BodyIncomplete: Row(400, "The body is incomplete"),
    web.MediaTypeUnsupported: Row(415, "The media type is not supported"),
    web.ContentEncodingUnsupported: Row(415, "The content encoding is not supported"),
    web.KeyMissing: Row(401, "An API key is needed"),
    web.KeyUnknown: Row(401, "The API key is not known"),
    web.ScopeMissing: Row(403, "The API key lacks the right"),
    web.TooManyRequests: Row(429),
    web.Overloaded: Row(503, "Too many requests at once", retry_after=2),
    web.InternalError: Row(500, "Fault of this service"),
    pictures.PictureUnreadable: Row(422),
    pictures.PictureTooLarge: Row(413),
    pictures.PicturesBusy: Row(503, retry_after=3),
    IdempotencyConflict: Row(409, "The idempotency key belongs to another request"),
    AlreadyDone: Row(409),
    RequestInProgress: Row(409, "The first request is still being carried out", retry_after=1),
    # documents and proofs
    strict_json.StrictJsonError: Row(400),
    strict_cbor.CborRefused: Row(400),
    strict_json.JsonTooLarge: Row(413, "The document is too large"),
    badges.BadgeImageRefused: Row(422),
    award_badges.BadgeImpossible: Row(409),
    jcs.NotCanonicalizable: Row(422),
    SchemaUnknown: Row(404),
    multibase.MultibaseInvalid: Row(422),
    keys.KeyRefused: Row(422),
    did.DidError: Row(422),
    did.DidUnresolvable: Row(422, "The DID document is not reachable"),
    controllers.MethodError: Row(422),
    elsewhere.IssuerKeyElsewhere: Row(422),
    ProofError: Row(422),
    schema.SchemaUnusable: Row(422),
    session.SchemaUnreachable: Row(422),
    jose.JoseError: Row(422),
    envelope.EnvelopeMalformed: Row(422),
    SdJwtError: Row(422),
    certificates.CertificateError: Row(422),
    issuer_metadata.IssuerMetadataRefused: Row(422),
    type_metadata.TypeMetadataRefused: Row(422),
    web_documents.WebDocumentUnreachable: Row(422),
    status_refusals.StatusListError: Row(422),
    contexts.ContextError: Row(422),
    contexts.ContextDamaged: _HIDDEN,
    # organisations and trust
    model.OrganisationUnknown: Row(404),
    model.SlugTaken: Row(409),
    access.ApiKeyUnknown: Row(404),
    access.ScopeUnknown: Row(422),
    access.ScopeOutOfKind: Row(403),
    accrediting.NotAnAuthority: Row(403),
    accrediting.AccreditsItself: Row(403, "An authority cannot accredit itself"),
    accrediting.RehearsalOnly: Row(403),
    accrediting.OutsideRemit: Row(403, "Outside the authority's remit"),
    accrediting.AccreditationUnknown: Row(404),
    accrediting.AlreadyWithdrawn: Row(409),
    accrediting.LateAwardOutsidePeriod: Row(422),
    accrediting.LateAwardUsed: Row(409),
    signing_keys.SigningKeyUnknown: Row(404),
    signing_keys.NoSigningKey: Row(503, "No key can sign now", retry_after=60),
    # registry
    frameworks.FrameworkNotFound: Row(404),
    frameworks.FrameworkUnknown: Row(422, reading=404),
    frameworks.EditionUnknown: Row(422, reading=404),
    frameworks.LevelUnknown: Row(422, reading=404),
    frameworks.NoEditionInForce: Row(404),
    frameworks.StandardUnknown: Row(422, reading=404),
    frameworks.RegistryInconsistent: _HIDDEN,
    qualifications.QualificationUnknown: Row(422, reading=404),
    taxonomies.TaxonomyUnknown: Row(422, reading=404),
    taxonomies.ConceptUnknown: Row(422, reading=404),
    imports.RowRefused: _HIDDEN,
    imports.FileUnreadable: _HIDDEN,
    agreements.AgreementNotFound: Row(404),
    precedents.PrecedentNotFound: Row(404),
    conditions.ConditionMalformed: _HIDDEN,
    exchange.BundleUnreadable: Row(422),
    exchange.BundleNotTrusted: Row(422),
    exchange.RowsMalformed: Row(422),
    exchange.VersionUnknown: Row(422),
    exchange.TableUnknown: Row(404),
    statements.StatementUnknown: Row(404),
    statements.NothingToState: Row(422),
    statements.StatementsExhausted: Row(
        429, "As many statements as a day may bring", retry_after=3600
    ),
    questions.QuestionIncomplete: Row(422),
    questions.QuestionMalformed: Row(422),
    questions.FactsMalformed: Row(422),
    questions.FactUnknown: Row(422),
    questions.FactMistyped: Row(422),
    # awards
    achievements.AchievementUnknown: Row(404),
    achievements.MayNotAward: Row(403),
    achievements.LevelWithoutFramework: Row(422),
    achievements.LevelNotRegistered: Row(422),
    achievements.QualificationDiffers: Row(422),
    achievements.QualificationNotRegistered: Row(422),
    admitting.NotAccredited: Row(403),
    formats.SecuringUnusable: Row(422, "Format and securing do not go together"),
    sd_jwt_vc.HolderKeyUnusable: Row(422),
    securing.CannotBeSecured: Row(422),
    securing.SignedWrongly: _HIDDEN,
    reissuing.NotAsRecorded: _HIDDEN,
    DocumentMalformed: _HIDDEN,
    admitting.SubjectIdUnusable: Row(422),
    recording.AwardsRefused: Row(422),
    issuing.BatchSizeUnusable: Row(422),
    admitting.AwardedInFuture: Row(422),
    admitting.AwardedBeforeBirth: Row(422),
    admitting.ValidityEndsBeforeAward: Row(422),
    lifecycle.CredentialUnknown: Row(404),
    lifecycle.TransitionRefused: Row(409),
    code.CodeMalformed: Row(422),
    code.CodeMistyped: Row(422),
    code.CodeUnknown: Row(404),
    subjects.SubjectKeyErased: Row(410, "The personal data were erased"),
    subjects.SubjectKeyUnknown: _HIDDEN,
    # signing profiles and the VC-API
    profiles.ProfileUnsupported: Row(422, "No profile can be like this"),
    profiles.ProfileUnknown: Row(404),
    composing.CredentialRefused: Row(400, "The credential cannot be signed as it is"),
    profile_securing.SignedUnsoundly: _HIDDEN,
    profile_statuses.ProfileCredentialUnknown: Row(404),
    profile_statuses.PurposeUnknown: Row(422),
    profile_statuses.RevocationFinal: Row(409),
    # the installation
    SettingsInvalid: _HIDDEN,
    checkpoint.HeadInvalid: Row(422),
    proofs.EntryUnknown: Row(404),
    proofs.TreeSizeUnknown: Row(422, reading=404),
    master.MasterKeyInvalid: _HIDDEN,
    master.MasterKeyUnknown: _HIDDEN,
    key_file.MasterKeyFileExposed: _HIDDEN,
    sealing.SealBroken: _HIDDEN,
}

ROWS_BY_CODE: Mapping[str, Row] = {
    "database-failure": Row(503, "The database cannot serve now", retry_after=5),
    "constraint-broken": Row(409, "The change contradicts what is stored"),
    "clock-behind-log": Row(503, "The clock is behind the log", retry_after=60),
    "log-ahead-of-database": Row(503, "The database is older than its log", retry_after=60),
    "log-state-broken": Row(503, "The log contradicts itself", retry_after=60),
    "transaction-too-long": Row(503, "The work took too long", retry_after=5),
    "database-url-invalid": _HIDDEN,
    "migration-needed": _HIDDEN,
    "organisation-key-missing": _HIDDEN,
    "status-list-unknown": Row(404),
    "vc-api-request-malformed": Row(400, "The request does not have the form of the VC-API"),
    "fetch-error": Row(422, "The other host's document could not be had"),
    "certificates-unreadable": _HIDDEN,
    "master-key-needed": _HIDDEN,
    "port-taken": _HIDDEN,
    "address-unusable": _HIDDEN,
    "award-invalid": _HIDDEN,
    "file-not-read": _HIDDEN,
}
