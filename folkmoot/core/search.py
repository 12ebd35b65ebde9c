"""Finding rows by the beginnings of their words, on a column of folded words made in Python."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Func, GeneratedField, Value

from folkmoot.core.text import words

MOST_TERMS = 8


def words_column(source: str = "search_key") -> GeneratedField:
    """A stored column of the space-separated words of the text column `source`, to be given a GIN index.

    No dictionary and no stemming: the words are taken as they are, so names in any script are found.
    """
    split: Any = Func(F(source), Value(" "), function="string_to_array")
    return GeneratedField(
        expression=Func(split, function="array_to_tsvector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )


class Beginnings(SearchQuery):
    """A query of the folded words as they are: Django would send anything but a SearchQuery through a parser."""

    template = "(%(expressions)s)::tsquery"


def beginning_with(text: str) -> Beginnings | None:
    """The condition value for `words=…`: every word of `text` begins a word of the row; None when there is no word."""
    terms = words(text)[:MOST_TERMS]
    if not terms:
        return None
    return Beginnings(" & ".join(f"'{term}':*" for term in terms))
