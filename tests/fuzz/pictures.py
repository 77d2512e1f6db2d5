"""Fuzz target: pictures and PDF with QR codes.

In earnest each is read by a process of its own, with limits; here the reader runs without them, so
that what would end such a process is found.
"""

from skillpassport.web.pictures import decoder, is_badge, is_picture


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for an answer of another form."""
    is_badge(data)
    if not is_picture(data):
        return
    told = decoder.answer(data)
    assert set(told) in ({"texts"}, {"fault"})
    texts = told.get("texts", [])
    assert isinstance(texts, list)
    assert len(texts) <= decoder.MAX_CODES
