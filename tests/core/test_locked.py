from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ninethirty.core.errors import SealBroken
from ninethirty.core.locked import (
    CHUNK_BYTES,
    LOCKED_CHUNK_BYTES,
    TAG_BYTES,
    Lock,
    chunks_of,
    cut,
    locked_size,
    new_key,
    plain_size,
)

KEY = new_key()
EDGES = [
    edge + aside
    for edge in (0, CHUNK_BYTES, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES)
    for aside in (-1, 0, 1)
    if edge + aside >= 0
]
sizes = st.one_of(st.sampled_from(EDGES), st.integers(0, 4 * CHUNK_BYTES))


def a_file(size_bytes: int) -> bytes:
    """No two of its chunks are the same."""
    return b"".join(n.to_bytes(4, "big") for n in range(size_bytes // 4 + 1))[:size_bytes]


def locked(plain: bytes, key: bytes = KEY) -> bytes:
    return b"".join(Lock(key).close([plain]))


def chunks(whole: bytes) -> list[bytes]:
    return [whole[at : at + LOCKED_CHUNK_BYTES] for at in range(0, len(whole), LOCKED_CHUNK_BYTES)]


@given(sizes)
def test_a_file_of_any_length_comes_back_and_is_as_long_on_the_disk_as_told(size: int) -> None:
    plain = a_file(size)
    whole = locked(plain)
    assert Lock(KEY).open(whole) == plain
    assert len(whole) == locked_size(size) == size + TAG_BYTES * chunks_of(size)
    assert plain_size(len(whole)) == size
    assert len(chunks(whole)) == chunks_of(size)


@given(sizes, st.data())
def test_it_does_not_matter_in_which_pieces_a_file_comes(size: int, data: st.DataObject) -> None:
    plain = a_file(size)
    cuts = sorted(data.draw(st.lists(st.integers(0, size), max_size=4)))
    pieces = [plain[a:b] for a, b in zip([0, *cuts], [*cuts, size], strict=True)]
    assert b"".join(Lock(KEY).close(iter(pieces))) == locked(plain)


@given(st.integers(1, 4 * CHUNK_BYTES), st.data())
def test_any_part_is_the_same_part_of_the_file(size: int, data: st.DataObject) -> None:
    plain = a_file(size)
    first = data.draw(st.one_of(st.integers(0, size - 1), st.sampled_from([0, size - 1])))
    end = data.draw(st.one_of(st.integers(first + 1, size), st.just(size)))
    part, on_disk = cut(first, end), locked(plain)
    assert part.seek == part.first * LOCKED_CHUNK_BYTES
    opened = b"".join(
        Lock(KEY).open_chunk(number, chunk, last=number == chunks_of(size) - 1)
        for number, chunk in enumerate(chunks(on_disk[part.seek :]), part.first)
        if number < part.end
    )
    assert opened[part.skip :][: end - first] == plain[first:end]
    assert len(opened) < end - first + 2 * CHUNK_BYTES, "reads more than it needs"


@given(sizes, st.data())
def test_a_flipped_bit_anywhere_is_refused(size: int, data: st.DataObject) -> None:
    whole = bytearray(locked(a_file(size)))
    at, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    whole[at] ^= 1 << bit
    with pytest.raises(SealBroken, match=rf"^chunk {at // LOCKED_CHUNK_BYTES} is not as it was"):
        Lock(KEY).open(bytes(whole))


@given(sizes, st.data())
def test_a_file_cut_short_anywhere_is_refused(size: int, data: st.DataObject) -> None:
    whole = locked(a_file(size))
    at = data.draw(
        st.one_of(
            st.integers(0, len(whole) - 1),
            st.sampled_from(range(0, len(whole), LOCKED_CHUNK_BYTES)),
        )
    )
    with pytest.raises(SealBroken):
        Lock(KEY).open(whole[:at])


def altered(whole: bytes) -> Iterator[bytes]:
    """Every file made of the same chunks in another order, one left out, or one twice."""
    parts = chunks(whole)
    for at in range(len(parts)):
        yield b"".join(parts[:at] + parts[at + 1 :])
        for put in range(len(parts) + 1):
            yield b"".join([*parts[:put], parts[at], *parts[put:]])
        for other in range(at):
            swapped = list(parts)
            swapped[at], swapped[other] = parts[other], parts[at]
            yield b"".join(swapped)


def test_chunks_in_another_order_left_out_or_put_in_are_refused() -> None:
    for size in (3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 100):
        whole = locked(a_file(size))
        for changed in altered(whole):
            with pytest.raises(SealBroken):
                Lock(KEY).open(changed)


def test_bytes_put_behind_the_end_are_refused() -> None:
    for size in EDGES:
        with pytest.raises(SealBroken):
            Lock(KEY).open(locked(a_file(size)) + bytes(TAG_BYTES + 1))


def test_a_chunk_of_another_file_is_refused_in_the_same_place() -> None:
    plain = a_file(2 * CHUNK_BYTES)
    ours, other = chunks(locked(plain)), chunks(locked(plain, new_key()))
    assert Lock(KEY).open_chunk(0, ours[0], last=False) == plain[:CHUNK_BYTES]
    with pytest.raises(SealBroken):
        Lock(KEY).open_chunk(0, other[0], last=False)
    with pytest.raises(SealBroken):
        Lock(KEY).open_chunk(0, ours[0], last=True)


def test_nothing_of_a_file_is_to_be_seen_in_what_lies_on_the_disk() -> None:
    assert b"0.3 per cent" not in locked(b"0.3 per cent " * 10_000)
    assert locked(b"the same", new_key()) != locked(b"the same", new_key())


@pytest.mark.parametrize(
    "size", [0, TAG_BYTES - 1, LOCKED_CHUNK_BYTES + 1, LOCKED_CHUNK_BYTES + TAG_BYTES]
)
def test_no_file_is_of_such_a_length(size: int) -> None:
    with pytest.raises(SealBroken, match=f"^{size} bytes: no locked file is as long"):
        plain_size(size)
