"""An award as SD-JWT VC: what always shows, what its holder keeps back, and what nobody may bend."""

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier

from skillpassport.credentials.sd_jwt_vc import DISCLOSABLE, SKILLS_TYPE
from skillpassport.organisations.model import OrganisationId
from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.vc.did import did_jwk, did_key
from skillpassport.vc.jose import sign_jws
from skillpassport.vc.keys import EcdsaSigner, Ed25519Signer, PublicKey, Signer
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.sdjwt import Path, SdJwt, bind, issue_sd_jwt, parse_sd_jwt, select
from skillpassport.vc.sdjwt.issuing import Concealment
from skillpassport.vc.token_status import SUSPENDED, read_status_list_token
from tests.support.awards import (
    BORN,
    PERSON,
    Actor,
    Json,
    Member,
    Story,
    outcome_of,
    register,
    verify,
)
from tests.support.node import NodePeer, PeerRefused, node_peer

__all__ = ["node_peer"]

HOLDERS: dict[str, Signer] = {
    "did:key": Ed25519Signer.from_private_bytes(bytes(range(32))),
    "did:jwk": EcdsaSigner.from_private_bytes(bytes(range(1, 33))),
}
HOLDER = HOLDERS["did:key"]
PERSONAL = {
    "subject": {
        "name": PERSON,
        "birth_date": BORN,
        "name_in_mrz": "PRZYKLADOWA<TESTOWA<<ZUZANNA",
        "id": did_key(HOLDER.public_key),
    },
    "results": {"Practice": "very good", "Theory": 87},
    "evidence": [{"name": "Workpiece 4711"}, {"name": "Report"}],
    "valid_until": "2030-06-30",
}


def an_award(story: Story, **changes: Member) -> tuple[Json, SdJwt]:
    """Return an award with everything that can be withheld, and its document."""
    made = story.award(format="sd-jwt-vc", **(PERSONAL | changes))
    return made, parsed(made["document"])


def parsed(text: str) -> SdJwt:
    sd_jwt = parse_sd_jwt(text)
    assert isinstance(sd_jwt, SdJwt)
    return sd_jwt


def signer_of(story: Story, actor: Actor | None = None) -> ActiveSigner:
    with story.served.instance.database.snapshot() as work:
        owner = OrganisationId((actor or story.provider).id)
        return work.signing_keys.active(owner, story.served.clock.now())


def failed(report: Json) -> set[str]:
    return {c["code"] for c in report["checks"] if c["outcome"] in {"failed", "unchecked"}}


def test_the_token_is_of_the_draft_and_tells_nothing_of_the_person(lasting_story: Story) -> None:
    _, sd_jwt = an_award(lasting_story)
    payload = sd_jwt.jws.payload
    keys = lasting_story.served.get("/orgs/college/did.json").json()
    assert sd_jwt.jws.header == {
        "alg": "EdDSA",
        "typ": "dc+sd-jwt",
        "kid": keys["assertionMethod"][0],
    }
    assert (payload["vct"], payload["iss"]) == (SKILLS_TYPE, lasting_story.provider.did)
    assert payload["cnf"] == {"jwk": HOLDER.public_key.jwk}
    shown = json.dumps({name: each for name, each in payload.items() if name != "cnf"})
    for personal in (PERSON, BORN, "4711", "very good", "Practice", "PRZYKLADOWA"):
        assert personal not in shown
    assert len(payload["_sd"]) == len(DISCLOSABLE)  # type: ignore[arg-type]
    assert {"achievement", "awarded_on", "status", "issuer"} <= payload.keys()
    assert len({entry.encoded for entry in sd_jwt.disclosures}) == len(DISCLOSABLE) + 4


PARTS: dict[str, tuple[tuple[Path, ...], set[str]]] = {
    "nothing": ((), {"name", "name_in_mrz", "birthDate", "id", "results", "evidence"}),
    "name": ((("name",),), {"name_in_mrz", "birthDate", "id", "results", "evidence"}),
    "one result": (
        (*((each,) for each in DISCLOSABLE), ("results", 1), ("evidence", 0), ("evidence", 1)),
        {"results"},
    ),
}


@pytest.mark.parametrize("part", PARTS)
def test_whatever_is_withheld_it_is_found_and_what_is_not_shown_is_said(
    lasting_story: Story, part: str
) -> None:
    paths, kept_back = PARTS[part]
    _, sd_jwt = an_award(lasting_story)
    report = lasting_story.verify(select(sd_jwt, paths).text, destination="NO")
    assert (report["verdict"], report["meaning"]["answer"]) == ("valid", "found")
    assert outcome_of(report, "in-award-register") == "passed"
    assert outcome_of(report, "partly-shown") == "warned"
    assert {*report["subject"]["not_shown"]} == kept_back
    assert ("name" in report["subject"]) is (("name",) in paths)


