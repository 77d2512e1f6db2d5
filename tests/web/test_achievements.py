"""Defining what can be awarded."""

import pytest

from tests.support.awards import Story, a_story, register
from tests.support.instances import Served


def test_an_achievement_is_told_as_it_was_defined(story: Story) -> None:
    served = story.served
    shown = served.get("/api/v1/achievements/welding", story.provider.key).json()
    assert shown["framework"] == "PL:PRK"
    assert shown["level"] == "VI"
    assert shown["edition"], "the one in force when it was defined"
    assert shown["title"] == {"en": "Welding engineer", "pl": "Inżynier spawalnik"}
    assert shown["outcomes"] == [
        {"code": "W1", "statement": {"en": "Welds steel plates."}, "essential": True}
    ]
    by_id = served.get(f"/api/v1/achievements/{shown['id']}", story.provider.key)
    assert by_id.json() == shown


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"slug": "welding"}, 409, "slug-taken"),
        ({"slug": "w2", "framework": None}, 422, "level-without-framework"),
        ({"slug": "w2", "framework": "PL:NONE"}, 422, "level-not-registered"),
        ({"slug": "w2", "level": "11"}, 422, "level-not-registered"),
        ({"slug": "w2", "edition": "1850"}, 422, "level-not-registered"),
        ({"slug": "w2", "level": 6}, 422, "request-invalid"),
        ({"slug": "w2", "kind": "badge"}, 422, "request-invalid"),
        ({"slug": "w2", "isced_f": "welding"}, 422, "request-invalid"),
        ({"slug": "w2", "isco": ["21445"]}, 422, "request-invalid"),
        ({"slug": "w2", "esco": ["https://evil.example/skill/1"]}, 422, "request-invalid"),
        ({"slug": "w2", "hours": 0}, 422, "request-invalid"),
        ({"slug": "w2", "hours": "120"}, 422, "request-invalid"),
        ({"slug": "w2", "hours": True}, 422, "request-invalid"),
        ({"slug": "w2", "organisation": "org_other"}, 422, "request-invalid"),
        (
            {
                "slug": "w2",
                "outcomes": [
                    {"code": "A", "statement": {"en": "x"}},
                    {"code": "A", "statement": {"en": "y"}},
                ],
            },
            422,
            "request-invalid",
        ),
    ],
)
def test_what_cannot_be_defined(
    lasting_story: Story, changes: dict[str, object], status: int, code: str
) -> None:
    refused = lasting_story.ask_to_define(**changes)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_level_is_optional(served: Served) -> None:
    story = a_story(served, accredited=False)
    story.define(slug="first-aid", framework=None, level=None, kind="training")
    story.accredit(scope={"achievements": ["first-aid"]})
    made = story.award(achievement="first-aid")
    report = story.verify(made["document"], destination="NO")
    assert report["verdict"] == "valid"
    assert report["meaning"]["answer"] == "unknown"


def test_a_level_of_a_framework_outside_the_authoritys_remit_is_remarked(served: Served) -> None:
    story = a_story(served, accredited=False)
    story.define(slug="abroad", framework="NO:NKR", level="6.1")
    story.accredit(scope={"achievements": ["abroad", "welding"]})
    for achievement, remarked in (("abroad", True), ("welding", False)):
        report = story.verify(story.award(achievement=achievement)["document"])
        assert report["verdict"] == "valid"
        codes = [remark["code"] for remark in report["remarks"]]
        assert ("level-claimed-by-provider" in codes) is remarked


def test_other_organisations_achievements_are_unknown(story: Story) -> None:
    served = story.served
    stranger = register(served, "stranger")
    identifier = served.get("/api/v1/achievements/welding", story.provider.key).json()["id"]
    for reference in ("welding", identifier):
        refused = served.get(f"/api/v1/achievements/{reference}", stranger.key)
        assert (refused.status_code, refused.json()["code"]) == (404, "achievement-unknown")
        issued = story.ask_to_award(stranger, achievement=reference)
        assert (issued.status_code, issued.json()["code"]) == (404, "achievement-unknown")
    assert story.ask_to_define(stranger).status_code == 201, "slugs are each organisation's own"
    assert served.get("/api/v1/achievements").status_code == 401


def test_lists_are_paged_and_hold_the_own_alone(story: Story) -> None:
    served = story.served
    stranger = register(served, "stranger")
    story.define(stranger)
    for number in range(4):
        served.pass_time(seconds=1)
        story.define(slug=f"further-{number}")
    path: str | None = "/api/v1/achievements?limit=2"
    slugs: list[str] = []
    while path is not None:
        answer = served.get(path, story.provider.key)
        page = answer.json()
        slugs += [each["slug"] for each in page["items"]]
        assert ("link" in answer.headers) is (page["next"] is not None)
        path = page["next"] and f"/api/v1/achievements?limit=2&cursor={page['next']}"
    assert slugs == ["welding", "further-0", "further-1", "further-2", "further-3"]
    for query in ("limit=0", "limit=201", "cursor=x", "cursor="):
        assert served.get(f"/api/v1/achievements?{query}", story.provider.key).status_code == 422
