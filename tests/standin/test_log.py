import threading
from pathlib import Path

from ninethirty.standin.log import Log, read
from tests.standin.drill import HALF_PAST


def test_a_line_still_being_written_is_not_read_yet(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with Log(file) as log:
        log.write(HALF_PAST, "uploaded", slug="births")
    with file.open("a") as unfinished:
        unfinished.write('{"at": "2018-')
    assert read(file) == [
        {"at": "2018-03-08T09:30:00.000000Z", "what": "uploaded", "slug": "births"}
    ]


def test_threads_never_mix_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with Log(file) as log:

        def write() -> None:
            for _ in range(50):
                log.write(HALF_PAST, "x" * 500)

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [line["what"] for line in read(file)] == ["x" * 500] * 200
