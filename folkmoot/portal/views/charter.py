"""The programme's charter: what it promises, since when, and a new version."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from folkmoot.calendar.days import today
from folkmoot.charter.actions import measure_from, set_charter, withdraw_version
from folkmoot.charter.commitments import commitments
from folkmoot.charter.models import MeasuredFrom, Version
from folkmoot.core.refused import Refused
from folkmoot.people.access import me, programme_team_only, signed_in
from folkmoot.people.models import Person
from folkmoot.portal.forms import CharterForm, MeasuredFromForm
from folkmoot.ui.forms import refuse


@signed_in
def charter(request: HttpRequest) -> HttpResponse:
    """`/programme/charter/`: readable by all staff; a new version is the programme team's."""
    versions = list(Version.objects.order_by("-since"))
    in_force = Version.objects.in_force(today())
    measured = MeasuredFrom.objects.first()
    context = {
        "measured_from": measured.day if measured else min((v.since for v in versions), default=None),
        "in_force": in_force,
        "versions": [(version, _said(version)) for version in versions],
        "promises": _said(in_force),
        "today": today(),
    }
    return render(request, "portal/charter.html", context)


@programme_team_only
def charter_version(request: HttpRequest) -> HttpResponse:
    """`/programme/charter/new/`: write the version that begins on a day."""
    shown = {"seen": Version.objects.marks(), "since": today()}
    form = CharterForm(request.POST or None, version=Version.objects.in_force(today()), initial=shown)
    if request.method == "POST" and form.is_valid() and _written(request, form):
        messages.success(request, _("The charter is changed."))
        return redirect("charter")
    return render(request, "portal/charter_new.html", {"form": form}, status=422 if form.errors else 200)


@programme_team_only
def version_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """`/programme/charter/<id>/removal/`: a page that asks, and the answer."""
    version = get_object_or_404(Version, pk=pk)
    if request.method != "POST":
        return render(request, "portal/charter_removal.html", {"version": version})
    try:
        withdraw_version(by=me(request), version=version)
        messages.success(request, _("That version is withdrawn."))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("charter")


@programme_team_only
def measured_from(request: HttpRequest) -> HttpResponse:
    """`/programme/charter/measured-from/`"""
    held = MeasuredFrom.objects.first()
    form = MeasuredFromForm(request.POST or None, initial={"day": held.day if held else None})
    if request.method == "POST" and form.is_valid():
        measure_from(by=me(request), day=form.cleaned_data["day"])
        messages.success(request, _("The programme is measured from that day."))
        return redirect("charter")
    return render(request, "portal/measured_from.html", {"form": form})


def _written(request: HttpRequest, form: CharterForm) -> bool:
    assert isinstance(request.user, Person)
    given = {name: form.cleaned_data[name] for name in ("since", "note", "seen")}
    try:
        set_charter(by=request.user, thresholds=form.thresholds(), **given)
    except Refused as refusal:
        refuse(form, refusal)
        return False
    return True


def _said(version: Version) -> list[tuple[object, list[tuple[object, int]]]]:
    return [
        (each, [(threshold.label, version.value(each.key, threshold.key)) for threshold in each.thresholds])
        for each in commitments()
    ]
