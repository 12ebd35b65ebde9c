"""Reading on, following, reacting without words, and saying what answers a question."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from folkmoot.activity.actions import record
from folkmoot.communities.models import Community
from folkmoot.core.refused import Refused
from folkmoot.discussions.actions.locks import has_changed, held, said_of, standing
from folkmoot.discussions.models import Post, Reaction, Reading, Thread
from folkmoot.people.models import Person


def read_thread(*, by: Person, thread: Thread, number: int) -> None:
    """`by` has read as far as that post; nobody reads backwards."""
    reading, made = Reading.objects.get_or_create(thread=thread, person=by, defaults={"number": number})
    if not made:
        Reading.objects.filter(pk=reading.pk, number__lt=number).update(number=number)


def read_all(*, by: Person, community: Community) -> None:
    """`by` has read all that a community talks about. One statement, and nobody reads backwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO discussions_reading (thread_id, person_id, number, follows)
            SELECT id, %s, posts, false FROM discussions_thread WHERE community_id = %s
            ON CONFLICT (thread_id, person_id) DO UPDATE
            SET number = GREATEST(discussions_reading.number, excluded.number)
            """,
            [by.pk, community.pk],
        )


@transaction.atomic
def follow_thread(*, by: Person, thread: Thread, follows: bool) -> None:
    """Hear of what is written in it, or no longer."""
    Reading.objects.update_or_create(thread=thread, person=by, defaults={"follows": follows})


@transaction.atomic
def react(*, by: Person, post: Post, kind: str, given: bool) -> None:
    """Say something of a post without words, or take that back. What is so already stays so. Refuses a removed post."""
    standing(post)
    if given:
        Reaction.objects.bulk_create(
            [Reaction(post=post, person=by, kind=Reaction.Kind(kind))], ignore_conflicts=True
        )
    else:
        Reaction.objects.filter(post=post, person=by, kind=kind).delete()
    has_changed(post)


@transaction.atomic
def accept_answer(*, by: Person, thread: Thread, post: Post | None) -> None:
    """That post answers the question; None takes it back. Refuses what is no question, and a removed post."""
    thread = held(thread)
    if not thread.is_question:
        raise Refused(_("Only a question has an answer."))
    if post is not None:
        post = standing(post)
    if thread.answer_id == (post.pk if post else None):
        return
    thread.answer = post
    thread.save(update_fields=["answer"])
    if post is not None:
        record("answer_accepted", by=by, about=post, community=thread.community, data=said_of(post))
