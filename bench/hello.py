"""The yardstick: a bare Django view that answers "hello", no middleware, under gunicorn with one sync worker."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """Five letters."""
    return HttpResponse("hello")


urlpatterns = [path("", hello)]
settings.configure(SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], DEBUG=False)
application = get_wsgi_application()
