"""What people say about themselves, and their photos."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageStat

from folkmoot.activity.models import Entry
from folkmoot.core.refused import Refused
from folkmoot.people import actions, photos
from folkmoot.people.models import Person, Photo

from .world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana():
    return person("Hana Yildiz", job_title="Planner")


def image(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **options) -> io.BytesIO:
    file = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(file, kind, **options)
    file.seek(0)
    return file


def put(by: Person, file: io.BytesIO) -> Person:
    return actions.set_photo(by=by, file=file, size=len(file.getvalue()))


def test_a_profile_is_changed_and_the_ledger_keeps_what_not_the_words(hana):
    actions.edit_profile(by=hana, name="Hana Yıldız", about="Ask me about timetables.")
    kept = Person.objects.get(pk=hana.pk)
    assert (kept.name, kept.about, kept.sort_name) == (
        "Hana Yıldız",
        "Ask me about timetables.",
        "hana yildiz",
    )
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.by_id, entry.about_id) == ("profile_edited", hana.pk, hana.pk)
    assert entry.data == {"changed": ["about", "name"]}


def test_what_people_wrote_themselves_is_theirs_from_then_on(hana):
    actions.edit_profile(by=hana, name="Hana Yıldız", job_title="Planner")
    assert Person.objects.get(pk=hana.pk).own_fields == ["name"]


def test_saving_without_a_change_writes_nothing(hana):
    actions.edit_profile(by=hana, name="Hana Yildiz")
    assert not Entry.objects.exists()


def test_an_empty_name_is_refused_beside_its_field(hana):
    with pytest.raises(Refused) as refusal:
        actions.edit_profile(by=hana, name="  ")
    assert refusal.value.field == "name"


def test_skills_are_kept_once_whatever_their_case(hana):
    actions.edit_profile(by=hana, skills_offered=["Facilitation", "Café", " facilitation ", "cafe", "R"])
    assert Person.objects.get(pk=hana.pk).skills_offered == ["Facilitation", "Café", "R"]


@pytest.mark.parametrize("skills", [["x" * 81], [f"skill {n}" for n in range(31)]])
def test_skills_too_long_or_too_many_are_refused_beside_their_field(hana, skills):
    with pytest.raises(Refused) as refusal:
        actions.edit_profile(by=hana, skills_wanted=skills)
    assert refusal.value.field == "skills_wanted"


def test_nothing_else_of_a_person_can_be_edited(hana):
    with pytest.raises(TypeError):
        actions.edit_profile(by=hana, on_programme_team=True)


@pytest.mark.parametrize(
    "file",
    [
        image("JPEG"),
        image("PNG", mode="RGBA"),
        image("PNG", mode="P"),
        image("PNG", mode="L", size=(90, 300)),
        image("GIF"),
        image("WEBP", size=(2400, 1200)),
        image("JPEG", mode="CMYK"),
        image("PNG", size=(1, 1)),
    ],
    ids=lambda file: f"{len(file.getvalue())} bytes",
)
def test_a_photo_becomes_a_small_square_webp(hana, file):
    kept = put(hana, file)
    stored = bytes(Photo.objects.get(key=kept.photo_key).image)
    assert len(stored) <= 20 * 1024
    with Image.open(io.BytesIO(stored)) as small:
        assert small.format == "WEBP"
        assert small.width == small.height <= 256


def test_nothing_of_the_file_but_its_pixels_is_kept(hana):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (51.0, 31.0, 0.0)}
    exif[0x010E] = "taken at home"
    kept = put(hana, image("JPEG", exif=exif))
    stored = bytes(Photo.objects.get(key=kept.photo_key).image)
    assert b"taken at home" not in stored
    with Image.open(io.BytesIO(stored)) as small:
        assert not small.getexif()
        assert "icc_profile" not in small.info


def test_a_photo_that_lies_on_its_side_is_put_upright(hana):
    wide = Image.new("RGB", (200, 200), "white")
    wide.paste((200, 0, 0), (0, 0, 200, 100))
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    wide.save(file, "JPEG", exif=exif)
    file.seek(0)
    kept = put(hana, file)
    with Image.open(io.BytesIO(bytes(Photo.objects.get(key=kept.photo_key).image))) as small:
        right = small.convert("RGB").crop((small.width - 40, 0, small.width, small.height))
        red, _green, blue = ImageStat.Stat(right).mean
    assert red > 150 > blue


def bomb(width: int = 30_000, height: int = 30_000) -> io.BytesIO:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + data)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (io.BytesIO(b"<html>not an image</html>"), "not a JPEG"),
        (io.BytesIO(b""), "not a JPEG"),
        (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "not a JPEG"),
        (image("TIFF"), "not a JPEG"),
        (io.BytesIO(image("PNG").getvalue()[:-3000]), "damaged"),
        (io.BytesIO(image("JPEG").getvalue()[:400]), "damaged|not a JPEG"),
        (bomb(), "too many pixels"),
        (bomb(6000, 5000), "too many pixels"),
        (bomb(100, 100), "damaged"),
    ],
    ids=["html", "empty", "svg", "tiff", "cut png", "cut jpeg", "bomb", "large", "hollow"],
)
def test_what_is_no_photo_is_refused_in_a_sentence(hana, file, says):
    with pytest.raises(Refused, match=says) as refusal:
        put(hana, file)
    assert refusal.value.field == "photo"
    assert not Photo.objects.exists()
    assert not Entry.objects.exists()


def test_a_progressive_jpeg_may_be_no_larger_than_what_is_unfolded_whole(hana, monkeypatch):
    monkeypatch.setattr(photos, "MOST_PIXELS_OTHERWISE", 640 * 480 - 1)
    put(hana, image("JPEG"))
    with pytest.raises(Refused, match="too many pixels"):
        put(hana, image("JPEG", progressive=True))


def test_a_file_too_large_is_refused_before_it_is_opened(hana):
    with pytest.raises(Refused, match="15 MB"):
        actions.set_photo(by=hana, file=image(), size=15 * 1024 * 1024 + 1)


def test_a_new_photo_has_a_new_key_and_the_old_one_is_gone(hana):
    first = put(hana, image()).photo_key
    second = put(hana, image()).photo_key
    assert first != second
    assert list(Photo.objects.values_list("key", flat=True)) == [second]
    assert Entry.objects.filter(verb="photo_set").count() == 2


def test_a_photo_is_taken_away_once(hana):
    put(hana, image())
    actions.remove_photo(by=hana)
    actions.remove_photo(by=hana)
    assert Person.objects.get(pk=hana.pk).photo_url == ""
    assert not Photo.objects.exists()
    assert Entry.objects.filter(verb="photo_removed").count() == 1
