"""Names that look like each other, and the remark on a stranger who bears one."""

from typing import Any

import pytest

from skillpassport.credentials.resembling import looks_of, names_of_issuer
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.keys import Ed25519Signer
from skillpassport.vc.suites import EDDSA_JCS_2022
from tests.support.awards import Story, outcome_of, register

CODE = "issuer-name-resembles"
ALIKE = {
    "Cyrillic letters": ("Ghana TVET Service", "Gh\u0430na TV\u0415T S\u0435rvice"),
    "Greek letters": ("Oslo Board", "\u039fslo B\u03bfard"),
    "capitals": ("Ghana TVET Service", "GHANA TVET SERVICE"),
    "Cyrillic capitals": ("Bank", "\u0412\u0410NK"),
    "a Cyrillic name with Latin letters": ("\u0411\u0430\u043d\u043a", "\u0411AHK"),
    "full width": ("Oslo Board", "\uff2fslo Board"),
    "accents": ("École des métiers", "Ecole des metiers"),
    "points and spaces": ("Ghana TVET Service", "Ghana  T.V.E.T.-Service"),
    "one for l": ("Norwegian Council", "Norweg1an Counci1"),
    "nought for o": ("Oslo Board", "0sl0 Board"),
    "rn for m": ("Modern School", "Modem School"),
    "nothing seen": ("Oslo Board", "Oslo\u200b Board"),
    "Arabic vowels": ("جامعة القاهرة", "جَامعة القاهرة"),
}
APART = [
    ("Oslo Board", "Oslo Boards"),
    ("Oslo Board", "Board of Oslo"),
    ("किताब", "कताब"),
    ("جامعة القاهرة", "جامعة الأزهر"),
    ("", ""),
    ("...", "---"),
]


def resemble(one: str, other: str) -> bool:
    return not looks_of(one).isdisjoint(looks_of(other))


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_names_that_look_the_same(one: str, other: str) -> None:
    assert resemble(one, other)
    assert resemble(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_names_that_do_not(one: str, other: str) -> None:
    assert not resemble(one, other)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("A", ["A"]),
        ({"en": "A", "fr": "B"}, ["A", "B"]),
        ([{"@value": "A", "@language": "en"}, "B"], ["A", "B"]),
        (1, []),
        ([["A"]], []),
        ({"@value": ["A"]}, []),
        (None, []),
        (["x"] * 1000, ["x"] * 20),
    ],
)
def test_what_a_document_calls_its_issuer(name: Any, found: list[str]) -> None:  # noqa: ANN401
    assert list(names_of_issuer({"issuer": {"id": "did:key:z6Mk", "name": name}})) == found
    assert list(names_of_issuer({"issuer": "did:key:z6Mk"})) == []


def by_a_stranger(name: object) -> dict[str, Any]:
    """Return a credential under a did:key of nobody here."""
    signer = Ed25519Signer.generate()
    multikey = signer.public_key.multikey
    unsigned: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": {"id": f"did:key:{multikey}", "name": name},
        "credentialSubject": {"type": ["Person"]},
    }
    options = ProofOptions(verification_method=f"did:key:{multikey}#{multikey}", created=None)
    return add_proof(unsigned, suite=EDDSA_JCS_2022, signer=signer, options=options)


def test_a_stranger_who_calls_itself_like_a_registered_organisation_is_named(story: Story) -> None:
    register(story.served, "ghana-tvet", "authority", name={"en": "Ghana TVET Service"})
    report = story.verify(by_a_stranger("Gh\u0430na TVET Servic\u0435"))
    assert (report["verdict"], outcome_of(report, CODE)) == ("undetermined", "warned")
    assert CODE in {each["code"] for each in report["remarks"]}
    assert "ghana-tvet" in next(c["message"] for c in report["checks"] if c["code"] == CODE)
    assert report["issuer"]["known"] is False
    body = {"document": by_a_stranger(["Ghana TVET Service"])}
    told = story.served.post("/api/v1/verifications?lang=fr", body).json()
    assert outcome_of(told, CODE) == "warned"
    assert "ressemble" in next(c["message"] for c in told["checks"] if c["code"] == CODE)


def test_other_names_and_the_organisation_itself_are_not_remarked_upon(story: Story) -> None:
    register(story.served, "rehearsal", sandbox=True, name={"en": "Rehearsal"})
    for document in (by_a_stranger("Another body"), by_a_stranger("Rehearsal"),
                     story.award()["document"]):  # fmt: skip
        assert outcome_of(story.verify(document), CODE) is None


def test_an_organisation_that_came_later_is_known_at_once(story: Story) -> None:
    document = by_a_stranger("Late board")
    assert outcome_of(story.verify(document), CODE) is None
    register(story.served, "late", name={"en": "LATE BOARD"})
    assert outcome_of(story.verify(document), CODE) == "warned"