def test_shown_whole_it_reads_as_every_other_form(lasting_story: Story) -> None:
    """The same verdict, issuer, achievement, subject and meaning; the way of securing alone differs."""
    reports = {}
    for form in ("vcdm", "vc+jwt", "sd-jwt-vc"):
        made = lasting_story.award(format=form, **PERSONAL)
        reports[form] = lasting_story.verify(made["document"], destination="NO")
        by_code = lasting_story.verify_code(made["code"], destination="NO")
        assert by_code == reports[form]
    for name in ("verdict", "remarks", "issuer", "achievement", "subject", "meaning"):
        assert reports["sd-jwt-vc"][name] == reports["vcdm"][name] == reports["vc+jwt"][name]


@pytest.mark.parametrize("method", HOLDERS)
def test_the_holder_signs_for_showing_it_and_nobody_else_can(
    lasting_story: Story, method: str
) -> None:
    holder, now = HOLDERS[method], lasting_story.served.clock.now()
    did = (did_key if method == "did:key" else did_jwk)(holder.public_key)
    _, sd_jwt = an_award(lasting_story, subject={"name": PERSON, "id": did})
    some = select(sd_jwt, [("name",)])
    bound = bind(some, holder, audience="https://employer.example", nonce="n", issued_at=now)
    assert lasting_story.verify(bound.text)["verdict"] == "valid"
    thief = Ed25519Signer.from_private_bytes(bytes(range(7, 39)))
    stolen = bind(some, thief, audience="https://employer.example", nonce="n", issued_at=now)
    report = lasting_story.verify(stolen.text)
    assert (report["verdict"], failed(report)) == ("invalid", {"key-binding-refused"})
    more = select(sd_jwt, [("name",), ("results",)]).text + bound.binding_token
    assert failed(lasting_story.verify(more)) == {"key-binding-refused"}


@pytest.mark.parametrize("identifier", ["did:key:z6Mkabc", "did:jwk:e30", "did:key:z6Mk#z6Mk"])
def test_an_id_that_should_be_a_key_and_is_none_is_refused(
    lasting_story: Story, identifier: str
) -> None:
    """Else the credential would silently be anybody's who holds it."""
    subject = {"name": PERSON, "id": identifier}
    refused = lasting_story.ask_to_award(format="sd-jwt-vc", subject=subject)
    assert (refused.status_code, refused.json()["code"]) == (422, "holder-key-unusable")
    unbound = {"name": PERSON, "id": "https://person.example/me"}
    document = lasting_story.award(format="sd-jwt-vc", subject=unbound)["document"]
    assert "cnf" not in parsed(document).jws.payload


# --- the tamper table ----------------------------------------------------------------------------


def _bent_signature(sd_jwt: SdJwt, _: SdJwt) -> str:
    head, signature = sd_jwt.token.rsplit(".", 1)
    bent = ("B" if signature[0] != "B" else "C") + signature[1:]
    return sd_jwt.text.replace(sd_jwt.token, f"{head}.{bent}")


def _bent_claim(sd_jwt: SdJwt, _: SdJwt) -> str:
    header, _payload, signature = sd_jwt.token.split(".")
    payload = json.dumps({**sd_jwt.jws.payload, "awarded_on": "1999-01-01"})
    other = f"{header}.{encode_base64url(payload.encode())}.{signature}"
    return sd_jwt.text.replace(sd_jwt.token, other)


def _without_algorithm(sd_jwt: SdJwt, _: SdJwt) -> str:
    payload = sd_jwt.token.split(".")[1]
    header = encode_base64url(json.dumps({**sd_jwt.jws.header, "alg": "none"}).encode())
    return sd_jwt.text.replace(sd_jwt.token, f"{header}.{payload}.")


def _another_persons_name(sd_jwt: SdJwt, other: SdJwt) -> str:
    name = select(other, [("name",)]).disclosures
    return sd_jwt.with_disclosures([*select(sd_jwt, [("results",)]).disclosures, *name]).text


def _a_name_twice(sd_jwt: SdJwt, _: SdJwt) -> str:
    return sd_jwt.with_disclosures([*sd_jwt.disclosures, sd_jwt.disclosures[0]]).text


def _without_what_lies_above(sd_jwt: SdJwt, _: SdJwt) -> str:
    """Show a result without the list of results that its digest stands in."""
    whole = select(sd_jwt, [("results", 0)]).disclosures
    above = select(sd_jwt, [("results",)]).disclosures
    return sd_jwt.with_disclosures([each for each in whole if each not in above]).text


