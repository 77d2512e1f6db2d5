"""DID documents: every key that ever signed stays published, so what it signed stays valid."""

import pytest

from tests.support.awards import Story, a_story
from tests.support.instances import Served, an_instance


@pytest.mark.parametrize("form", ["vcdm", "open-badge", "vc+jwt", "sd-jwt-vc"])
def test_after_a_rotation_old_and_new_credentials_are_valid(
    served_anywhere: Served, form: str
) -> None:
    story = a_story(served_anywhere)
    old = story.award(format=form)["document"]
    before = served_anywhere.get("/orgs/college/did.json")
    served_anywhere.pass_time(days=30)
    created, retired = served_anywhere.instance.rotate_key("college")
    assert retired is not None
    new = story.award(format=form)["document"]
    after = served_anywhere.get("/orgs/college/did.json").json()
    methods = {method["id"]: method for method in after["verificationMethod"]}
    assert set(methods) == {retired.verification_method, created.verification_method}
    assert methods[retired.verification_method] == before.json()["verificationMethod"][0]
    assert set(after["assertionMethod"]) == set(methods)
    for method in methods.values():
        assert {"expires", "revoked"}.isdisjoint(method)
    for document in (old, new):
        assert story.verify(document)["verdict"] == "valid"
    if form == "vcdm":
        assert old["proof"]["verificationMethod"] == retired.verification_method
        assert new["proof"]["verificationMethod"] == created.verification_method


def test_a_did_document_is_public_with_a_strong_etag(story: Story) -> None:
    served = story.served
    for path, did in (
        ("/orgs/college/did.json", story.provider.did),
        ("/.well-known/did.json", "did:web:passport.example"),
    ):
        answer = served.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/did+json"
        assert answer.json()["id"] == did
        assert served.get(path, if_none_match=answer.headers["etag"]).status_code == 304
        for method in answer.json()["verificationMethod"]:
            assert method["controller"] == did
            assert method["id"].startswith(f"{did}#")
    for slug in ("nobody", story.provider.id, "COLLEGE", ".."):
        assert served.get(f"/orgs/{slug}/did.json").status_code == 404


def test_a_later_public_address_rewrites_nothing(story: Story) -> None:
    served = story.served
    made = story.award()
    served.instance.close()
    moved = "https://new.example"
    with an_instance(
        served.folder,
        served.clock,
        public_url=moved,
        public_url_aliases="https://passport.example",
    ) as later:
        document = later.get("/orgs/college/did.json").json()
        assert document["id"] == story.provider.did
        body = {"document": made["document"]}
        assert later.post("/api/v1/verifications", body).json()["verdict"] == "valid"
        shown = later.get(f"/api/v1/credentials/{made['id']}", story.provider.key).json()
        assert shown["document"] == made["document"]
        assert shown["status"]["entries"] == made["status"]["entries"]
        assert shown["links"]["verify"] == f"{moved}/v/{made['code']}"
