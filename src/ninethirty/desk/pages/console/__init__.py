"""The console: where the people of a producer work.

A page is a module with views and a list `urls`, which urls.py includes; its templates extend
frame.html. A view is guarded and given who asks by `view.console`, made by `frame.page`:

    @console(Role.STATISTICIAN)
    def seal_release(request: Asked, release: str) -> HttpResponse:
        row = get_object_or_404(releases_of(request.person), id=release)
        with said() as wrong:
            if request.method == "POST":
                seal(release, by=request.person.id)
                messages.success(request, gettext("Sealed."))
                return redirect("release", release)
        return page(request, "seal.html", gettext("Seal"), wrong=wrong, release=row)
"""
