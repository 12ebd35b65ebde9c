"""The channel of a community."""

from django.urls import path

from folkmoot.channels.views import channels

urlpatterns = [
    path("communities/<slug:slug>/channel/", channels.channel, name="channel"),
    path("communities/<slug:slug>/channel/trial/", channels.trial, name="channel_trial"),
    path("communities/<slug:slug>/channel/removal/", channels.removal, name="channel_removal"),
]
