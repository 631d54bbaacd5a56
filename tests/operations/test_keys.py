import json
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from kpr_portal.ground.backups import sealing
from kpr_portal.ground.backups.errors import BackupRefused
from kpr_portal.ground.keyring import read_keyring


@pytest.fixture
def ring(tmp_path):
    call_command("keys", "new", str(tmp_path / "ring.json"))
    return tmp_path / "ring.json"


def test_new_key_ring_is_its_owners_alone_and_good_for_production(ring):
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600
    assert len(read_keyring(ring, refuse_embedded=True).key_ids) == 1


def test_new_key_ring_never_overwrites_another(ring):
    before = ring.read_text()

    with pytest.raises(CommandError, match="a key is never overwritten"):
        call_command("keys", "new", str(ring))

    assert ring.read_text() == before


def test_key_of_a_command_is_never_printed(ring, capsys):
    call_command("keys", "rotate", str(ring))
    call_command("keys", "show", str(ring))

    said = capsys.readouterr().out
    content = json.loads(ring.read_text())["generations"]

    assert [g["id"] in said for g in content] == [True, True]
    assert not any(g[key] in said for g in content for key in ("aes", "blake"))


def test_rotated_ring_has_the_new_generation_first_and_retires_the_old_one(ring):
    (old,) = read_keyring(ring, refuse_embedded=True).key_ids

    call_command("keys", "rotate", str(ring))
    new, kept = read_keyring(ring, refuse_embedded=True).key_ids
    call_command("keys", "retire", str(ring), old)

    assert kept == old
    assert read_keyring(ring, refuse_embedded=True).key_ids == (new,)
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600


def test_newest_generation_is_not_retired(ring):
    (only,) = read_keyring(ring, refuse_embedded=True).key_ids

    with pytest.raises(CommandError, match="is the newest generation: rotate first"):
        call_command("keys", "retire", str(ring), only)


def test_demo_key_ring_is_refused_in_production(ring):
    content = json.loads(ring.read_text())
    ring.write_text(json.dumps({"origin": "embedded", **content}))

    with pytest.raises(ImproperlyConfigured, match="Production needs its own"):
        read_keyring(ring, refuse_embedded=True)


@pytest.mark.parametrize(
    "size", [0, 1, sealing.CHUNK_BYTES, sealing.CHUNK_BYTES + 1, 3 * sealing.CHUNK_BYTES]
)
def test_sealed_file_opens_to_what_was_sealed(tmp_path, size):
    reader, content = _reader(tmp_path), bytes(size)
    sealed = tmp_path / "sealed"
    sealed.write_bytes(b"".join(sealing.seal([content], reader=reader.public_key(), context="dump")))

    with sealed.open("rb") as file:
        assert b"".join(sealing.open_sealed(file, reader=reader, context="dump")) == content


def _cut(sealed):
    return sealed[: -(sealing.CHUNK_BYTES + sealing.TAG_BYTES)]


def _swapped(sealed):
    chunk = sealing.CHUNK_BYTES + sealing.TAG_BYTES
    head = len(sealed) - 3 * chunk
    return (
        sealed[:head]
        + sealed[head + chunk : head + 2 * chunk]
        + sealed[head : head + chunk]
        + sealed[-chunk:]
    )


@pytest.mark.parametrize(
    ("change", "context"),
    [
        (_cut, "dump"),
        (_swapped, "dump"),
        (lambda sealed: sealed + b"x", "dump"),
        (bytes, "keys"),
        (lambda _: b"", "dump"),
    ],
    ids=["cut", "swapped", "longer", "as something else", "empty"],
)
def test_changed_sealed_file_does_not_open(tmp_path, change, context):
    reader = _reader(tmp_path)
    whole = b"".join(
        sealing.seal([bytes(3 * sealing.CHUNK_BYTES)], reader=reader.public_key(), context="dump")
    )
    sealed = tmp_path / "sealed"
    sealed.write_bytes(change(whole))

    with sealed.open("rb") as file, pytest.raises(BackupRefused):
        list(sealing.open_sealed(file, reader=reader, context=context))


def _reader(folder):
    private, _public = sealing.new_key_pair()
    (folder / "key").write_bytes(private)
    return sealing.read_private_key(folder / "key")
