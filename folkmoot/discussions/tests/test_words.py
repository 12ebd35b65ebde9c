"""What a post is made of: formatting, people named, files, quotations, reactions, and what was begun."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from folkmoot.communities.models import Community, Membership
from folkmoot.core.files import taken
from folkmoot.core.models import StoredFile
from folkmoot.core.refused import Refused
from folkmoot.discussions.actions import (
    edit_post,
    forget_old_drafts,
    keep_draft,
    react,
    remove_post,
    reply,
    start_thread,
)
from folkmoot.discussions.actions.drafts import KEPT
from folkmoot.discussions.actions.writing import LONGEST, MOST_FILES, NEW_IN_TEN_MINUTES, NEW_MENTIONS
from folkmoot.discussions.models import Attachment, Draft, Earlier, Post, Reaction, Thread
from folkmoot.discussions.tests.world import HERE, client_of, community_of, told
from folkmoot.notifications.actions import block
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


def page(person: Person, thread: Thread, query: str = "") -> str:
    return client_of(person).get(f"{HERE}{thread.pk}/{query}").content.decode()


def test_formatted_words_are_kept_safe_with_their_plain_words(people: dict[str, Person], thread: Thread):
    html = '<p>Use <b>this</b><script>alert(1)</script>, <a href="javascript:alert(1)">not that</a></p>'
    answer = client_of(people["dan"]).post(f"{HERE}{thread.pk}/", {"text": "typed", "html": html})
    assert answer.status_code == 302
    post = thread.written.get(number=2)
    assert post.text == "Use this, not that"
    assert "<b>this</b>" in post.html
    shown = page(people["eve"], thread)
    assert post.html in shown
    assert "alert(1)" not in shown
    plain = reply(by=people["dan"], thread=thread, text="x", html="<p>only</p><p>words</p>")
    assert (plain.text, plain.html) == ("only\n\nwords", ""), "what has no formatting is plain"


def test_formatting_is_edited_and_what_it_was_can_be_seen(people: dict[str, Person], thread: Thread):
    post = reply(by=people["dan"], thread=thread, text="", html="<p>a <b>bold</b> word</p>")
    dan = client_of(people["dan"])
    form = dan.get(f"{HERE}{thread.pk}/posts/2/edit/").content.decode()
    assert "a &lt;b&gt;bold&lt;/b&gt; word" in form
    edit_post(by=people["dan"], post=post, text="", html="<p>a <i>bold</i> word</p>")
    assert Earlier.objects.get().html == "<p>a <b>bold</b> word</p>"
    history = dan.get(f"{HERE}{thread.pk}/posts/2/history/").content.decode()
    assert "<p>a <i>bold</i> word</p>" in history
    assert "<p>a <b>bold</b> word</p>" in history
    remove_post(by=people["dan"], post=post)
    post.refresh_from_db()
    assert (post.text, post.html, post.earlier.count()) == ("", "", 0)


@pytest.mark.parametrize(
    ("text", "html"),
    [("", ""), (" ", "<p><br></p>"), ("x", "<p>" + "x" * LONGEST + "y</p>"), ("x", "x" * 100_001)],
)
def test_nothing_and_too_much_are_refused(people: dict[str, Person], thread: Thread, text: str, html: str):
    with pytest.raises(Refused):
        reply(by=people["dan"], thread=thread, text=text, html=html)
    assert Post.objects.count() == 1


def test_quoted_lines_are_a_quotation_and_everything_in_them_is_text(
    people: dict[str, Person], thread: Thread
):
    reply(by=people["dan"], thread=thread, text="> Eve:\n> <i>For</i> charts\n\nSo:\n> a\n>> b\nend")
    shown = page(people["eve"], thread)
    assert "<blockquote><p>Eve:<br>&lt;i&gt;For&lt;/i&gt; charts</p></blockquote><p>So:</p>" in shown
    assert "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><p>end</p>" in shown
    asked = page(people["dan"], thread, "?quote=1")
    assert "&gt; Eve:\n&gt; For charts" in asked


def test_who_is_named_hears_of_it_directly_and_once(people: dict[str, Person], thread: Thread):
    told()
    for person, text, html in [
        ("dan", "What would @Ada, or @Eve, say?", ""),
        ("ada", "", '<p>I ask <a href="/people/dan/">@Dan</a></p>'),
    ]:
        reply(by=people[person], thread=thread, text=text, html=html)
    found = told()
    assert found["ada"] == ["Dan mentioned you in “Which tool?”.", "Eve started “Which tool?”."]
    assert "Ada mentioned you in “Which tool?”." in found["dan"]
    assert found["eve"].count("Dan mentioned you in “Which tool?”.") == 1
    assert "Dan replied to “Which tool?”." not in found["eve"]


def test_who_is_not_inside_is_not_called(people: dict[str, Person], thread: Thread):
    reply(by=people["dan"], thread=thread, text="Ask @Fay", html='<p><a href="/people/fay/">@Fay</a></p>')
    assert "fay" not in told()


def test_whom_an_edit_names_is_told_and_who_was_named_before_is_not_again(
    people: dict[str, Person], thread: Thread
):
    post = reply(by=people["eve"], thread=thread, text="@Ada")
    edit_post(by=people["eve"], post=post, text="@Ada and @Dan")
    found = told()
    assert "Eve mentioned you in “Which tool?”." in found["dan"]
    (group,) = [each for each in found["ada"] if "mentioned" in each]
    assert group == "Eve mentioned you in “Which tool?”."


def test_whose_mentions_are_blocked_is_not_heard(people: dict[str, Person], thread: Thread):
    told()
    block(by=people["ada"], person=people["dan"], blocked=True)
    reply(by=people["dan"], thread=thread, text="@Ada @Eve")
    found = told()
    assert not [each for each in found["ada"] if "mentioned" in each]
    assert [each for each in found["eve"] if "mentioned" in each]
    block(by=people["ada"], person=people["dan"], blocked=False)
    reply(by=people["dan"], thread=thread, text="@Ada again")
    assert [each for each in told()["ada"] if "mentioned" in each]


def test_an_address_calls_nobody_and_costs_nothing(people: dict[str, Person], thread: Thread):
    with CaptureQueriesContext(connection) as asked:
        reply(by=people["dan"], thread=thread, text="Write to someone at ada.example, not @.")
    before = len(asked)
    with CaptureQueriesContext(connection) as asked:
        reply(by=people["dan"], thread=thread, text="Write to x@Ada.example")
    assert len(asked) == before


def test_people_to_name_are_those_of_the_community(people: dict[str, Person], data: Community):
    Person.objects.create(ref="adam", name="Adam Outside")
    ask = f"{HERE}mentionable/?q="
    dan = client_of(people["dan"])
    shown = dan.get(f"{ask}ad", headers={"HX-Request": "true"}).content.decode()
    assert "Ada" in shown
    assert "Adam" not in shown
    assert dan.get(f"{ask}zzz", headers={"HX-Request": "true"}).content.decode().strip() == ""
    assert client_of(people["fay"]).get(ask + "ad").status_code == 403


def test_files_come_with_a_post_and_go_with_it(people: dict[str, Person], thread: Thread):
    dan = client_of(people["dan"])
    file = SimpleUploadedFile("Zoë.txt", b"hello")
    assert dan.post(f"{HERE}{thread.pk}/", {"text": "See", "attachments": [file]}).status_code == 302
    attachment = Attachment.objects.get()
    where = f"{HERE}{thread.pk}/posts/2/attachments/{attachment.pk}/"
    assert "Zoë.txt" in page(people["eve"], thread)
    assert client_of(people["eve"]).get(where).headers["Location"].startswith("/files/?t=")
    assert client_of(people["fay"]).get(where).status_code == 403
    assert dan.get(where.replace("posts/2", "posts/1")).status_code == 404
    for form in ("md", "html"):
        assert "Zoë.txt" in dan.get(f"{HERE}{thread.pk}/export.{form}").content.decode()
    remove_post(by=people["dan"], post=attachment.post)
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()
    assert dan.get(where).status_code == 404


def test_a_file_is_taken_away_again(people: dict[str, Person], thread: Thread):
    files = [taken(name, b"x") for name in ("a.txt", "b.txt")]
    post = reply(by=people["dan"], thread=thread, text="See", files=files)
    page_ = f"{HERE}{thread.pk}/posts/2/edit/"
    dan = client_of(people["dan"])
    assert "a.txt" in dan.get(page_).content.decode()
    first, second = post.attachments.all()
    assert dan.post(page_, {"text": "See", "drop": [first.pk]}).status_code == 302
    assert list(post.attachments.all()) == [second]
    assert StoredFile.objects.count() == 1
    other = reply(by=people["ada"], thread=thread, text="x", files=[taken("c.txt", b"x")])
    assert dan.post(page_, {"text": "See", "drop": [other.attachments.get().pk]}).status_code == 422
    assert other.attachments.count() == 1


@pytest.mark.parametrize(
    "files",
    [[("page.html", b"<script>alert(1)</script>")], [(f"{n}.txt", b"x") for n in range(MOST_FILES + 1)]],
)
def test_files_that_are_not_taken_lose_no_words(people: dict[str, Person], thread: Thread, files: list):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client_of(people["dan"]).post(
        f"{HERE}{thread.pk}/", {"text": "My long words", "attachments": given}
    )
    assert answer.status_code == 422
    assert "My long words" in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert Post.objects.count() == 1


def test_reactions_are_counted_once_a_person_and_taken_back(people: dict[str, Person], thread: Thread):
    where = f"{HERE}{thread.pk}/posts/1/reactions/"
    for name in ("ada", "dan", "dan"):
        assert client_of(people[name]).post(where, {"give": "thanks"}).status_code == 302
    fragment = client_of(people["ada"]).post(where, {"give": "useful"}, headers={"HX-Request": "true"})
    shown = " ".join(fragment.content.decode().split())
    assert 'name="take" value="thanks" aria-pressed="true"' in shown
    assert "</span>2</button>" in shown
    client_of(people["ada"]).post(where, {"take": "thanks"})
    client_of(people["ada"]).post(where, {"give": "nonsense"})
    assert sorted(Reaction.objects.values_list("person__ref", "kind")) == [
        ("ada", "useful"),
        ("dan", "thanks"),
    ]
    assert client_of(people["fay"]).post(where, {"give": "thanks"}).status_code == 403
    remove_post(by=people["eve"], post=thread.written.get())
    with pytest.raises(Refused):
        react(by=people["ada"], post=Post.objects.get(), kind="thanks", given=True)


def test_what_somebody_began_is_there_again_until_it_is_said(people: dict[str, Person], thread: Thread):
    dan, keep = client_of(people["dan"]), f"{HERE}draft/"
    typed = {"text": "I think", "html": "<p>I <b>think</b><script>x</script></p>", "thread": thread.pk}
    for _twice in range(2):
        assert dan.post(keep, typed).status_code == 204
    assert Draft.objects.get().html == "<p>I <b>think</b></p>"
    assert "I &lt;b&gt;think&lt;/b&gt;" in page(people["dan"], thread)
    assert "think" not in page(people["ada"], thread)
    dan.post(f"{HERE}{thread.pk}/", {"text": "I think so"})
    assert not Draft.objects.exists()
    dan.post(keep, {"text": "A new thread", "title": "Tools"})
    form = dan.get(f"{HERE}new/").context["form"]
    assert (form["title"].value(), form["text"].value()) == ("Tools", "A new thread")
    dan.post(keep, {"text": " ", "title": ""})
    assert not Draft.objects.exists()


def test_a_draft_that_arrives_after_what_was_said_is_none(people: dict[str, Person], thread: Thread):
    dan = client_of(people["dan"])
    dan.post(f"{HERE}{thread.pk}/", {"text": "Said", "once": "form-1"})
    dan.post(f"{HERE}draft/", {"text": "Said", "thread": thread.pk, "once": "form-1"})
    assert not Draft.objects.exists()


def test_drafts_are_forgotten_after_two_months(people: dict[str, Person], data: Community):
    keep_draft(by=people["dan"], community=data, thread=None, text="old")
    keep_draft(by=people["eve"], community=data, thread=None, text="fresh")
    old = Draft.objects.get(person=people["dan"])
    Draft.objects.filter(pk=old.pk).update(at=old.at - KEPT)
    assert forget_old_drafts() == 1
    assert Draft.objects.get().text == "fresh"


def test_threads_that_may_be_about_the_same_are_shown_while_one_writes(
    people: dict[str, Person], data: Community
):
    other = community_of(people, "other", inside="staff")
    for community, title in [
        (data, "Which tools for charting?"),
        (data, "A picnic"),
        (other, "Charts elsewhere"),
    ]:
        start_thread(by=people["ada"], community=community, kind="question", title=title, text="?")
    dan = client_of(people["dan"])

    def shown(title: str) -> str:
        return dan.get(f"{HERE}likely/", {"title": title}, headers={"HX-Request": "true"}).content.decode()

    assert "Which tools for charting?" in shown("A good tool for a chart")
    assert "picnic" not in shown("A good tool for a chart")
    assert "elsewhere" not in shown("charts")
    assert shown("! ' & | :*").strip() == shown("").strip() == ""
    assert client_of(people["fay"]).get(f"{HERE}likely/?title=charts").status_code == 403


def test_who_is_new_is_held_back_and_keeps_their_words(people: dict[str, Person], thread: Thread):
    new = Person.objects.create(ref="new", name="New")
    Membership.objects.create(community=thread.community, person=new, role="wider", since="2024-01-08")
    client = client_of(new)
    for n in range(NEW_IN_TEN_MINUTES):
        assert client.post(f"{HERE}{thread.pk}/", {"text": f"No. {n}"}).status_code == 302
    answer = client.post(f"{HERE}{thread.pk}/", {"text": "And another thing"})
    assert answer.status_code == 422
    assert "And another thing" in answer.content.decode()
    assert "Wait ten minutes" in answer.content.decode()


def test_who_is_new_calls_a_few_people_only(people: dict[str, Person], thread: Thread):
    new = Person.objects.create(ref="new", name="New")
    others = [Person.objects.create(ref=f"o{n}", name=f"Other {n}") for n in range(NEW_MENTIONS + 1)]
    Membership.objects.bulk_create(
        Membership(community=thread.community, person=each, role="wider", since="2024-01-08")
        for each in [new, *others]
    )
    with pytest.raises(Refused):
        reply(by=new, thread=thread, text=" ".join(f"@{each.name}" for each in others))
    reply(by=people["dan"], thread=thread, text=" ".join(f"@{each.name}" for each in others))
