"""One's own profile, and photos."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from folkmoot.core.refused import Refused
from folkmoot.people.access import me, signed_in
from folkmoot.people.actions import edit_profile, remove_photo, set_photo
from folkmoot.people.forms import PhotoForm, ProfileForm
from folkmoot.people.models import Photo
from folkmoot.ui.forms import refuse

A_YEAR = 365 * 24 * 60 * 60


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """`/profile/`: what others see of me, and changing it."""
    if request.method != "POST":
        return _page(request, form=ProfileForm.about_person(me(request)))
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            edit_profile(by=me(request), **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("profile")
    return _page(request, status=422, form=form)


@signed_in
def profile_photo(request: HttpRequest) -> HttpResponse:
    """`/profile/photo/`: put a new photo, or take it away; it answers GET with the page its buttons are on."""
    if request.method != "POST":
        return redirect("profile")
    if "remove" in request.POST:
        remove_photo(by=me(request))
        return redirect("profile")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["photo"]
        try:
            set_photo(by=me(request), file=file, size=file.size)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Your photo is changed."))
            return redirect("profile")
    return _page(request, status=422, photo_form=form)


@signed_in
def photo(request: HttpRequest, key: str) -> HttpResponse:
    """`/photos/<key>/`: the image. A new photo has a new key, so this one may be kept for a year."""
    image = Photo.objects.filter(key=key).values_list("image", flat=True).first()
    if image is None:
        raise Http404
    response = HttpResponse(bytes(image), content_type="image/webp")
    response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response


def _page(
    request: HttpRequest, *, form: Form | None = None, photo_form: Form | None = None, status: int = 200
) -> HttpResponse:
    person = me(request)
    context: dict[str, Any] = {
        "person": person,
        "form": form or ProfileForm.about_person(person),
        "photo_form": photo_form or PhotoForm(),
    }
    return render(request, "people/profile.html", context, status=status)
