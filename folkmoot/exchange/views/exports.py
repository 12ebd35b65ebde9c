"""Exporting on the page: have a file written, and fetch it."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from folkmoot.core.refused import Refused
from folkmoot.exchange.actions import start_export
from folkmoot.exchange.forms import ExportForm
from folkmoot.exchange.models import ExportRun
from folkmoot.people.access import me, programme_team_only

RECENT = 20


@programme_team_only
def exports(request: HttpRequest) -> HttpResponse:
    """`/programme/export/`: have the programme written to a file, and find the recent ones."""
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            start_export(by=me(request), form=form.cleaned_data["form"])
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        return redirect("export")
    context = {"form": form, **_runs()}
    return render(request, "exchange/exports.html", context, status=422 if form.is_bound else 200)


@programme_team_only
def export_list(request: HttpRequest) -> HttpResponse:
    """`…/recent/`: the fragment with the recent files, which asks again by itself while one is being written."""
    if "HX-Request" not in request.headers:
        return redirect("export")
    return render(request, "exchange/_exports.html", _runs())


@programme_team_only
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """`/programme/export/<n>/`: the file."""
    run = get_object_or_404(ExportRun, pk=pk)
    if not run.is_ready:
        messages.error(request, _("This file is not ready."))
        return redirect("export")
    kinds = {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip": "application/zip",
    }
    response = StreamingHttpResponse(_pieces(run), content_type=kinds[run.form])
    response["Content-Disposition"] = f'attachment; filename="{run.name}"'
    return response


def _runs() -> dict[str, object]:
    runs = list(ExportRun.objects.recent()[:RECENT])
    return {"runs": runs, "busy": any(run.is_busy for run in runs)}


def _pieces(run: ExportRun) -> Iterator[bytes]:
    for content in run.pieces.order_by("number").values_list("content", flat=True).iterator(chunk_size=4):
        yield bytes(content)
