"""The pages of the directory and of one's own profile."""

import html
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from folkmoot.core import clock
from folkmoot.people.directory import Search
from folkmoot.people.models import Person, Photo

from .world import person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def hana():
    return person("Hana Yıldız", ref="hana", job_title="Planner", skills_offered=["Facilitation"])


def signed_in(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def picture(kind: str = "PNG") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(file, kind)
    return SimpleUploadedFile("me.png", file.getvalue(), "image/png")


@pytest.mark.parametrize("path", ["/people/", "/profile/", "/photos/abc/", "/people/?q=hana&unit=x"])
def test_visitors_are_asked_to_sign_in_and_come_back(path):
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=%2Fp")


def test_htmx_is_told_to_move_the_whole_page_to_the_sign_in():
    answer = Client().get(
        "/people/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/people/?q=x"}
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fpeople%2F%3Fq%3Dx"


def test_a_stranger_s_address_is_not_where_one_comes_back_to():
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/people/"}
    assert Client().get("/people/", headers=headers)["HX-Redirect"] == "/accounts/login/?next=%2F"
    assert (
        Client()
        .post("/profile/", headers={"Referer": "https://evil.example/"})["Location"]
        .endswith("next=%2F")
    )


def test_the_directory_works_as_a_plain_form(hana):
    person("Zoë Smith", ref="zoe")
    page = text(signed_in(hana).get("/people/", {"q": "yildiz"}))
    assert "Hana Yıldız" in page
    assert "Zoë Smith" not in page
    assert 'value="yildiz"' in page
    assert 'href="/people/hana/"' in page


def test_while_one_types_the_same_address_gives_the_list_alone(hana):
    headers = {"HX-Request": "true", "HX-Target": "people-found"}
    answer = signed_in(hana).get("/people/", {"q": "yil"}, headers=headers)
    page = text(answer)
    assert "Hana Yıldız" in page
    assert "<html" not in page
    assert "HX-Target" in answer["Vary"]


def test_what_one_types_is_shown_as_it_is_and_runs_nothing(hana):
    page = text(signed_in(hana).get("/people/", {"q": '"><script>alert(1)</script>', "skill": "<b>"}))
    assert "<script>alert" not in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    "query", ["q=%00", "unit=%00", "skill=%00", "after=nonsense", "before=%FF", "after=WzEsMl0"]
)
def test_a_query_that_makes_no_sense_breaks_nothing(hana, query):
    text(signed_in(hana).get(f"/people/?{query}"))


def test_the_number_of_statements_does_not_grow_with_people_units_or_skills(hana):
    client = signed_in(hana)
    unit("top")
    queries = "q=per&unit=top&skill=fac"

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/people/").status_code == 200
            assert client.get(f"/people/?{queries}").status_code == 200
        return len(seen)

    person("Person 000", unit=unit("other"), skills_offered=["Facts"])
    client.get("/people/")
    few = statements()
    top = Person.objects.get(ref="hana").unit or unit("many")
    for number in range(1, 80):
        person(f"Person {number:03}", unit=unit(f"u{number}", parent=top), skills_offered=[f"Facts {number}"])
    many = statements()
    assert many <= few + 1  # one more to count where there is a second page
    assert many <= 2 * 7


def test_thousands_are_told_apart(hana, monkeypatch):
    monkeypatch.setattr(Search, "count", 1924)
    assert "1,924 people" in text(signed_in(hana).get("/people/"))


def test_a_second_page_holds_the_rest(hana):
    for number in range(60):
        person(f"Person {number:03}")
    client = signed_in(hana)
    first = text(client.get("/people/", {"q": "person"}))
    assert "60 people" in first
    assert "Person 049" in first
    assert "Person 050" not in first
    onward = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = text(client.get(f"/people/{onward}"))
    assert "Person 050" in second
    assert "Person 049" not in second


