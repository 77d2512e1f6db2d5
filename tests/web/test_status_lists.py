"""Published status lists: signed, the same bytes for everybody, and right."""

import base64
import gzip
from typing import Any

import pytest

from skillpassport.vc.checks.session import Policy
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import verify
from tests.support.awards import Story
from tests.support.instances import PUBLIC_URL, Served


def bit(story: Story, entry: dict[str, Any]) -> int:
    """Read one status as a stranger would, from the published bytes alone."""
    path = entry["list"].removeprefix(PUBLIC_URL)
    subject = story.served.get(path).json()["credentialSubject"]
    encoded = subject["encodedList"]
    assert encoded[0] == "u"
    octets = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    assert len(octets) * 8 >= 131_072
    assert subject["statusPurpose"] == entry["purpose"]
    index: int = entry["index"]
    return octets[index // 8] >> (7 - index % 8) & 1


def test_bits_turn_with_what_happens_and_only_those(story: Story) -> None:
    served = story.served
    made, other = story.award(), story.award()
    revocation, suspension = made["status"]["entries"]

    def bits() -> tuple[int, int]:
        return bit(story, revocation), bit(story, suspension)

    assert bits() == (0, 0)
    for action, expected in (("suspend", (0, 1)), ("reinstate", (0, 0)), ("revoke", (1, 0))):
        served.pass_time(seconds=1)
        story.change(made["id"], action)
        assert bits() == expected
    story.change(other["id"], "supersede")
    assert [bit(story, entry) for entry in other["status"]["entries"]] == [1, 0]


def test_a_list_is_signed_by_its_issuer_and_says_how_long_it_holds(story: Story) -> None:
    served = story.served
    entry = story.award()["status"]["entries"][0]
    answer = served.get(entry["list"].removeprefix(PUBLIC_URL))
    assert answer.headers["content-type"] == "application/vc"
    document = answer.json()
    assert document["id"] == entry["list"]
    assert (
        document["issuer"]["id"] if isinstance(document["issuer"], dict) else document["issuer"]
    ) == story.provider.did
    did_document: JsonObject = served.get("/orgs/college/did.json").json()

    class Published:
        """Resolvers that know what the provider publishes."""

        def did_document(self, did: str) -> JsonObject:
            assert did == story.provider.did
            return did_document

        def status_list(self, url: str) -> bytes:
            raise AssertionError(url)

        def schema(self, url: str) -> bytes:
            raise AssertionError(url)

    found = verify(
        answer.content,
        resolvers=Published(),
        now=served.clock.now(),
        policy=Policy(unsafe_skip_status=True),
    )
    assert found.report.verified(), found.report.failures
    assert document["validUntil"] > document["validFrom"]


def test_the_same_bits_are_the_same_bytes_until_something_changes(story: Story) -> None:
    served = story.served
    made = story.award()
    path = made["status"]["entries"][0]["list"].removeprefix(PUBLIC_URL)
    first = served.get(path)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert first.headers["access-control-allow-origin"] == "*"
    served.pass_time(minutes=5)
    again = served.get(path, if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    for header in ("*", f'W/{etag}, "x"', f'"x", {etag}'):
        assert served.get(path, if_none_match=header).status_code == 304
    story.change(made["id"], "revoke")
    changed = served.get(path, if_none_match=etag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag
    served.pass_time(days=1)
    renewed = served.get(path)
    assert renewed.headers["etag"] != changed.headers["etag"], "signed anew before it grows stale"


def test_a_list_belongs_to_one_did_and_purpose(story: Story) -> None:
    second = story.register("second")
    story.accredit(second)
    story.define(second)
    lists = {
        (actor.slug, entry["purpose"]): entry["list"]
        for actor in (story.provider, second)
        for _ in range(2)
        for entry in story.award(actor)["status"]["entries"]
    }
    assert len(set(lists.values())) == 4


def test_an_unknown_list_is_not_found(served: Served) -> None:
    for path in ("/status/nothing", "/status/a/b", f"/status/{'x' * 64}"):
        assert served.get(path).status_code in {404, 422}
    assert served.get("/status/nothing").json()["code"] == "status-list-unknown"


def test_fetching_a_list_needs_no_key_and_names_no_entry(story: Story) -> None:
    served = story.served
    made = story.award()
    text = served.get(made["status"]["entries"][0]["list"].removeprefix(PUBLIC_URL)).text
    assert made["id"] not in text
    assert made["document"]["id"] not in text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/statuslist+jwt"),
        ("*/*", "application/statuslist+jwt"),
        ("application/statuslist+jwt", "application/statuslist+jwt"),
        ("application/statuslist+cwt", "application/statuslist+cwt"),
        ("application/json, Application/StatusList+CWT; q=0.5", "application/statuslist+cwt"),
        ("application/statuslist+cwt;q=0.5, application/statuslist+jwt", "application/statuslist+jwt"),
        ("application/statuslist+jwt;q=0.2,application/statuslist+cwt;q=0.3", "application/statuslist+cwt"),
        ("application/statuslist+cwt;q=0", "application/statuslist+jwt"),
        ("application/statuslist+cwt;q=nan, application/statuslist+jwt", "application/statuslist+jwt"),
    ],
)  # fmt: skip
def test_a_token_list_comes_in_the_format_that_is_asked_for(
    story: Story, accept: str, media_type: str
) -> None:
    served = story.served
    with served.instance.database.transaction() as work:
        (entry,) = work.statuses.reserve(
            "token", story.provider.did, ("revocation",), work.now, form=StatusForm.TOKEN
        )
    path = entry.list_url.removeprefix(PUBLIC_URL)
    answer = served.get(path, accept=accept)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["access-control-allow-origin"] == "*"
    again = served.get(path, accept=accept, if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_list_says_how_long_it_may_be_kept(story: Story) -> None:
    answer = story.served.get(
        story.award()["status"]["entries"][0]["list"].removeprefix(PUBLIC_URL)
    )
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.json()["credentialSubject"]["ttl"] == 60_000
