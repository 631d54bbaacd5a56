"""Backup and restore, through the commands themselves, from one database to another on real PostgreSQL."""

import gzip
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from kpr_portal.documents.operations import store_document
from kpr_portal.documents.queries import read_document
from kpr_portal.ground.keyring import keyring
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.operations import person_for

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)

NUMBER = "13895890027"
SECRET = b"Kvittering: Rolig Fjell har reservert seg"
READ = """
import sys, uuid
import django; django.setup()
from kpr_portal.documents.queries import read_document
from kpr_portal.people.national_id import NationalId
from kpr_portal.people.queries import find_person
print(find_person(NationalId.parse(sys.argv[1])).key)
print(read_document(uuid.UUID(sys.argv[2])).content.decode())
"""


@pytest.fixture
def something_kept():
    """A person known by number, and a document about them."""
    person = person_for(NationalId.parse(NUMBER))
    return person, store_document(SECRET, media_type="text/plain", title="Kvittering")


@pytest.fixture
def backup_key(tmp_path):
    call_command("keys", "backup-key", str(tmp_path / "backup.key"), verbosity=0)
    return tmp_path / "backup.key"


@pytest.fixture
def made(tmp_path, something_kept, backup_key, settings):
    """A sealed backup."""
    settings.BACKUP_KEY_FILE = f"{backup_key}.pub"
    call_command("backup", str(tmp_path / "backup"))
    return tmp_path / "backup"


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of another, empty portal on the same server: a database and a key ring of its own."""
    name = f"{settings.DATABASES['default']['NAME']}_elsewhere"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    addresses = {
        variable: urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))
        for variable in ("DATABASE_URL", "OWNER_DATABASE_URL", "KEEPER_DATABASE_URL")
    }
    call_command("keys", "new", str(tmp_path / "elsewhere.json"), verbosity=0)
    yield {
        **os.environ,
        **addresses,
        "KPR_ROLE": "owner",
        "KEYRING_FILE": str(tmp_path / "elsewhere.json"),
        "BACKUP_KEY_FILE": "",
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def run(arguments, environment):
    """A command of manage.py as an operator runs it; gives exit status and everything it said."""
    ran = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def restore(folder, environment, *more, mark=None):
    """As an operator on another machine, who has noted the mark of the keys."""
    noted = keyring().mark_of(keyring().current) if mark is None else mark
    return run(["manage.py", "restore", str(folder), "--mark", noted, *more], environment)


def test_restored_portal_finds_numbers_and_opens_documents(made, something_kept, elsewhere, backup_key):
    person, document = something_kept

    status, said = restore(made, {**elsewhere, "BACKUP_KEY_FILE": str(backup_key)})
    as_web = {**elsewhere, "KPR_ROLE": "web"}
    found = run(["-c", READ, NUMBER, str(document.key)], as_web)

    assert (status, said.splitlines()[0]) == (0, "The key ring has the backup's keys.")
    assert found == (0, f"{person.key}\n{SECRET.decode()}\n")


def test_restored_append_only_tables_refuse_the_web_role_as_before(made, elsewhere, backup_key):
    restore(made, {**elsewhere, "BACKUP_KEY_FILE": str(backup_key)})

    with psycopg.connect(elsewhere["DATABASE_URL"]) as web, pytest.raises(psycopg.Error) as refused:
        web.execute("DELETE FROM audit_accesslogentry")

    assert refused.value.sqlstate == "42501"


def test_backup_tells_nothing_and_is_its_owners_alone(made):
    files = sorted(made.iterdir())
    content = b"".join(file.read_bytes() for file in files)

    assert [file.name for file in files] == ["database.sql.gz.sealed", "keyring.json.sealed", "manifest.json"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert not any(secret in content for secret in (NUMBER.encode(), SECRET, _aes_key().encode()))


def test_backup_in_clear_says_nothing_without_its_keys(tmp_path, something_kept, settings):
    settings.BACKUP_KEY_FILE = ""
    call_command("backup", str(tmp_path / "clear"), "--without-keys")

    dump = gzip.decompress((tmp_path / "clear" / "database.sql.gz").read_bytes())

    assert b"vault_number_seal" in dump
    assert not any(secret in dump for secret in (NUMBER.encode(), SECRET, b"Kvittering"))


def test_backup_without_backup_key_is_refused_until_told_where_the_keys_are(tmp_path, settings):
    settings.BACKUP_KEY_FILE = ""

    with pytest.raises(CommandError) as refused:
        call_command("backup", str(tmp_path / "clear"))

    assert str(refused.value).startswith(
        "BACKUP_KEY_FILE is not set, so database and keys would lie together"
    )
    assert not (tmp_path / "clear").exists()


def test_backup_never_overwrites_another(made):
    with pytest.raises(CommandError, match="is not empty: each backup has a folder of its own"):
        call_command("backup", str(made))


def test_database_that_is_not_empty_is_replaced_only_when_told(made, elsewhere, backup_key):
    environment = {**elsewhere, "BACKUP_KEY_FILE": str(backup_key)}
    with psycopg.connect(elsewhere["OWNER_DATABASE_URL"]) as owner:
        owner.execute("CREATE TABLE something_else AS SELECT 1 AS one")

    refused = restore(made, environment)
    replaced = restore(made, environment, "--replace")

    assert refused == (
        1,
        "CommandError: This database is not empty (1 tables). With --replace all that is in it goes.\n",
    )
    assert replaced[0] == 0
    with psycopg.connect(elsewhere["OWNER_DATABASE_URL"]) as owner:
        assert owner.execute("SELECT to_regclass('public.something_else')").fetchone() == (None,)


def test_database_in_use_is_not_restored_into(made, elsewhere, backup_key):
    with psycopg.connect(elsewhere["OWNER_DATABASE_URL"]):
        status, said = restore(made, {**elsewhere, "BACKUP_KEY_FILE": str(backup_key)})

    assert (status, said) == (
        1,
        "CommandError: Stop the portal first: 1 other connections use this database.\n",
    )


def test_database_that_does_not_answer_is_told_in_a_sentence(made, elsewhere, backup_key):
    nowhere = {**elsewhere, "OWNER_DATABASE_URL": "postgresql://kpr_owner:x@127.0.0.1:1/kpr"}

    told = restore(made, {**nowhere, "BACKUP_KEY_FILE": str(backup_key)})

    assert told == (1, "CommandError: The database does not answer.\n")


def test_backup_without_keys_is_restored_with_the_ring_it_was_made_with_alone(
    tmp_path, something_kept, settings
):
    settings.BACKUP_KEY_FILE = ""
    (needed,) = keyring().key_ids
    call_command("backup", str(tmp_path / "clear"), "--without-keys")
    call_command("keys", "new", str(tmp_path / "another.json"))
    settings.KEYRING_FILE = str(tmp_path / "another.json")

    with pytest.raises(CommandError) as refused:
        call_command("restore", str(tmp_path / "clear"))

    assert str(refused.value) == f"The key ring lacks the generations {needed} that this backup needs."


def test_keys_are_written_where_told_and_those_that_were_there_stay(made, elsewhere, backup_key, tmp_path):
    target = tmp_path / "restored.json"
    target.write_text(Path(elsewhere["KEYRING_FILE"]).read_text())
    present = json.loads(target.read_text())["generations"]

    restore(made, {**elsewhere, "BACKUP_KEY_FILE": str(backup_key)}, "--keys-to", str(target))

    backed_up = json.loads(Path(settings.KEYRING_FILE).read_text())["generations"]
    assert json.loads(target.read_text())["generations"] == backed_up + present
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def _aes_key():
    return json.loads(Path(settings.KEYRING_FILE).read_text())["generations"][0]["aes"]


def _last_byte_changed(folder):
    file = folder / "database.sql.gz.sealed"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def _checksums_made_to_fit(folder):
    from kpr_portal.ground.backups.manifest import describe

    _last_byte_changed(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["database.sql.gz.sealed"] = describe(folder / "database.sql.gz.sealed")
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _manifest_changed(**changes):
    def change(folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(manifest | changes))

    return change


def _link_to_elsewhere(name):
    def change(folder):
        (folder / name).rename(folder.parent / name)
        (folder / name).symlink_to(folder.parent / name)

    return change


TOLD = {"sha256": "0" * 64, "bytes": 1}
SEALED = ("database.sql.gz.sealed", "keyring.json.sealed")
NOT_READ = "manifest.json is not that of a backup this portal can read."
CHANGES = {
    "names with parts of a path": (
        _manifest_changed(files={"../../etc/passwd": TOLD, "keyring.json.sealed": TOLD}),
        NOT_READ,
    ),
    "a name with a root": (
        _manifest_changed(files={"/etc/passwd": TOLD, **dict.fromkeys(SEALED, TOLD)}),
        NOT_READ,
    ),
    "names of another kind of backup": (_manifest_changed(keys="beside"), NOT_READ),
    "a file without a size": (_manifest_changed(files={name: {"sha256": ""} for name in SEALED}), NOT_READ),
    "a version that is a text": (_manifest_changed(server="15"), NOT_READ),
    "a manifest nested without end": (
        lambda folder: (folder / "manifest.json").write_text("[" * 1_000_000),
        NOT_READ,
    ),
    "an endless manifest": (
        lambda folder: os.truncate(folder / "manifest.json", 5 << 20),
        "manifest.json is far larger than that of any backup.",
    ),
    "an endless key ring": (
        lambda folder: os.truncate(folder / "keyring.json.sealed", 5 << 20),
        "keyring.json.sealed is far larger than that of any backup.",
    ),
    "dump longer than told": (
        lambda folder: os.truncate(folder / "database.sql.gz.sealed", 64 << 30),
        "database.sql.gz.sealed is not the file that was backed up: its checksum differs.",
    ),
    **{
        f"{name} a link": (_link_to_elsewhere(name), f"{name} is no plain file: a backup holds no links.")
        for name in ("manifest.json", *SEALED)
    },
    "a folder that others may write": (
        lambda folder: folder.chmod(0o777),
        "backup can be written by others: take that away from them (chmod go-w) first.",
    ),
    "a file that others may write": (
        lambda folder: (folder / "database.sql.gz.sealed").chmod(0o620),
        "database.sql.gz.sealed can be written by others: take that away from them (chmod go-w) first.",
    ),
    "manifest gone": (
        lambda folder: (folder / "manifest.json").unlink(),
        "holds no finished backup: there is no manifest.json in it.",
    ),
    "manifest of something else": (
        lambda folder: (folder / "manifest.json").write_text("{}"),
        "manifest.json is not that of a backup this portal can read.",
    ),
    "dump gone": (
        lambda folder: (folder / "database.sql.gz.sealed").unlink(),
        "database.sql.gz.sealed is missing from the backup.",
    ),
    "dump changed": (
        _last_byte_changed,
        "database.sql.gz.sealed is not the file that was backed up: its checksum differs.",
    ),
    "dump and manifest changed": (
        _checksums_made_to_fit,
        "The manifest was changed, or made with other keys: this backup is not restored.",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), CHANGES.values(), ids=CHANGES)
def test_wrong_or_changed_backup_is_refused_with_a_sentence(made, backup_key, settings, change, sentence):
    settings.BACKUP_KEY_FILE = str(backup_key)
    change(made)

    with pytest.raises(CommandError) as refused:
        call_command("restore", str(made))

    assert str(refused.value).endswith(sentence)


@pytest.fixture
def forged(tmp_path, backup_key):
    """What whoever has the public backup key can make: all of it sound, proven by keys of their own."""
    from kpr_portal.ground.backups import manifest, sealing
    from kpr_portal.ground.keyring import new_generation, parse_keyring

    folder, ring = tmp_path / "forged", json.dumps({"generations": [new_generation()]})
    folder.mkdir(mode=0o700)
    reader = sealing.read_public_key(Path(f"{backup_key}.pub"))
    dump = gzip.compress(f"\\! touch {tmp_path}/ran\n".encode())
    for name, content in (("database.sql.gz", dump), ("keyring.json", ring.encode())):
        (folder / f"{name}.sealed").write_bytes(
            b"".join(sealing.seal([content], reader=reader, context=name))
        )
    keys = parse_keyring(ring, refuse_embedded=True)
    manifest.Manifest(
        made_at="2027-06-03T00:00:00+00:00",
        server=15,
        dumped_with=15,
        keys="sealed",
        key_ids=list(keys.key_ids),
        migrations=[],
        rows={},
        files={name: manifest.describe(folder / name) for name in SEALED},
    ).write(folder, ring=keys)
    return folder


@pytest.mark.parametrize("mark", ["", "0" * 20, None])
def test_backup_sealed_by_a_stranger_is_not_run(forged, elsewhere, backup_key, tmp_path, mark):
    before = Path(elsewhere["KEYRING_FILE"]).read_bytes()

    status, said = restore(forged, {**elsewhere, "BACKUP_KEY_FILE": str(backup_key)}, mark=mark)

    assert status == 1
    assert said.startswith("CommandError: KEYRING_FILE does not know the keys of this backup, whose mark is ")
    assert not (tmp_path / "ran").exists()
    assert Path(elsewhere["KEYRING_FILE"]).read_bytes() == before


def test_backup_of_keys_that_are_here_needs_no_mark(made, elsewhere, backup_key):
    environment = {**elsewhere, "BACKUP_KEY_FILE": str(backup_key), "KEYRING_FILE": settings.KEYRING_FILE}

    assert restore(made, environment, mark="")[0] == 0


def test_backup_tells_the_mark_of_its_keys(tmp_path, backup_key, settings, capsys):
    settings.BACKUP_KEY_FILE = f"{backup_key}.pub"

    call_command("backup", str(tmp_path / "backup"))

    assert f"the mark {keyring().mark_of(keyring().current)}:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("which", "sentence"),
    [
        ("none", "This backup is sealed: name the private backup key with BACKUP_KEY_FILE."),
        ("public", "is the public half: restoring needs the private backup key (docs/operations.md)."),
        ("another", "The backup key does not open this file: it is another key's, or the file was changed."),
    ],
)
def test_sealed_backup_opens_with_its_own_private_key_alone(made, backup_key, settings, which, sentence):
    call_command("keys", "backup-key", str(backup_key.with_name("another.key")), verbosity=0)
    settings.BACKUP_KEY_FILE = {
        "none": "",
        "public": f"{backup_key}.pub",
        "another": str(backup_key.with_name("another.key")),
    }[which]

    with pytest.raises(CommandError) as refused:
        call_command("restore", str(made))

    assert str(refused.value).endswith(sentence)


def test_document_keys_sealed_anew_open_without_the_old_generation(something_kept, tmp_path, settings):
    _person, document = something_kept
    ring = tmp_path / "ring.json"
    ring.write_text(Path(settings.KEYRING_FILE).read_text())
    (old,) = keyring().key_ids
    settings.KEYRING_FILE = str(ring)

    call_command("keys", "rotate", str(ring))
    from kpr_portal.ground.keyring import forget_keyring

    forget_keyring()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE kpr_keeper")
        call_command("rotate_document_keys")
        cursor.execute("RESET ROLE")
    call_command("keys", "retire", str(ring), old)
    forget_keyring()

    assert read_document(document.key).content == SECRET
