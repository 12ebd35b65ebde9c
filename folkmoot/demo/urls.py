"""Below `/demo/`."""

from django.urls import path

from folkmoot.demo import views

urlpatterns = [
    path("", views.demo, name="demo"),
    path("<slug:key>/session/", views.session, name="demo_session"),
]
