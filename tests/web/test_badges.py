"""Badges that are brought: the credential in the picture is what is judged."""

import json
import re

import pytest

from skillpassport.vc.badges.png import bake_png
from skillpassport.vc.badges.svg import bake_svg, read_svg
from tests.support.awards import Story
from tests.vc.test_badges import PNG, SVG


def verdict_of_upload(story: Story, image: bytes) -> str:
    page = story.served.http.post("/verify", files={"file": ("badge", image, "image/png")})
    found = re.search(r'class="verdict (\w+)"', page.text)
    assert found, page.text[:1000]
    return found[1]


@pytest.mark.parametrize("form", ["vcdm", "open-badge", "vc+jwt"])
def test_an_award_that_was_baked_into_a_picture_is_verified(
    lasting_story: Story, form: str
) -> None:
    document = lasting_story.award(format=form)["document"]
    text = document if isinstance(document, str) else json.dumps(document)
    for image in (bake_png(PNG, text), bake_svg(SVG, text)):
        assert verdict_of_upload(lasting_story, image) == "valid"
    svg = bake_svg(SVG, text).decode()
    assert lasting_story.verify(svg)["verdict"] == "valid"


@pytest.mark.parametrize("form", ["vcdm", "open-badge", "vc+jwt"])
def test_an_award_is_handed_out_as_a_badge_that_verifies(lasting_story: Story, form: str) -> None:
    served, made = lasting_story.served, lasting_story.award(format=form)
    path = f"/api/v1/credentials/{made['id']}/badge.svg"
    answer = served.get(path, lasting_story.provider.key)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "no-store"
    assert verdict_of_upload(lasting_story, answer.content) == "valid"
    baked = read_svg(answer.content)
    document = made["document"]
    assert baked == document if isinstance(document, str) else json.loads(str(baked)) == document
    assert served.get(path).status_code == 401


def test_a_picture_around_a_changed_award_is_no_better_than_the_award(
    lasting_story: Story,
) -> None:
    document = lasting_story.award()["document"]
    assert isinstance(document, dict)
    changed = json.dumps({**document, "name": "Surgeon"})
    assert verdict_of_upload(lasting_story, bake_png(PNG, changed)) == "invalid"
    assert verdict_of_upload(lasting_story, bake_svg(SVG, changed)) == "invalid"
