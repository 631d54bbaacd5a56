import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservations.releases.members import Members, chunk_of, chunks, is_in

ids = st.sets(st.integers(min_value=0, max_value=400_000) | st.sampled_from([0, 65_535, 65_536, 131_071]))


@given(in_file=ids, held_out=ids, removed=ids)
def test_chunks_answer_as_the_whole_sets_do(in_file, held_out, removed):
    held_out -= in_file
    removed &= in_file
    members = Members.of(in_file=in_file, held_out=held_out, number_removed=removed)

    stored = dict(chunks(members))

    for person in in_file | held_out | removed | {1, 65_537}:
        row = stored.get(chunk_of(person), {"in_file": b"", "held_out": b"", "number_removed": b""})
        answer = {name for name, bitmap in row.items() if is_in(bitmap, person)}
        truth = {"in_file": in_file, "held_out": held_out, "number_removed": removed}
        assert answer == {name for name, people in truth.items() if person in people}
    assert set(stored) == {chunk_of(person) for person in in_file | held_out}


@pytest.mark.parametrize(
    "sets",
    [{"in_file": [1], "held_out": [1]}, {"in_file": [1], "number_removed": [2]}],
)
def test_contradicting_sets_are_refused(sets):
    with pytest.raises(ValueError, match="Nobody is both"):
        Members.of(**sets)
