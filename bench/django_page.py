"""python -m bench.django_page PORT FILE: one page, compressed already, from Django."""

import os
import sys
from pathlib import Path
from typing import Any

FILE = "BENCH_DJANGO_FILE"


def make() -> Any:
    from django.conf import settings

    settings.configure(
        ROOT_URLCONF="bench.django_page",
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
        ],
    )
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    body = Path(os.environ[FILE]).read_bytes()

    def page(request: HttpRequest) -> HttpResponse:
        headers = {"Content-Encoding": "gzip", "Vary": "accept-encoding"}
        return HttpResponse(body, headers=headers)

    globals()["urlpatterns"] = [path("page", page)]
    return get_wsgi_application()


if __name__ == "__main__":
    from granian.constants import Interfaces

    from ninethirty.server import serve

    os.environ[FILE] = sys.argv[2]
    serve("bench.django_page:make", Interfaces.WSGI, ("127.0.0.1", int(sys.argv[1])))
