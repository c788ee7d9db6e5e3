"""Writes docs/reference/lifecycle.md from the table in core/release.py; --check only compares."""

import sys
from pathlib import Path

from ninethirty.core.release import MOVES, Role, Stage

PAGE = Path(__file__).parents[1] / "docs/reference/lifecycle.md"

_TEXT = """# The life of a release

Made by `make fix` from the table in `src/ninethirty/core/release.py`; `make check` fails if stale.

```mermaid
stateDiagram-v2
    [*] --> {first}
{arrows}
{ends}
```

| Act | What happened | Who may |
|---|---|---|
{rows}

Who is not named may read and do nothing: {readers}.

- Nobody approves what they staged, sealed or gave another time.
- Approval is given to the bundle: sources, titles, addresses and T. Staging anew and rescheduling
  make another bundle, which nobody has approved.
- The approval holds a digest of the words in the page's main element too. A rendering that changes
  them is refused; frames, banners and footers may change.
- A correction is a release of its own, with its own approval, at the address of what it corrects.
"""


def page() -> str:
    arrows = [
        f"    {before} --> {move.to}: {move.act}"
        for move in MOVES
        for before in Stage
        if before in move.before
    ]
    final = (Stage.CLOSED, Stage.CANCELLED)
    acts = dict.fromkeys(move.act for move in MOVES)
    may = {act: {role for move in MOVES if move.act is act for role in move.by} for act in acts}
    rows = [
        f"| {act} | {act.says} | {', '.join(sorted(may[act])) or 'nobody: it is seen'} |"
        for act in acts
    ]
    readers = [role for role in Role if not any(role in roles for roles in may.values())]
    return _TEXT.format(
        first=Stage.NEW,
        arrows="\n".join(arrows),
        ends="\n".join(f"    {stage} --> [*]" for stage in final),
        rows="\n".join(rows),
        readers=", ".join(readers),
    )


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        if PAGE.exists() and PAGE.read_text() == page():
            return 0
        print(f"{PAGE} is stale: run make fix", file=sys.stderr)
        return 1
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
