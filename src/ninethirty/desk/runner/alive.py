"""Which runners live: each holds a lock on its own file, which the kernel frees at its death."""

import fcntl
import secrets
from pathlib import Path


class Pulse:
    """This runner's own lock, held from construction to stop()."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        while True:
            self.name = f"runner-{secrets.token_hex(4)}"
            self._held = (folder / self.name).open("w")
            fcntl.flock(self._held, fcntl.LOCK_EX)
            if (folder / self.name).exists():
                return
            # Another runner took our new file for one of the dead, and cleared it away.
            self._held.close()

    def alive(self) -> set[str]:
        """Names of the runners that live; files of the dead are cleared away."""
        found = {self.name}
        for file in self._folder.iterdir():
            if file.name == self.name:
                continue
            try:
                with file.open() as other:
                    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    file.unlink(missing_ok=True)
            except BlockingIOError:
                found.add(file.name)
            except FileNotFoundError:
                continue
        return found

    def stop(self) -> None:
        self._held.close()
