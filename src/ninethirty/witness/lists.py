"""Options that take several values after one another: `--files A B C`."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import click


class Lists(click.Command):
    """`lists` names such options; each must also be declared with `multiple=True`. A value ends
    the list when it begins with a dash."""

    def __init__(self, *args: Any, lists: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lists = lists

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(self._spread(args)))

    def _spread(self, args: Sequence[str]) -> Iterator[str]:
        """`--files A B` as click knows it: `--files A --files B`."""
        option = ""
        first = False
        for arg in args:
            if arg.startswith("-"):
                option = arg if arg in self._lists else ""
                first = True
            elif option and not first:
                yield option
                yield arg
                continue
            else:
                first = False
            yield arg
