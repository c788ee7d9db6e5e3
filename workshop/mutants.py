"""Mutation tests of the rules that decide: does a test notice when one of them is changed?

    make mutants                    all of them, some minutes on 2 cores
    make mutants ARGS="gate delay"  these modules only

mutmut changes one thing at a time in a copy of the core, in a temporary folder, and runs tests/core
against it. A change that no test notices must be listed in docs/reference/mutants.md with the
reason why it changes nothing that matters; else this ends with 1.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ACCEPTED = HERE / "docs" / "reference" / "mutants.md"
MODULES = (
    "gate",
    "schedule",
    "finding",
    "witnessed",
    "track",
    "cause",
    "verdict",
    "runbook",
    "delay",
)
CHILDREN = 2

CONFIG = """\
[tool.mutmut]
source_paths = ["src"]
only_mutate = [{modules}]
pytest_add_cli_args_test_selection = ["tests/core"]
pytest_add_cli_args = ["--hypothesis-profile=mutants", "-p", "no:cacheprovider"]
use_git_change_detection = false

[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
pythonpath = ["src", "."]
filterwarnings = ["error"]
"""


@dataclass(frozen=True)
class Change:
    """Where, and the lines taken out and put in. Numbers of mutants move with every edit; this
    does not."""

    where: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"## `{self.where}`", "", "```diff", *self.lines, "```"])


def main(modules: list[str]) -> int:
    unknown = sorted(set(modules) - set(MODULES))
    if unknown:
        print(f"not among {', '.join(MODULES)}: {', '.join(unknown)}", file=sys.stderr)
        return 2
    accepted = Counter(read_accepted(ACCEPTED.read_text()))
    with tempfile.TemporaryDirectory(prefix="ninethirty-mutants-") as folder:
        room = Path(folder)
        prepare(room, modules or list(MODULES))
        found = run(room)
        counts = Counter(found.values())
        survivors = {
            name: change_of(room, name)
            for name, status in found.items()
            if status not in ("killed", "timeout")
        }
    print()
    print(f"{len(found)} mutants: {', '.join(f'{n} {s}' for s, n in counts.most_common())}")
    unlisted: list[str] = []
    for name, change in survivors.items():
        # Two mutants may look alike: each takes its own place on the list.
        accepted[change] -= 1
        if accepted[change] < 0:
            unlisted.append(name)
    print(f"{len(survivors) - len(unlisted)} of the survivors are listed with their reason")
    for name in unlisted:
        print(f"\n{found[name]}, and not listed in {ACCEPTED.relative_to(HERE)}:\n")
        print(survivors[name])
    if not modules:
        for change in (+accepted).elements():
            print(f"\nlisted, but does not survive any more; take it off the list:\n\n{change}")
    return 1 if unlisted or not found else 0


def prepare(room: Path, modules: list[str]) -> None:
    leave = shutil.ignore_patterns("__pycache__")
    package = Path("src") / "ninethirty"
    shutil.copytree(HERE / package / "core", room / package / "core", ignore=leave)
    shutil.copy(HERE / package / "__init__.py", room / package / "__init__.py")
    shutil.copytree(HERE / "tests" / "core", room / "tests" / "core", ignore=leave)
    names = ", ".join(f'"src/ninethirty/core/{name}.py"' for name in modules)
    (room / "pyproject.toml").write_text(CONFIG.format(modules=names))


def mutmut(room: Path, *args: str, show: bool = False) -> str:
    # The editable install would otherwise be found before the copy.
    environment = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(  # noqa: S603  # our own Python and our own arguments
        [sys.executable, "-m", "mutmut", *args],
        cwd=room,
        env=environment,
        stdout=None if show else subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        print((done.stdout or "")[-3000:], file=sys.stderr)
        raise SystemExit(f"mutmut {args[0]} ended with {done.returncode}")
    return done.stdout or ""


def run(room: Path) -> dict[str, str]:
    """Each mutant, and what became of it."""
    mutmut(room, "run", "--max-children", str(CHILDREN), show=sys.stdout.isatty())
    results = mutmut(room, "results", "--all", "true")
    return dict(re.findall(r"^\s+(\S+__mutmut_\d+): (.+)$", results, re.MULTILINE))


def change_of(room: Path, name: str) -> Change:
    diff = mutmut(room, "show", name).splitlines()
    changed = [line for line in diff if re.match(r"[+-](?![+-]{2})", line)]
    lines = tuple(re.sub(r"^([+-])\s*", r"\1 ", line) for line in changed)
    where = re.sub(r"__mutmut_\d+$", "", name).removeprefix("ninethirty.")
    module, _, function = where.rpartition(".")
    function = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return Change(f"{module}.{function}", lines)


def read_accepted(text: str) -> list[Change]:
    """`## where`, the reason, then one or more fenced diffs."""
    accepted: list[Change] = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        where, _, rest = section.partition("\n")
        reason = ""
        for piece in re.split(r"^```(?:diff)?\n", rest + "\n", flags=re.MULTILINE):
            if re.match(r"[+-] ", piece):
                if not reason:
                    raise SystemExit(f"{ACCEPTED.name}: {where}: a survivor without its reason")
                accepted.append(Change(where.strip("` "), tuple(piece.strip().splitlines())))
            elif piece.strip():
                reason = piece.strip()
    return accepted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
