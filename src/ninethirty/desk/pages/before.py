"""Where a personal link leads: what its reader may see before everybody else does.

No cookie is set here and none is asked for. Everything is asked for by a form that the reader's own
browser signs, with a key it cannot give away, or by a code that was mailed to them.
"""

from functools import lru_cache
from urllib.parse import quote

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from ninethirty.core.access import DUTIES
from ninethirty.core.errors import Malformed, NotAllowed, OutsideFailed
from ninethirty.core.seal import PAGE, File, Manifest
from ninethirty.desk import marked
from ninethirty.desk.actions.access.link import Asking, read_link
from ninethirty.desk.actions.access.open import (
    Opened,
    Proof,
    files_of,
    list_files,
    open_file,
    refused,
)
from ninethirty.desk.actions.access.sign_in import send_code, sign_in
from ninethirty.desk.actions.access.stands import check_stands
from ninethirty.desk.pages.console import frame
from ninethirty.desk.pages.console.release import page_alone
from ninethirty.desk.public.preview import AFTER
from ninethirty.desk.record.models import AccessEntry
from ninethirty.desk.setup import setup
from ninethirty.desk.shelving.words import size

SEND, BEGIN, FILES, OPEN = "send", "begin", "list", "open"
"""What a form asks for."""

_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
_PAGES_KEPT = 64


@csrf_exempt  # no cookie says who it is
@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # it takes any view
@never_cache
def page(request: HttpRequest, token: str) -> HttpResponse:
    try:
        asking = read_link(token)
    except NotAllowed as no:
        return _refuse(request, str(no))
    sent = request.POST
    act = sent.get("act", "") if request.method == "POST" else ""
    proof = Proof(sent.get("at", ""), sent.get("signed", ""), sent.get("code", ""))
    try:
        if act == OPEN:
            return _answer(open_file(asking, sent.get("what", ""), proof, by=asking.reader))
        if act == FILES:
            title, files = list_files(asking, proof, by=asking.reader)
            return _list(request, asking, title, files)
        with refused(asking, by=asking.reader):
            if act == BEGIN:
                return _begin(request, asking)
            entry = check_stands(asking)
            if act == SEND:
                send_code(asking, by=asking.reader)
            return _door(request, asking, entry, sent=act == SEND)
    except (NotAllowed, Malformed) as no:
        return _again(request, asking, str(no), 403, known=act != FILES)
    except OutsideFailed as failed:
        return _again(request, asking, str(failed), 502)


@require_safe
@never_cache
def stands(request: HttpRequest, token: str) -> HttpResponse:
    """Asked every other second by a page that shows something, so that what was taken back is on no
    screen for long. The present as the desk has it; 403 and the sentence once it is over."""
    try:
        check_stands(read_link(token))
    except NotAllowed as no:
        return HttpResponse(str(no), "text/plain; charset=utf-8", 403)
    return HttpResponse(setup().clock().now().text(), "text/plain; charset=utf-8")


def _begin(request: HttpRequest, asking: Asking) -> HttpResponse:
    sign_in(
        asking,
        request.POST.get("code", ""),
        request.POST.get("browser", ""),
        accepts="accepts" in request.POST,
        by=asking.reader,
    )
    return _list(request, asking, *files_of(asking))


def _list(
    request: HttpRequest, asking: Asking, title: str, files: tuple[File, ...]
) -> HttpResponse:
    entry = AccessEntry.objects.get(id=asking.entry)
    return frame.page(
        request,
        "before_list.html",
        _("Before release"),
        token=asking.token,
        release=title,
        rows=[(file, size(file.size_bytes), marked.how(file.media_type)) for file in files],
        page_name=PAGE,
        signed=bool(entry.browser),
        purpose=entry.purpose,
        duties=DUTIES,
        now=setup().clock().now().text(),
    )


def _door(
    request: HttpRequest,
    asking: Asking,
    entry: AccessEntry,
    status: int = 200,
    *,
    sent: bool = False,
    problem: str = "",
    known: bool = True,
) -> HttpResponse:
    """What the link alone shows: not even which release it is about. known: a browser that has a
    key may try it."""
    return frame.page(
        request,
        "before_door.html",
        _("Before release"),
        status,
        token=asking.token,
        sent=sent,
        problem=problem,
        code=bool(entry.code) or sent,
        accepted=entry.accepted is not None,
        duties=DUTIES,
        now=setup().clock().now().text(),
        known=known,
    )


def _again(
    request: HttpRequest, asking: Asking, sentence: str, status: int, *, known: bool = True
) -> HttpResponse:
    """The door once more with what is wrong, as long as the entry stands; else the sentence."""
    try:
        entry = check_stands(asking)
    except NotAllowed:
        return _refuse(request, sentence, status)
    return _door(request, asking, entry, status, problem=sentence, known=known)


def _refuse(request: HttpRequest, sentence: str, status: int = 403) -> HttpResponse:
    return frame.page(
        request, "refused.html", _("Nothing is shown here"), status, sentence=sentence
    )


def _answer(opened: Opened) -> HttpResponse:
    """Its fact is written by now."""
    file = opened.file
    if file.name == PAGE:
        content = _page(opened.manifest).encode()
        answer = HttpResponse(marked.marked(content, "text/html", opened.mark))
        answer["Content-Security-Policy"] = f"{_SANDBOX} frame-ancestors 'self'"
        answer["X-Frame-Options"] = "SAMEORIGIN"
        return answer
    content = setup().shelf().read(file.digest)
    answer = HttpResponse(
        marked.marked(content, file.media_type, opened.mark), content_type=file.media_type
    )
    name = quote(f"{opened.mark.copy}-{file.name.rpartition('/')[2]}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer["Content-Security-Policy"] = _SANDBOX
    return answer


@lru_cache(maxsize=_PAGES_KEPT)
def _page(manifest: Manifest) -> str:
    """Without a mark: the same for every reader of these files."""
    return page_alone(manifest, AFTER)
