"""Why files of other makers fare here as they do: by kind for all, row by row beside 1EdTech's validator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from skillpassport.vc import Verdict

_ELSEWHERE: Final = (
    "Its issuer is a web address, and the signature fits the key that stands in the name of the key. "
    "Theirs takes that key for the issuer's. Anyone can write somebody's address and a key of their own "
    "side by side, so here nothing was changed since, and who signed is not known."
)
_TOKEN: Final = (
    "Its issuer is a web address, and the token brings its own key along (`jwk` in the header). Theirs "
    "takes that key for the issuer's. Anyone can bring a key, so here nothing was changed since, and who "
    "signed is not known. Theirs warns that the data model is 1.1, which is read here like 2.0."
)
_SCHEMA: Final = "The schema that it names was not fetched for this table; theirs fetches it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a verdict differs from 1EdTech's, as it was looked into.

    codes: of the checks that decided then; with others the explanation has to be written anew
    """

    codes: frozenset[str]
    why: str


def _row(why: str, *codes: str) -> Explained:
    return Explained(codes=frozenset(codes), why=why)


EXPLAINED: Final[Mapping[str, Explained]] = MappingProxyType(
    {
        "clr2-1edtech/simple.json": _row(
            f"{_ELSEWHERE} A credential inside the record has an issuer of the same kind. {_SCHEMA}",
            "issuer-key-elsewhere",
            "nested-credential-unproven",
            "schema-unreachable",
        ),
        "clr2-1edtech/simple_v1.json": _row(
            "Its proof names the key as `urn:uuid:…#z6Mk…`. A UUID has no document in which a key could "
            "stand, so the name belongs to nobody; theirs reads the letters behind the `#` as the key "
            "and warns that the data model is 1.1. The credentials inside are signed in the same way.",
            "nested-credential-unproven",
            "proof-malformed",
        ),
        "ob3-1edtech/complete_v1.json": _row(
            "Theirs tests one thing in it, a schema that is named inside, and says nothing of the whole. "
            "Here it ended on 2020-01-01. Besides, its key is only named by a web address, and its "
            "revocation list is of 1EdTech's own kind, which is not read here.",
            "credential-expired",
            "issuer-key-elsewhere",
            "proof-unchecked",
            "schema-unreachable",
            "status-type-unknown",
        ),
        "ob3-1edtech/endorsement-valid.json": _row(
            f"{_ELSEWHERE} {_SCHEMA}", "issuer-key-elsewhere", "schema-unreachable"
        ),
        "ob3-1edtech/simple-context-alias.json": _row(_ELSEWHERE, "issuer-key-elsewhere"),
        "ob3-1edtech/simple-context-version.json": _row(
            f"Theirs tests the version of its context and says nothing of the whole. {_ELSEWHERE}",
            "issuer-key-elsewhere",
        ),
        "ob3-1edtech/simple-did-key-method.json": _row(
            "Its issuer is a `urn:uuid:`, and its proof names a DID without saying which key of it. "
            "Theirs reads the key out of the DID and does not ask whose it is. Here a proof names a key "
            "(Controlled Identifiers 1.0, section 2.2), and the key has to be the issuer's; a UUID can "
            "have none.",
            "did-invalid",
            "issuer-key-mismatch",
            "proof-unchecked",
        ),
        "ob3-1edtech/simple-eddsa-2022.json": _row(
            "It is signed under `eddsa-2022`, a name from a draft that no specification took over. "
            "Theirs reads it as `eddsa-rdfc-2022` and warns; here a name that nothing defines is not "
            "read as another one.",
            "cryptosuite-not-allowed",
        ),
        "ob3-1edtech/simple-err-proof-method.json": _row(
            "The key in the name of its key is damaged on purpose. Theirs reads keys from their names, "
            "cannot, and refuses. Here a key under a web address is not read at all, so that there is "
            "none to check the signature with: not proven, which is no less than refused to its reader. "
            f"{_SCHEMA}",
            "issuer-key-elsewhere",
            "proof-unchecked",
            "schema-unreachable",
        ),
        "ob3-1edtech/simple-json.svg": _row(_ELSEWHERE, "issuer-key-elsewhere"),
        "ob3-1edtech/simple-jwt_v1.png": _row(
            f"{_TOKEN} {_SCHEMA}", "issuer-key-elsewhere", "schema-unreachable"
        ),
        "ob3-1edtech/simple-jwt_v1.svg": _row(
            f"{_TOKEN} {_SCHEMA}", "issuer-key-elsewhere", "schema-unreachable"
        ),
        "ob3-1edtech/simple_v1.json": _row(
            f"{_ELSEWHERE} Theirs warns that the data model is 1.1, which is read here like 2.0.",
            "issuer-key-elsewhere",
        ),
    }
)
"""File to why its verdict differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A group of files that fare alike, for one reason.

    holds: whether a file belongs to it, by its name, by what it is and by the codes of its checks
    """

    verdict: Verdict
    title: str
    why: str
    holds: Callable[[str, str, frozenset[str]], bool]


def _coded(*codes: str) -> Callable[[str, str, frozenset[str]], bool]:
    return lambda _file, _what, found: bool(found & set(codes))


