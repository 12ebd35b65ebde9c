"""Pages by key: every row once, in order, forwards and back, whatever the size."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from folkmoot.core.paging import page_by_key
from folkmoot.people.models import Unit

pytestmark = pytest.mark.django_db
KEYS = ("sort_name", "id")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.sampled_from(["a", "b", "c"]), max_size=14), size=st.integers(1, 5))
def test_walking_on_and_back_shows_every_row_once(db: None, names: list[str], size: int):
    Unit.objects.all().delete()
    for n, name in enumerate(names):
        Unit.objects.create(code=str(n), name=name)
    expected = [unit.pk for unit in Unit.objects.order_by(*KEYS)]
    page = page_by_key(Unit.objects.all(), KEYS, size=size)
    pages = [page]
    assert not page.previous
    while page.next:
        page = page_by_key(Unit.objects.all(), KEYS, after=page.next, size=size)
        pages.append(page)
    assert [unit.pk for page in pages for unit in page] == expected
    for earlier in reversed(pages[:-1]):
        page = page_by_key(Unit.objects.all(), KEYS, before=page.previous, size=size)
        assert [unit.pk for unit in page] == [unit.pk for unit in earlier]
    assert not page.previous


HALF_A_LETTER, BOTTOMLESS = "WyJcdWQ4MDAiLDFd", "W1tb" * 2000


@pytest.mark.parametrize(
    "key",
    ["nonsense", "WzFd", "W10", "====", "bnVsbA", "WyJcdTAwMDAiLDFd", "é", HALF_A_LETTER, BOTTOMLESS],
    ids=lambda key: key[:16],
)
def test_a_key_that_makes_no_sense_gives_the_first_page(key: str):
    Unit.objects.create(code="1", name="a")
    assert len(page_by_key(Unit.objects.all(), KEYS, after=key, size=5)) == 1
