"""Formatted text: what is hostile is gone, what is meant stays, and its words can be read without formatting."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.core.richtext import DEEPEST, LONGEST, TAGS, as_text, clean
from folkmoot.exchange.tests.files import SHARED

PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<b>", "</b>", "<ul>", "<li>", "</ul>", "<blockquote>", "</blockquote>", "<pre>",
        "</pre>", "<br>", '<a href="https://a.example/">', '<a href="javascript:alert(1)">', "</a>", "<script>",
        "</script>", "<svg>", "<math>", "<style>", "</style>", "<img src=x onerror=alert(1)>", "<!--", "-->",
        "<![CDATA[", "]]>", "&lt;", "&nbsp;", "&#x3c;", "\u0000", "\u202e", "words", " ", "\n", "<h1>", "<", ">",
        "<div onclick=alert(1)>", "</div>", '"', "'", "`", "=", "<noscript>", "<template>", "<form action=x>",
        "<table><td>", '<a/href="x"style=1>',
    ]
)  # fmt: skip


class Seen(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_nothing_is_left_but_a_few_tags_and_good_addresses(html: str):
    safe = clean(html)
    for tag, attributes in Seen(safe).tags:
        assert tag in TAGS
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        assert re.match(r"(https?://|mailto:|/[^/\\]|/$)", attributes.get("href") or "/")
    assert bool(as_text(safe)) == bool(safe)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello <b>you</b></p><p>Two<br>lines</p>", "Hello you\n\nTwo\nlines"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul><p>x</p>", "- a\n- b\n  - c\n\nx"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
        ("<blockquote><p>said</p><p>more</p></blockquote><p>so</p>", "> said\n>\n> more\n\nso"),
        ("<ol><li><p>a</p><blockquote><p>q</p></blockquote></li><li>b</li></ul>", "1. a\n> q\n2. b"),
        ("<pre><code>a\n  b</code></pre>", "a\n  b"),
        ("<p>a &lt;b&gt; &amp; c&nbsp;d</p>", "a <b> & c d"),
        ("<p> </p><p><br></p><p>in the middle</p><p>&nbsp;</p>", "in the middle"),
        ("<h2>Title</h2><div>a</div><div>b</div>", "Title\n\na\n\nb"),
        ("<p>one<script>alert(1)</script> two<style>p{}</style></p>", "one two"),
        ("plain", "plain"),
        ("<p>  <b></b> </p>", ""),
    ],
)
def test_the_words_of_formatted_text(html: str, text: str):
    assert as_text(clean(html)) == text


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "x",
        "vbscript:x", "data:text/html,x", "//evil.example/", "/\\evil.example", "\\\\evil.example", "ftp://a.example", "file:///etc",
    ],
)  # fmt: skip
def test_a_link_to_nowhere_good_is_no_link(address: str):
    assert "href" not in clean(f'<p><a href="{address}">here</a></p>')


@pytest.mark.parametrize("address", ["https://a.example/?q=1&b=2", "mailto:a@b.example", "/people/ada/"])
def test_a_good_link_stays_and_vouches_for_nothing(address: str):
    (link,) = (
        attributes for tag, attributes in Seen(clean(f'<a href="{address}">here</a>')).tags if tag == "a"
    )
    assert link == {"href": address, "rel": "nofollow noopener noreferrer"}


@pytest.mark.parametrize("bomb", ["<b>" * 30_000, "<blockquote>" * 8_000, "<ul><li>" * 8_000, "<" * 100_000])
def test_what_is_nested_without_end_becomes_words(bomb: str):
    safe = clean(f"{bomb}the end")
    depth = deepest = 0
    for mark in re.findall(r"<(/?)\w", safe):
        depth += -1 if mark else 1
        deepest = max(deepest, depth)
    assert deepest <= DEEPEST
    assert len(safe) <= 5 * LONGEST


def test_real_posts_keep_their_words():
    source = SHARED / "discussions" / "datascience_meta_posts.jsonl"
    if not source.exists():
        return
    bodies = [json.loads(line)["body_html"] for line in source.read_text(encoding="utf-8").splitlines()]
    for body in bodies:
        safe = clean(body)
        assert {tag for tag, _attributes in Seen(safe).tags} <= TAGS
        wanted = re.findall(r"\w+", re.sub(r"<[^>]*>", " ", body.replace("&#xA;", " ")))
        found = " ".join(re.findall(r"\w+", as_text(safe)))
        plain = [word for word in wanted if len(word) > 6 and word.isascii()]
        missing = [word for word in plain if word not in found]
        assert len(missing) <= len(plain) // 50, missing
    assert len(bodies) > 500
