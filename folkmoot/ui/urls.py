"""The style guide's address."""

from django.urls import path

from folkmoot.ui import views

urlpatterns = [path("styleguide", views.styleguide, name="styleguide")]
