"""Whose calls one wants to hear no more of."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from folkmoot.notifications.actions import block
from folkmoot.notifications.kinds import kinds
from folkmoot.notifications.models import Notice
from folkmoot.people.access import me, person_with_ref, signed_in
from folkmoot.people.models import Person

LOOKED_AT, SHOWN = 200, 12


@signed_in
def blocks(request: HttpRequest) -> HttpResponse:
    """`/inbox/blocked/`: whose mentions one does not hear of, and who has mentioned one lately."""
    reader = me(request)
    if request.method == "POST":
        block(
            by=reader,
            person=person_with_ref(request.POST.get("person", "")),
            blocked=request.POST.get("blocked") == "yes",
        )
        return redirect("notice_blocks")
    blocked = [each.person for each in reader.blocks.select_related("person").order_by("person__sort_name")]
    calls = [kind.key for kind in kinds() if kind.may_be_blocked]
    lately = Notice.objects.of(reader.pk).filter(kind__in=calls).values_list("by_id", flat=True)[:LOOKED_AT]
    callers = (
        Person.objects.get_queryset().filter(pk__in=list(lately)).exclude(pk__in=[one.pk for one in blocked])
    )
    context = {"blocked": blocked, "callers": callers.order_by("sort_name")[:SHOWN]}
    return render(request, "notifications/blocks.html", context)
