"""Importing on the page: upload, look, correct the columns, import."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from folkmoot.core.refused import Refused
from folkmoot.exchange.actions import apply_import, discard_import, match_columns, upload_import
from folkmoot.exchange.forms import ColumnsForm, UploadForm
from folkmoot.exchange.models import ImportRun
from folkmoot.exchange.showing import shown
from folkmoot.people.access import me, programme_team_only

RECENT = 20


def posted(view: Callable[[HttpRequest, int], HttpResponse]) -> Callable[[HttpRequest, int], HttpResponse]:
    """For the address of a button: it answers GET with the page that the button is on."""

    @wraps(view)
    def door(request: HttpRequest, pk: int) -> HttpResponse:
        return view(request, pk) if request.method == "POST" else redirect("import_run", pk)

    return door


@programme_team_only
def imports(request: HttpRequest) -> HttpResponse:
    """`/programme/import/`: upload files, and find the recent imports again."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        files = [(file.name, file) for file in form.cleaned_data["chosen"]]
        run = upload_import(by=me(request), files=files, encoding=form.cleaned_data["encoding"])
        return redirect("import_run", run.pk)
    context = {"form": form, "runs": ImportRun.objects.recent()[:RECENT]}
    return render(request, "exchange/imports.html", context, status=422 if form.is_bound else 200)


@programme_team_only
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """`/programme/import/<n>/`: how far it is, what is wrong, what would happen."""
    return _page(request, get_object_or_404(ImportRun.objects.select_related("by"), pk=pk))


@programme_team_only
def import_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """`…/progress/`: the fragment that asks again by itself; when there is something to see, the page comes anew."""
    run = get_object_or_404(ImportRun.objects.defer("result"), pk=pk)
    if "HX-Request" not in request.headers:
        return redirect("import_run", pk)
    response = render(request, "exchange/_progress.html", {"run": run})
    if not run.is_busy:
        response["HX-Refresh"] = "true"
    return response


@programme_team_only
@posted
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """`…/columns/`: say which column is which, and have it checked again."""
    run = get_object_or_404(ImportRun, pk=pk)
    form = ColumnsForm(request.POST, run=run)
    if not form.is_valid():
        return _page(request, run, form, status=422)
    mapping = form.mapping(run.mapping)
    return _after(
        request,
        run,
        lambda: match_columns(
            by=me(request), run=run, mapping=mapping, encoding=form.cleaned_data["encoding"]
        ),
    )


@programme_team_only
@posted
def import_application(request: HttpRequest, pk: int) -> HttpResponse:
    """`…/application/`: import it, all or what is sound."""
    run = get_object_or_404(ImportRun, pk=pk)
    skip = request.POST.get("skip_bad_rows") == "yes"
    return _after(request, run, lambda: apply_import(by=me(request), run=run, skip_bad_rows=skip))


@programme_team_only
@posted
def import_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """`…/removal/`: forget the upload."""
    run = get_object_or_404(ImportRun, pk=pk)
    try:
        discard_import(by=me(request), run=run)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("import_run", pk)
    messages.success(request, _("The upload is forgotten."))
    return redirect("import")


def _after(request: HttpRequest, run: ImportRun, act: Any) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("import_run", run.pk)


def _page(
    request: HttpRequest, run: ImportRun, form: ColumnsForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"run": run, "columns": form or ColumnsForm(run=run), **shown(run)}
    return render(request, "exchange/import_run.html", context, status=status)
