"""Reporting a post, and the queue of those who look after the community."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from folkmoot.communities.access import FOR_LEADS, Standing, of_community
from folkmoot.communities.views.header import header, say_no
from folkmoot.core.refused import Refused
from folkmoot.discussions.access import can_moderate, inside, post_for
from folkmoot.discussions.actions import report_post, settle_reports
from folkmoot.discussions.forms import ReasonForm
from folkmoot.discussions.models import Report
from folkmoot.people.access import me
from folkmoot.ui.forms import refuse

MOST = 100


@inside
def report(request: HttpRequest, standing: Standing, pk: int, number: int) -> HttpResponse:
    """`…/posts/<n>/report/`: say why somebody should look at it."""
    found, post = post_for(standing, pk, number)
    if not found.can_report(post):
        raise PermissionDenied(_("One reports what others wrote."))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report_post(by=me(request), post=post, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refuse(form, refused)
        else:
            messages.success(request, _("Thank you. The leads will look at it."))
            return redirect(found.thread)
    context = {"form": form, "post": post, "thread": found.thread}
    status = 422 if form.is_bound else 200
    return render(request, "discussions/report.html", header(standing, "talk") | context, status=status)


@of_community(may=can_moderate, reason=FOR_LEADS, locks=False)
def reports(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`/communities/<slug>/threads/reports/`: what was reported and nobody has looked at."""
    waiting = Report.objects.waiting(standing.community.pk).select_related("by", "post__by", "post__thread")[
        :MOST
    ]
    return render(request, "discussions/reports.html", header(standing, "talk") | {"reports": waiting})


@of_community(may=can_moderate, reason=FOR_LEADS, locks=False)
def settlement(request: HttpRequest, standing: Standing, pk: int) -> HttpResponse:
    """`…/reports/<n>/settlement/`: the post goes, or it stays."""
    if request.method == "POST":
        found = get_object_or_404(Report.objects.select_related("post__thread"), pk=pk)
        _thread, post = post_for(standing, found.post.thread_id, found.post.number)
        try:
            settle_reports(by=me(request), post=post, remove=request.POST.get("remove") == "yes")
        except Refused as refused:
            say_no(request, refused)
    return redirect("thread_reports", standing.community.slug)
