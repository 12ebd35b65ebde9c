"""Whether the site is ready, for whatever looks after it."""

from django.http import HttpRequest, JsonResponse

from folkmoot.site.checks import readiness


def readyz(request: HttpRequest) -> JsonResponse:
    """`/readyz`: database, migrations and worker; 503 while one of them is not there.

    Anybody may ask, so it says no more; the sentences are the doctor's.
    """
    found = readiness()
    ready = all(check.fine for check in found)
    checks = {check.name: "ready" if check.fine else "not ready" for check in found}
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)
