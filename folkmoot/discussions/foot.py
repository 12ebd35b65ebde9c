"""The foot of a post: reactions, and what its reader may do with it. Composed here, as a page has fifty of them."""

from functools import lru_cache
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from folkmoot.discussions.models import Reaction
from folkmoot.discussions.shown import ShownPost
from folkmoot.ui.icons import icon


class Words(NamedTuple):
    """What the controls say, escaped."""

    post: str
    quote: str
    edit: str
    hide: str
    show: str
    remove: str
    report: str
    answers: str
    answers_not: str


@lru_cache(maxsize=8)
def _words(language: str) -> Words:
    """In the language that is active, which is only the key."""
    said = (
        _("post"), _("Quote"), _("Edit"), _("Hide"), _("Show again"), _("Remove"), _("Report"), _("This answers it"),
        _("Not the answer after all"),
    )  # fmt: skip
    return Words(*(escape(word) for word in said))


@lru_cache(maxsize=8)
def _kinds(language: str) -> list[tuple[str, str]]:
    """(kind, label) of every reaction, likewise."""
    return [(kind.value, escape(str(kind.label))) for kind in Reaction.Kind]


def post_foot(shown: ShownPost, here: str, token: str) -> SafeString:
    """The foot of a post of the thread at `here`; `token` is the page's against forged forms."""
    language = get_language() or ""
    words = _words(language)
    proof = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'
    parts = ['<footer class="post-foot">']
    if shown.found.can_react(shown.post):
        parts += [_reactions(shown, here, proof, _kinds(language))]
    if shown.found.can_accept and shown.post.number > 1 and not shown.post.is_hidden:
        parts += [_answer(shown, here, proof, words)]
    return SafeString(
        "".join([*parts, '<p class="post-links">', *_links(shown, here, words), "</p></footer>"])
    )


def _reactions(shown: ShownPost, here: str, proof: str, kinds: list[tuple[str, str]]) -> str:
    buttons = "".join(
        f'<button name="{"take" if given and given.is_mine else "give"}" value="{kind}" '
        f'aria-pressed="{"true" if given and given.is_mine else "false"}" title="{label}">{icon(kind)}'
        f'<span class="visually-hidden">{label} </span>{given.number if given else ""}</button>'
        for kind, label in kinds
        for given in (shown.given.get(kind),)
    )
    action = f"{here}posts/{shown.post.number}/reactions/"
    return f'<form method="post" class="reactions" action="{action}" data-quiet>{proof}{buttons}</form>'


def _answer(shown: ShownPost, here: str, proof: str, words: Words) -> str:
    if shown.found.thread.answer_id == shown.post.pk:
        button = f'<button class="button quiet small">{words.answers_not}</button>'
    else:
        number = shown.post.number
        button = f'<button class="button quiet small" name="number" value="{number}">{words.answers}</button>'
    return f'<form method="post" action="{here}answer/">{proof}{button}</form>'


def _links(shown: ShownPost, here: str, words: Words) -> list[str]:
    found, post = shown.found, shown.post
    number = post.number
    behind = f'<span class="visually-hidden"> {words.post} {number}</span></a> '
    links = []
    if found.can_quote(post):
        links += [f'<a href="{here}?quote={number}#reply" data-quote="{number}">{words.quote}{behind}']
    offered = (
        (found.can_edit(post), "edit", words.edit),
        (found.can_hide(post), "hiding", words.show if post.is_hidden else words.hide),
        (found.can_remove(post), "removal", words.remove),
        (found.can_report(post), "report", words.report),
    )
    links += [f'<a href="{here}posts/{number}/{page}/">{word}{behind}' for may, page, word in offered if may]
    return links
