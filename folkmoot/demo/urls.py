"""Below `/demo/`."""

from django.urls import path

from folkmoot.demo import views

urlpatterns = [
    path("", views.demo, name="demo"),
    path("mail/", views.mail, name="demo_mail"),
    path("mail/<str:name>/", views.letter, name="demo_letter"),
    path("<slug:key>/session/", views.session, name="demo_session"),
]