TAMPERED: dict[str, tuple[Callable[[SdJwt, SdJwt], str], str]] = {
    "a bent signature": (_bent_signature, "proof-invalid"),
    "another day of the award": (_bent_claim, "proof-invalid"),
    "no algorithm": (_without_algorithm, "jws-algorithm-refused"),
    "another person's name": (_another_persons_name, "disclosure-refused"),
    "a disclosure twice": (_a_name_twice, "disclosure-refused"),
    "a disclosure without its list": (_without_what_lies_above, "disclosure-refused"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_bent_fails_by_the_check_that_it_breaks(lasting_story: Story, how: str) -> None:
    bend, code = TAMPERED[how]
    _, sd_jwt = an_award(lasting_story)
    _, other = an_award(lasting_story, subject={"name": "Somebody Else"})
    report = lasting_story.verify(bend(sd_jwt, other))
    assert report["verdict"] in {"invalid", "unreadable"}
    assert code in failed(report), failed(report)
    assert report["subject"] == {"withheld": True}


def test_claims_that_another_organisation_signs_are_not_the_award(story: Story) -> None:
    """`iss` is all that names the issuer of these claims, so it belongs to what is looked up."""
    _, sd_jwt = an_award(story)
    rival = register(story.served, "rival")
    signer = signer_of(story, rival)
    header = {"typ": "dc+sd-jwt", "kid": signer.verification_method}
    payload = {**sd_jwt.jws.payload, "iss": rival.did}
    token = sign_jws(header, payload, signer.signer)  # type: ignore[arg-type]
    report = story.verify(sd_jwt.text.replace(sd_jwt.token, token))
    assert report["verdict"] != "valid"
    assert outcome_of(report, "in-award-register") is None
    report = story.verify(
        sd_jwt.text.replace(sd_jwt.token, sign_jws(header, sd_jwt.jws.payload, signer.signer))  # type: ignore[arg-type]
    )
    assert "issuer-key-mismatch" in failed(report)


def test_what_an_organisation_signed_and_never_recorded_is_not_in_the_register(
    story: Story,
) -> None:
    _, sd_jwt = an_award(story)
    active = signer_of(story)
    claims = sd_jwt.revealed().claims
    forged = issue_sd_jwt(
        {name: each for name, each in claims.items() if name != "cnf"},
        active.signer,
        header={"typ": "dc+sd-jwt", "kid": active.verification_method},
        concealment=Concealment(paths=[("name",)]),
    )
    report = story.verify(forged.text)
    assert (report["verdict"], failed(report)) == ("undetermined", {"not-in-award-register"})


# --- what happens afterwards ---------------------------------------------------------------------


def test_suspended_and_revoked_are_told_apart_by_its_status_list_alone(story: Story) -> None:
    made, sd_jwt = an_award(story)
    beside, _ = an_award(story)
    (entry, other) = made["status"]["entries"]
    assert [entry["purpose"], other["purpose"]] == ["revocation", "suspension"]
    assert (entry["list"], entry["index"]) == (other["list"], other["index"])
    reference = {"status_list": {"idx": entry["index"], "uri": entry["list"]}}
    assert sd_jwt.jws.payload["status"] == reference

    def value(index: int = entry["index"]) -> int:
        story.served.pass_time(seconds=30)
        answer = story.served.get(f"/status/{entry['list'].rpartition('/')[2]}")
        assert answer.headers["content-type"] == "application/statuslist+jwt"
        return read_status_list_token(parse_token(answer.text)).statuses.status(index)

    for action, expected, verdict in (
        ("suspend", SUSPENDED, "invalid"),
        ("reinstate", 0, "valid"),
        ("suspend", SUSPENDED, "invalid"),
        ("revoke", 1, "invalid"),
    ):
        assert "notice" not in story.change(made["id"], action).json()
        assert (value(), story.verify(made["document"])["verdict"]) == (expected, verdict)
    assert value(beside["status"]["entries"][0]["index"]) == 0
    story.served.instance.sequencer().sequence_once()
    assert story.served.instance.verify_log().findings == ()


def parse_token(text: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(text, options={"verify_signature": False})
    return claims


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_until": "2025-12-31"}, "credential-expired"),
        ({"valid_until": "9999-12-31"}, None),
        ({"awarded_on": "1968-07-01", "subject": {"name": PERSON}}, "issuer-out-of-period"),
    ],
)
def test_days_at_the_edges_of_what_tokens_can_say(
    lasting_story: Story, changes: dict[str, Any], code: str | None
) -> None:
    answer = lasting_story.ask_to_award(**(PERSONAL | {"format": "sd-jwt-vc"} | changes))
    if answer.status_code == 403:
        assert answer.json()["code"] == code
        return
    report = lasting_story.verify(answer.json()["document"])
    assert failed(report) == ({code} if code else set())


def test_it_is_replaced_and_its_shown_part_leads_to_the_new_one(story: Story) -> None:
    made, sd_jwt = an_award(story)
    some = select(sd_jwt, [("name",)]).text
    new = story.change(made["id"], "supersede", subject={"name": "Zuzanna Poprawiona"}).json()
    assert parsed(new["document"]).jws.payload["supersedes"] == sd_jwt.jws.payload["jti"]
    report = story.verify(some)
    assert (report["verdict"], report["replaced_by"]) == ("invalid", new["links"]["verify"])
    assert outcome_of(report, "credential-superseded") == "failed"
    assert "Poprawiona" not in str(report)


def test_a_withdrawn_accreditation_ends_it_as_it_ends_the_others(story: Story) -> None:
    second = story.register("second")
    accreditation = story.accredit(second)
    story.define(second)
    body = {"format": "sd-jwt-vc", "awarded_on": "2026-02-01"}
    made = story.award(second, **body)
    some = select(parsed(made["document"]), []).text
    assert story.verify(some)["verdict"] == "valid"
    story.withdraw(accreditation, "2026-01-15")
    report = story.verify(some)
    assert (report["verdict"], failed(report)) == ("invalid", {"issuer-accreditation-withdrawn"})


def test_it_is_no_badge(lasting_story: Story) -> None:
    made, _ = an_award(lasting_story)
    path = f"/api/v1/credentials/{made['id']}/badge.svg"
    refused = lasting_story.served.get(path, lasting_story.provider.key)
    assert (refused.status_code, refused.json()["code"]) == (409, "badge-impossible")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_page_says_what_is_not_shown(lasting_story: Story, language: str) -> None:
    _, sd_jwt = an_award(lasting_story)
    page = lasting_story.served.http.post(
        f"/verify?lang={language}",
        data={"text": select(sd_jwt, [("birthdate",)]).text},
        files={"file": ("", b"", "application/octet-stream")},
    )
    assert page.status_code == 200
    words = {"en": "Kept back by the holder", "fr": "Non montré", "ar": "لم يُظهره"}
    assert words[language] in page.text
    assert PERSON not in page.text


ODD: tuple[dict[str, Any], ...] = (
    {"results": {"_sd": "1", "...": "2", "_sd_alg": "3", "cnf": "4"}},
    {"results": {f"Part {n}": n for n in range(100)}},
    {"evidence": [{"name": "the same"}] * 50},
    {"subject": {"name": "~.~ \\u0000 '}"}},
)


@pytest.mark.parametrize("changes", ODD, ids=["reserved names", "many", "the same", "odd letters"])
def test_odd_texts_are_texts(lasting_story: Story, changes: dict[str, Any]) -> None:
    made = lasting_story.award(format="sd-jwt-vc", **changes)
    report = lasting_story.verify(made["document"])
    assert (report["verdict"], report["remarks"]) == ("valid", [])
    claims = parsed(made["document"]).revealed().claims
    for name, value in changes.get("results", {}).items():
        assert {"name": name, "value": str(value)} in claims["results"]  # type: ignore[operator]


# --- other makers' libraries ---------------------------------------------------------------------


def test_the_reference_library_verifies_it_and_the_holders_part(lasting_story: Story) -> None:
    holder = HOLDERS["did:jwk"]  # that library verifies key bindings with ES256 alone
    subject = {"name": PERSON, "id": did_jwk(holder.public_key)}
    _, sd_jwt = an_award(lasting_story, subject=subject)
    key = signer_of(lasting_story).signer.public_key
    now = lasting_story.served.clock.now()
    some = select(sd_jwt, [("name",), ("results", 0)])
    bound = bind(some, holder, audience="https://employer.example", nonce="n", issued_at=now)

    def get_key(issuer: str, header: dict[str, Any] | None = None) -> JWK:
        assert (issuer, bool(header)) == (lasting_story.provider.did, True)
        return JWK(**key.jwk)

    shown = SDJWTVerifier(bound.text, get_key, "https://employer.example", "n")
    claims = shown.get_verified_payload()
    assert (claims["name"], claims["vct"]) == (PERSON, SKILLS_TYPE)
    assert claims["results"] == [{"name": "Practice", "value": "very good"}]
    assert {"birthdate", "sub", "evidence"}.isdisjoint(claims)


def test_the_library_in_node_verifies_it_and_its_status(node_peer: NodePeer, story: Story) -> None:
    made, sd_jwt = an_award(story)
    now = story.served.clock.now()
    method = story.served.get("/orgs/college/did.json").json()["verificationMethod"][0]
    key = {"jwk": PublicKey.from_multikey(method["publicKeyMultibase"]).jwk, "algorithm": "EdDSA"}
    some = select(sd_jwt, [("name",)])
    bound = bind(some, HOLDER, audience="https://employer.example", nonce="n", issued_at=now)
    url = made["status"]["entries"][0]["list"]

    def asked() -> dict[str, Any]:
        story.served.pass_time(seconds=30)
        published = story.served.get(f"/status/{url.rpartition('/')[2]}").text
        seconds = int(story.served.clock.now().timestamp())
        return {"key": key, "nonce": "n", "currentDate": seconds, "statusLists": {url: published}}

    found = node_peer.ask("verifySdJwt", sdJwt=bound.text, **asked())
    assert found["payload"]["name"] == PERSON
    assert "birthdate" not in found["payload"]
    bent = bound.text.replace(sd_jwt.token, sd_jwt.token[:-6] + "AAAAAA")
    with pytest.raises(PeerRefused, match="Invalid JWT Signature"):
        node_peer.ask("verifySdJwt", sdJwt=bent, **asked())
    for action in ("suspend", "revoke"):
        story.change(made["id"], action)
        with pytest.raises(PeerRefused, match="Status is not valid"):
            node_peer.ask("verifySdJwt", sdJwt=bound.text, **asked())


def test_a_stranger_who_uses_our_type_is_a_stranger(lasting_story: Story) -> None:
    """The type is anybody's to name; who signed decides."""
    _, sd_jwt = an_award(lasting_story)
    stranger = Ed25519Signer.from_private_bytes(bytes(range(9, 41)))
    did = did_key(stranger.public_key)
    claims = sd_jwt.revealed().claims
    names = ("vct", "awarded_on", "achievement", "identity_check", "name", "issuer")
    made = issue_sd_jwt(
        {"iss": did, **{name: claims[name] for name in names}},
        stranger,
        header={"typ": "dc+sd-jwt", "kid": f"{did}#{did.removeprefix('did:key:')}"},
        concealment=Concealment(paths=[("name",)]),
    )
    report = verify(lasting_story.served, document=made.text)
    assert (report["verdict"], failed(report)) == ("undetermined", {"issuer-unknown"})
    assert outcome_of(report, "issuer-name-resembles") == "warned"
    assert report["achievement"]["name"] == "Welding engineer"


def test_written_as_json_and_in_another_order_it_is_the_same_award(lasting_story: Story) -> None:
    """RFC 9901, section 8: what the signature does not cover decides nothing."""
    _, sd_jwt = an_award(lasting_story)
    turned = sd_jwt.with_disclosures([*reversed(sd_jwt.disclosures)])
    for brought in (sd_jwt.as_json(), turned.text, f"{sd_jwt.text}\n"):
        report = lasting_story.verify(brought)
        assert (report["verdict"], report["remarks"]) == ("valid", [])
    report = lasting_story.verify(select(sd_jwt, []).as_json())
    assert (report["verdict"], outcome_of(report, "partly-shown")) == ("valid", "warned")
    assert lasting_story.verify(sd_jwt.token)["verdict"] == "unreadable"


def test_the_vc_api_judges_it_as_it_stands(story: Story) -> None:
    made, sd_jwt = an_award(story)
    for text in (sd_jwt.text, select(sd_jwt, []).text):
        body = {"verifiableCredential": text, "options": {}}
        assert story.served.post("/vc/credentials/verify", body).json()["verified"] is True
    story.change(made["id"], "revoke")
    answer = story.served.post("/vc/credentials/verify", body)
    assert (answer.status_code, answer.json()["verified"]) == (400, False)


def test_a_rehearsal_says_so_in_the_claims_that_are_always_shown(story: Story) -> None:
    rehearsal = story.register("rehearsal", sandbox=True)
    story.define(rehearsal)
    sd_jwt = parsed(story.award(rehearsal, format="sd-jwt-vc")["document"])
    payload: dict[str, Any] = sd_jwt.jws.payload
    assert (payload["sandbox"], payload["achievement"]["name"]) == (True, "TEST Welding engineer")
    report = story.verify(select(sd_jwt, []).text)
    assert (report["verdict"], failed(report)) == ("invalid", {"sandbox-credential"})