def _called(*words: str) -> Callable[[str, str, frozenset[str]], bool]:
    return lambda _file, what, _codes: any(word in what for word in words)


def _of_standards(file: str, _what: str, _codes: frozenset[str]) -> bool:
    return file.startswith(("w3c-", "blockcerts-v3/ecdsa-sd-2023"))


KINDS: Final[tuple[Kind, ...]] = (
    Kind(
        verdict=Verdict.UNDETERMINED,
        title="the issuer is a web address",
        why="Open Badges 3.0 allows it. A key found there, or brought along, shows that nothing was changed, "
        "and not who signed; so only the named issuer can say whether it is theirs.",
        holds=_coded("issuer-key-elsewhere"),
    ),
    Kind(
        verdict=Verdict.UNDETERMINED,
        title="the keys are published elsewhere (did:web)",
        why="The table is made without a network. The service fetches them, and says so when it cannot.",
        holds=_coded("did-unreachable"),
    ),
    Kind(
        verdict=Verdict.UNDETERMINED,
        title="the status is published elsewhere",
        why="The signature holds. Without the list, which the table does not fetch and the service does, the "
        "credential may have been withdrawn.",
        holds=_coded("status-unreachable"),
    ),
    Kind(
        verdict=Verdict.UNDETERMINED,
        title="the authority behind a seal is not among the trusted ones",
        why="The seal holds. Whoever runs the service names the authorities whose certificates count; the "
        "table names none.",
        holds=_coded("trust-anchor-unknown"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="a presentation",
        why="One or more credentials with whoever shows them. `/vc/presentations/verify` reads it; here single "
        "credentials are verified.",
        holds=_called("a presentation"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="workings of the standards' own examples",
        why="Hashes, keys, statements and lists of pointers that lead to a signature, none of which claims to "
        "be a credential. The tests compare them step by step "
        "([conformance](conformance.md)).",
        holds=lambda file, what, codes: (
            _of_standards(file, what, codes)
            and not _called("a credential secured")(file, what, codes)
        ),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="anchored in a blockchain (Blockcerts)",
        why="The proof leads to a transaction, which only a node of that chain, or a website that is trusted "
        "to read it, can confirm. The product asks neither.",
        holds=_called("Blockcerts"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="a descriptive record, not signed by anybody (CTDL, Sunbird)",
        why="They describe kinds of credentials, or how a system stores them, and are no one's credential.",
        holds=_called("CTDL", "Sunbird"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="European learning credentials without a seal, in the older XML, or wrapped for upload",
        why="Samples of a format before it is sealed, or of one that EDC has replaced. What is sealed "
        "(JAdES) is read.",
        holds=_called("European Digital Credential", "a wrapping around", "RDF in Turtle"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="an EU Digital COVID Certificate, or a test case of one",
        why="A health certificate, under keys of health authorities. It says nothing about skills.",
        holds=_called("COVID"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="an older proof (secp256k1, RSA)",
        why="Proof types of earlier drafts, which no specification in force defines.",
        holds=_called("EcdsaSecp256k1Signature2019", "RsaSignature2018"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="a QR code as a GIF picture",
        why="The page `/verify` decodes pictures of codes; the library, and so this table, does not.",
        holds=_called("GIF"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="an exchange format of universities (ELMO)",
        why="XML between universities' systems, sealed as a file if at all.",
        holds=_called("ELMO"),
    ),
    Kind(
        verdict=Verdict.UNREADABLE,
        title="broken JSON",
        why="A template that is not filled in, with a comma too many; the message says at which letter.",
        holds=_called("damaged or ambiguous"),
    ),
    Kind(
        verdict=Verdict.INVALID,
        title="not signed at all",
        why="Examples and inputs of test suites, made to be signed by whoever runs them. Without a signature "
        "anyone may have written them.",
        holds=_coded("proof-missing"),
    ),
    Kind(
        verdict=Verdict.INVALID,
        title="what the maker broke on purpose, or what departs from the standard",
        why="A member that no context defines, a proof of another shape, a claim that a token may not carry, a "
        "signature that does not fit, a draft's cryptosuite.",
        holds=_coded(
            "json-ld-term-undefined",
            "proof-malformed",
            "proof-invalid",
            "jwt-claim-refused",
            "did-invalid",
            "credential-malformed",
            "cryptosuite-not-allowed",
        ),
    ),
    Kind(
        verdict=Verdict.INVALID,
        title="signed by another than the named issuer",
        why="The W3C's vectors name an issuer that does not own the key. The signature holds, and "
        '`"checks": ["proof"]` of the VC-API says so.',
        holds=_coded("issuer-key-mismatch"),
    ),
    Kind(
        verdict=Verdict.INVALID,
        title="ended, or not begun",
        why="The signature holds; its period does not include the day of the table.",
        holds=_coded("credential-expired", "credential-not-yet-valid"),
    ),
)
"""In the order in which they are asked: a file is of the first kind that it fits."""


def kind_of_file(verdict: Verdict, file: str, what: str, codes: frozenset[str]) -> Kind | None:
    """Return the kind of a file; None for what is valid, and for what is of no kind."""
    fitting = (each for each in KINDS if each.verdict is verdict and each.holds(file, what, codes))
    return next(fitting, None)
