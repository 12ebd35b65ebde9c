"""The letter with the minutes: read where it is opened, by whose they are, with what is theirs to do; never endless."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from folkmoot.activity.models import Entry
from folkmoot.communities.models import Community, Membership
from folkmoot.events.models import Answer, Attendance, Event
from folkmoot.meetings.actions import (
    add_item,
    decide,
    finish_action,
    give_action,
    publish_minutes,
    write_minutes,
)
from folkmoot.meetings.letters import LONGEST, LONGEST_TEXT, shorten
from folkmoot.meetings.models import Action, Item
from folkmoot.meetings.tests.world import meeting_of
from folkmoot.notifications.actions import choose, tell
from folkmoot.notifications.mailing import mail_at_once, mail_digest
from folkmoot.notifications.models import Notice
from folkmoot.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(people: dict[str, Person], data: Community) -> Event:
    return meeting_of(people, data, ahead=-1)


@pytest.fixture
def item(people: dict[str, Person], meeting: Event) -> Item:
    found = add_item(by=people["ada"], event=meeting, title="Bread & <roses>")
    return write_minutes(by=people["ada"], item=found, text="We spoke.\n-- \n<b>At length</b>.")


def give(people: dict[str, Person], event: Event, owner: str, text: str, due: date | None = None) -> Action:
    assert event.community is not None
    return give_action(
        by=people["ada"], community=event.community, event=event, owner=people[owner], text=text, due=due
    )


def published(people: dict[str, Person], event: Event) -> None:
    """Published, and everybody told of whatever is on record."""
    publish_minutes(by=people["ada"], event=event)
    for entry in Entry.objects.order_by("id"):
        tell(entry)


def letter_to(person: Person, kind: str = "minutes_published") -> tuple[str, str]:
    """What that person is sent: the letter as text, and as HTML."""
    mail.outbox.clear()
    assert mail_at_once(Notice.objects.get(person=person, kind=kind).pk)
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    return str(letter.body), str(letter.alternatives[0][0])


def test_minutes_are_read_in_the_letter(people: dict[str, Person], item: Item):
    decide(by=people["ada"], event=item.event, item=item, text="We buy\nit.")
    published(people, item.event)
    text, html = letter_to(people["sam"])
    for said in ("Sponsor meeting · Data · ", "DECIDED\n- We buy it. (Bread & <roses>)\n", "is yours to do"):
        assert said in text
    assert "\nBread & <roses>\n  We spoke.\n  -- \n  <b>At length</b>.\n" in text
    assert text.index("DECIDED") < text.index("YOURS TO DO") < text.index("MINUTES")
    assert text.count("\n-- \n") == 1, "only the letter's own foot is one"
    for said in ("Bread &amp; &lt;roses&gt;</h3>", "&lt;b&gt;At length&lt;/b&gt;", "We buy it."):
        assert said in html
    assert "<b>" not in html
    assert "<roses>" not in html


def test_ones_own_actions_are_in_it_and_done_from_it(client, people: dict[str, Person], item: Item):
    due = item.event.day + timedelta(days=400)
    mine = give(people, item.event, "sam", "Ring <them>", due=due)
    give(people, item.event, "ada", "Write to them")
    finish_action(by=people["sam"], action=give(people, item.event, "sam", "Sleep on it"))
    published(people, item.event)
    text, html = letter_to(people["sam"])
    assert f"- Ring <them> · by {due.day} {due:%B %Y}\n  It is done: http" in text
    assert "Ring &lt;them&gt;" in html
    for part in (text, html):
        assert "Write to them" not in part
        assert "Sleep on it" not in part
    found = re.search(r"(/actions/done/[^\"\s]+)", text)
    assert found
    assert f'{found[1]}"' in html
    assert client.post(found[1]).status_code == 200
    mine.refresh_from_db()
    assert mine.done_by == people["sam"]


def test_what_the_minutes_say_has_no_second_line_in_the_letter(
    people: dict[str, Person], data: Community, item: Item
):
    give(people, item.event, "sam", "Ring them")
    published(people, item.event)
    text, _html = letter_to(people["sam"], "action_given")
    assert "Ada gave you something to do" not in text
    assert text.count("Ring them") == 1
    assert mail.outbox[0].subject == "The minutes of “Sponsor meeting” are here"
    assert not Notice.objects.filter(person=people["sam"], mailed_at=None).exists()


def test_other_things_stand_before_the_minutes(people: dict[str, Person], data: Community, item: Item):
    give_action(by=people["ada"], community=data, text="Ring them", owner=people["sam"])
    published(people, item.event)
    text, html = letter_to(people["sam"])
    for part in (text, html):
        assert part.index("Ada gave you something to do") < part.index("We spoke.")
    assert mail.outbox[0].subject == "The minutes of “Sponsor meeting” are here, and 1 thing more"


def test_what_one_gave_oneself_is_in_it(people: dict[str, Person], data: Community, item: Item):
    give_action(by=people["sam"], community=data, event=item.event, text="Sign", owner=people["sam"])
    published(people, item.event)
    assert "- Sign\n  It is done: http" in letter_to(people["sam"])[0]


def test_who_only_came_as_a_guest_hears_of_their_action_alone(
    people: dict[str, Person], data: Community, item: Item
):
    Answer.objects.create(event=item.event, person=people["eve"], by=people["ada"])
    give(people, item.event, "eve", "Show the figures")
    published(people, item.event)
    assert not Notice.objects.filter(person=people["eve"], kind="minutes_published").exists()
    text, _html = letter_to(people["eve"], "action_given")
    assert "Show the figures" in text
    assert "We spoke." not in text


def test_whose_they_are_not_or_no_more_gets_none(people: dict[str, Person], item: Item):
    """Sam sponsors no longer; Dan, of the core, was in the room; so was Eve, who had been invited."""
    for name in ("dan", "eve"):
        Attendance.objects.create(event=item.event, person=people[name], how=Attendance.How.LIST)
    Answer.objects.create(event=item.event, person=people["eve"], by=people["ada"], said="going")
    published(people, item.event)
    told = Notice.objects.filter(kind="minutes_published").values_list("person__ref", flat=True)
    assert set(told) == {"sam", "eve"}
    assert "We spoke." in letter_to(people["sam"])[0]
    Notice.objects.update(mailed_at=None)
    Answer.objects.filter(person=people["sam"]).delete()
    Membership.objects.filter(person=people["sam"]).delete()
    for part in letter_to(people["sam"]):
        assert "are here." in part
        assert "We spoke." not in part


def test_a_letter_is_never_endless_and_says_where_the_rest_is(
    people: dict[str, Person], meeting: Event, django_assert_max_num_queries
):
    give(people, meeting, "sam", "Read it all")
    for number in range(30):
        made = add_item(by=people["ada"], event=meeting, title=f"Item {number}")
        write_minutes(by=people["ada"], item=made, text=f"Talk & {number}. " * 3_000)
        decide(by=people["ada"], event=meeting, item=made, text=f"Yes {number}")
    published(people, meeting)
    with django_assert_max_num_queries(20):
        text, html = letter_to(people["sam"])
    first, page = Item.objects.order_by("id")[0], f"/events/{meeting.pk}/minutes/"
    assert len(text) < LONGEST + 5_000
    assert len(html) < 60_000
    for part in (text, html):
        assert "Read it all" in part
        assert "Yes 29" in part
        assert "Talk" in part
        assert f"{page}#item-{first.pk}" in part
        assert "more than a letter holds" in part
        assert "Item 29\n" not in part
    assert max(len(line) for line in text.splitlines()) < LONGEST_TEXT + 10


def test_many_small_things_are_not_endless_either(people: dict[str, Person], meeting: Event):
    Item.objects.bulk_create(Item(event=meeting, title="x", text="&\n" * 9, place=n) for n in range(2_000))
    published(people, meeting)
    text, html = letter_to(people["sam"])
    assert len(text) < LONGEST
    assert len(html) < 40_000
    assert "more than a letter holds" in text


def test_short_minutes_send_nobody_elsewhere(people: dict[str, Person], item: Item):
    published(people, item.event)
    for part in letter_to(people["sam"]):
        assert "more than a letter holds" not in part
        assert "The rest of it" not in part


def test_a_digest_stays_one_line(people: dict[str, Person], item: Item):
    choose(by=people["sam"], kind="minutes_published", when="daily")
    published(people, item.event)
    assert mail_digest(people["sam"].pk)
    assert "are here." in str(mail.outbox[0].body)
    assert "We spoke." not in str(mail.outbox[0].body)


@pytest.mark.parametrize(("most", "left"), [(9, "Long talk"), (8, "Long ta…"), (1, "…"), (0, ""), (-5, "")])
def test_what_is_shortened_says_so(most: int, left: str):
    assert shorten("Long talk", most) == left
