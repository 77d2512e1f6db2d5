"""Pictures that people bring to /verify: what their QR codes say, and what hostile ones get."""

import io
import json
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from PIL import Image, ImageOps

from skillpassport.web.pictures import (
    MAX_PICTURE_BYTES,
    PictureReader,
    PicturesBusy,
    PictureTooLarge,
    PictureUnreadable,
    decoder,
    is_picture,
)
from tests.support.awards import Story
from tests.support.instances import PUBLIC_URL, Answer, Served
from tests.support.patience import PATIENCE

TEXT = "HTTPS://PASSPORT.EXAMPLE/V/0123456789ABCDEFGHJKMNPQRS"


class InThisProcess(PictureReader):
    """Decodes without a process of its own: what is decoded is the point of most tests here."""

    def _decode(self, content: bytes) -> dict[str, object]:
        return decoder.answer(content)


READER = InThisProcess()


def a_qr(text: str = TEXT, *, border: int = 4, scale: int = 4) -> Image.Image:
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=scale, border=border)
    return Image.open(drawn).convert("L")


def saved(picture: Image.Image, kind: str = "PNG") -> bytes:
    content = io.BytesIO()
    picture.save(content, kind)
    return content.getvalue()


def a_pdf(text: str = TEXT) -> bytes:
    content = io.BytesIO()
    segno.make(text, error="m", micro=False).save(content, kind="pdf", scale=4)
    return content.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def a_png(width: int, height: int, *chunks: bytes) -> bytes:
    """Return a PNG of one bit a pixel that announces a size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def transparent(picture: Image.Image) -> Image.Image:
    clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=ImageOps.invert(picture))
    return clear


WHOLE: dict[str, Callable[[], bytes]] = {
    "PNG": lambda: saved(a_qr()),
    "JPEG": lambda: saved(a_qr(scale=8), "JPEG"),
    "WebP": lambda: saved(a_qr(), "WEBP"),
    "GIF": lambda: saved(a_qr(), "GIF"),
    "PDF": a_pdf,
    "turned a little": lambda: saved(a_qr(scale=8).rotate(12, expand=True, fillcolor=255)),
    "upside down": lambda: saved(a_qr().rotate(180)),
    "cropped to the code": lambda: saved(a_qr(border=0)),
    "on nothing": lambda: saved(transparent(a_qr())),
    "one bit a pixel": lambda: saved(a_qr().convert("1")),
    "light on dark": lambda: saved(ImageOps.invert(a_qr())),
    "small on a large photo": lambda: saved(
        ImageOps.expand(a_qr(scale=8), border=1500, fill=200), "JPEG"
    ),
    "followed by a page": lambda: saved(a_qr()) + b"<html><script>alert(1)</script>",
}


@pytest.mark.parametrize("form", WHOLE)
def test_a_code_is_read_from(form: str) -> None:
    content = WHOLE[form]()
    assert is_picture(content)
    assert READER.texts(content) == (TEXT,)


def test_a_picture_without_a_code_says_nothing() -> None:
    assert READER.texts(saved(Image.new("L", (300, 300), 255))) == ()


def text_bomb() -> bytes:
    """Return a compressed comment that expands to far more than is kept of comments."""
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 20_000_000, 9))


REFUSED: dict[str, tuple[Callable[[], bytes], type[Exception]]] = {
    "announces 3.6 gigapixels": (lambda: a_png(60_000, 60_000), PictureTooLarge),
    "announces 2^31 pixels a side": (lambda: a_png(2**31 - 1, 2**31 - 1), PictureTooLarge),
    "is a line of 50 million": (lambda: a_png(50_000_000, 1), PictureTooLarge),
    "announces 30 megapixels and is no JPEG": (lambda: a_png(6_000, 5_000), PictureTooLarge),
    "expands to 64 megapixels": (
        lambda: saved(Image.new("1", (8_000, 8_000), 1)),
        PictureTooLarge,
    ),
    "has a comment of 20 MB": (lambda: a_png(8, 8, text_bomb()), PictureUnreadable),
    "is cut short": (lambda: saved(a_qr(scale=9))[:400], PictureUnreadable),
    "has no pixels": (lambda: a_png(8, 8), PictureUnreadable),
    "has no size": (lambda: a_png(0, 0), PictureUnreadable),
    "is only a beginning": (lambda: b"\x89PNG\r\n\x1a\n", PictureUnreadable),
    "is a cut JPEG": (lambda: saved(a_qr(), "JPEG")[:300], PictureUnreadable),
    "is a beginning of a PDF": (lambda: b"%PDF-1.7\n", PictureUnreadable),
    "is a PDF cut short": (lambda: a_pdf()[:200], PictureUnreadable),
    "is PostScript in a JPEG's coat": (
        lambda: b"\xff\xd8\xff%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run",
        PictureUnreadable,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_is_refused_that(what: str) -> None:
    make, error = REFUSED[what]
    with pytest.raises(error):
        READER.texts(make())


def test_a_photo_of_thirty_megapixels_is_read() -> None:
    photo = io.BytesIO()
    a_qr().convert("L").resize((6_000, 5_000)).save(photo, "JPEG", quality=20)
    assert PictureReader(seconds=PATIENCE).texts(photo.getvalue()) == (TEXT,)


def test_a_pdf_of_absurd_pages_is_drawn_small() -> None:
    huge = a_pdf().replace(b"/MediaBox", b"/MediaBox[0 0 9e8 9e8]/Ignored", 1)
    started = time.process_time()
    assert READER.texts(huge) in {(), (TEXT,)}
    assert time.process_time() - started < 50


@pytest.mark.parametrize(
    ("content", "picture"),
    [
        (b"\x89PNG\r\n\x1a\nrest", True),
        (b"RIFF\0\0\0\0WEBPVP8 ", True),
        (b"RIFF\0\0\0\0WAVEfmt ", False),
        (b'{"@context": []}', False),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),
        (b"BM\0\0", False),
        (b"", False),
        (a_png(8, 8, chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{}")), False),
    ],
)
def test_what_begins_like_a_picture_is_one(content: bytes, picture: bool) -> None:
    assert is_picture(content) is picture


def test_only_a_few_are_read_at_once() -> None:
    reader = InThisProcess(patience=0.01)
    with reader._turns, reader._turns, pytest.raises(PicturesBusy):
        reader.texts(saved(a_qr()))
    assert reader.texts(saved(a_qr())) == (TEXT,)


def bring(served: Served, content: bytes, name: str = "photo.png", **fields: str) -> Answer:
    return served.http.post(
        "/verify",
        data=fields,
        files={"file": (name, content, "application/octet-stream")},
        follow_redirects=False,
    )


@pytest.fixture(scope="module")
def within(lasting_story: Story) -> Story:
    """Read pictures in this process, for the one instance of this module."""
    lasting_story.served.http.app.state.pictures = READER  # type: ignore[attr-defined]
    return lasting_story


def test_the_picture_of_a_printed_code_leads_to_its_page(within: Story) -> None:
    code = within.award()["code"]
    photo = saved(a_qr(f"{PUBLIC_URL.upper()}/V/{code}"))
    answer = bring(within.served, photo, destination="NO")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/v/{code}?destination=NO"


def test_of_several_codes_ours_is_followed(within: Story) -> None:
    code = within.award()["code"]
    ours, other = a_qr(code), a_qr("https://advertising.example/")
    both = Image.new("L", (ours.width + other.width, max(ours.height, other.height)), 255)
    both.paste(other, (0, 0))
    both.paste(ours, (other.width, 0))
    assert bring(within.served, saved(both)).headers["location"] == f"/v/{code}"


def test_a_document_in_a_code_is_verified(within: Story) -> None:
    page = bring(within.served, saved(a_qr(json.dumps({"type": "Something"}))))
    assert page.status_code == 200
    assert "verdict unreadable" in page.text


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (saved(Image.new("L", (64, 64), 255)), 422, "No QR code was found"),
        (a_png(60_000, 60_000), 413, "too many pixels"),
        (a_png(8, 8), 422, "could not be read"),
        (b"\xff\xd8\xff" + bytes(MAX_PICTURE_BYTES), 413, "too large"),
        (b"[" * 1_100_000, 413, "too large"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_form(
    within: Story, content: bytes, status: int, said: str
) -> None:
    answer = bring(within.served, content)
    assert answer.status_code == status
    assert said in answer.text
    assert 'id="text"' in answer.text


@pytest.mark.slow
def test_a_process_of_its_own_reads_it() -> None:
    reader = PictureReader(seconds=PATIENCE)
    assert reader.texts(saved(a_qr())) == (TEXT,)
    assert reader.texts(a_pdf()) == (TEXT,)


@pytest.mark.slow
@pytest.mark.parametrize("what", REFUSED)
def test_a_process_of_its_own_refuses_what(what: str) -> None:
    make, error = REFUSED[what]
    with pytest.raises(error):
        PictureReader(seconds=PATIENCE).texts(make())


@pytest.mark.slow
def test_a_process_that_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import signal; signal.pause()")
    monkeypatch.setattr(decoder, "__file__", str(endless))
    with pytest.raises(PictureUnreadable):
        PictureReader(seconds=0.1).texts(saved(a_qr()))


@pytest.mark.slow
@pytest.mark.parametrize(
    "deed", ["bytearray(2 * 1024**3)", "print('x' * 3_000_000)", "[0 for _ in iter(int, 1)]"]
)
def test_the_kernel_ends_a_decoder_that_takes_memory_disk_or_time(
    deed: str, tmp_path: Path
) -> None:
    program = f"from skillpassport.web.pictures import decoder; decoder.restrict(); {deed}"
    with (tmp_path / "said").open("wb") as said:
        ended = subprocess.run(
            [sys.executable, "-c", program],
            stdout=said,
            stderr=subprocess.DEVNULL,
            timeout=10 * PATIENCE,
            check=False,
        )
    assert ended.returncode != 0
    assert (tmp_path / "said").stat().st_size <= decoder.OUTPUT_BYTES


@pytest.mark.slow
def test_a_decoder_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text("import os, json; print(json.dumps({'texts': sorted(os.environ)}))")
    monkeypatch.setattr(decoder, "__file__", str(spy))
    monkeypatch.setenv("SKILLPASSPORT_MASTER_KEY", "of nobody else's business")
    known = PictureReader(seconds=PATIENCE).texts(b"\x89PNG\r\n\x1a\n")
    assert not [name for name in known if name.startswith("SKILLPASSPORT")]