class TestProfile:
    def test_it_shows_what_others_see(self, hana):
        page = text(signed_in(hana).get("/profile/"))
        assert 'value="Hana Yıldız"' in page
        assert 'value="Facilitation"' in page
        assert "/accounts/password/set/" in page

    def test_it_is_saved(self, hana):
        sent = {"name": "Hana Y", "pronouns": "she/her", "about": "Hello", "skills_wanted": "Python, R"}
        answer = signed_in(hana).post("/profile/", sent)
        assert (answer.status_code, answer["Location"]) == (302, "/profile/")
        kept = Person.objects.get(ref="hana")
        assert (kept.name, kept.pronouns, kept.skills_wanted) == ("Hana Y", "she/her", ["Python", "R"])
        assert (kept.job_title, kept.skills_offered) == ("", [])

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"name": ""}, "This field is required"),
            ({"name": "x" * 301}, "at most 300"),
            ({"about": "x" * 2001}, "at most 2000"),
            ({"skills_offered": "y" * 81}, "at most 80 characters"),
            ({"skills_offered": ",".join(f"s{n}" for n in range(31))}, "at most 30 skills"),
            ({"name": "a\x00b"}, "Null characters"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(self, hana, wrong, says):
        sent = {"name": "Hana Y", "pronouns": "she/her", "about": "Long thoughts"} | wrong
        page = text(signed_in(hana).post("/profile/", sent), status=422)
        assert says in page
        assert 'value="she/her"' in page
        assert Person.objects.get(ref="hana").name == "Hana Yıldız"

    def test_what_an_import_changed_meanwhile_is_shown_before_it_is_overwritten(self, hana):
        client, said = signed_in(hana), 'name="seen" value="'
        Person.objects.filter(pk=hana.pk).update(skills_wanted=["R"])
        sent = {
            "name": "Hana Y",
            "job_title": "Planner",
            "skills_offered": "Facilitation",
            "skills_wanted": "R",
        }
        sent["seen"] = html.unescape(text(client.get("/profile/")).split(said)[1].split('"')[0])
        Person.objects.filter(pk=hana.pk).update(job_title="Head of Planning", skills_wanted=[])
        page = text(client.post("/profile/", sent), status=422)
        assert "Somebody changed this meanwhile" in page
        assert "Changed meanwhile, to: “Head of Planning”." in page
        assert "Changed meanwhile: empty now." in page
        assert 'value="Planner"' in page
        assert Person.objects.get(pk=hana.pk).name == "Hana Yıldız"
        sent["seen"] = html.unescape(page.split(said)[1].split('"')[0])
        assert client.post("/profile/", sent).status_code == 302
        assert Person.objects.get(pk=hana.pk).job_title == "Planner"

    def test_a_photo_is_put_shown_and_removed(self, hana):
        client = signed_in(hana)
        assert client.post("/profile/photo/", {"photo": picture()}).status_code == 302
        kept = Person.objects.get(ref="hana")
        answer = client.get(kept.photo_url)
        assert answer["Content-Type"] == "image/webp"
        assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
        assert kept.photo_url in text(client.get("/profile/"))
        assert client.post("/profile/photo/", {"remove": "yes"}).status_code == 302
        assert client.get(kept.photo_url).status_code == 404
        assert not Photo.objects.exists()

    @pytest.mark.parametrize(
        ("file", "says"),
        [
            (SimpleUploadedFile("me.png", b"<svg/>", "image/png"), "not a JPEG"),
            (SimpleUploadedFile("me.png", b"", "image/png"), "file is empty"),
            (None, "Choose a file first"),
        ],
    )
    def test_what_is_no_photo_is_said_beside_the_field(self, hana, file, says):
        page = text(signed_in(hana).post("/profile/photo/", {"photo": file} if file else {}), status=422)
        assert says in page
        assert 'value="Hana Yıldız"' in page

    def test_photos_are_put_by_post_only(self, hana):
        assert signed_in(hana).get("/profile/photo/")["Location"] == "/profile/"


def test_somebody_who_leaves_is_signed_out_with_their_next_request(hana):
    client = signed_in(hana)
    assert client.get("/profile/").status_code == 200
    Person.objects.filter(ref="hana").update(left=clock.today())
    assert client.get("/profile/").status_code == 302
