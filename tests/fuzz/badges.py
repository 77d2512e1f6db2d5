"""Fuzz target: credentials in pictures, whatever the picture.

`make fuzz` runs it. What breaks `check` is kept in the corpus, which `test_corpora` replays.
"""

from time import process_time

from skillpassport.errors import SkillPassportError
from skillpassport.vc.badges import BadgeImageRefused
from skillpassport.vc.badges.png import bake_png, read_png
from skillpassport.vc.badges.svg import bake_svg, read_svg

LONGEST = 5.0


def check(data: bytes) -> None:
    """Fail for a foreign exception, for what is not found again, and for a picture that takes long."""
    start = process_time()
    for read, bake in ((read_png, bake_png), (read_svg, bake_svg)):
        try:
            read(data)
            baked = bake(data, '{"a": "<&>"}')
        except SkillPassportError as error:
            assert isinstance(error, BadgeImageRefused), error  # noqa: PT017 - no test function
            continue
        assert read(baked) == '{"a": "<&>"}'
    assert process_time() - start < LONGEST
