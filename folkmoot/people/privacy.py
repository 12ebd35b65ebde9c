"""What is answered to somebody who is signed in is kept by nobody on the way to them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class PrivateAnswers:
    """Middleware: `Cache-Control: private, no-store` wherever there is a session and the view says nothing itself.

    The cookie decides, so that it costs no statement. It stands outside the sessions' own middleware and so sees the
    answer that begins a session as well.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        """`answer` is what stands inside."""
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer from inside, marked."""
        response = self.answer(request)
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES or name in response.cookies:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
