"""The embedded servers: started once, shared, stopped by the last, found again after a kill."""

import os
import signal
import stat
import subprocess
import sys

import psutil
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from kpr_portal.embedded.keys import have_keys
from kpr_portal.embedded.places import BASE_DIR, Places, remembered_ports, remove_tree, scratch_data_dir
from kpr_portal.embedded.postgres import Postgres
from kpr_portal.embedded.processes import end_all, left_behind
from kpr_portal.embedded.servers import Servers, start_servers, stop_servers, sweep_scratch
from kpr_portal.embedded.valkey import Valkey

HOLDER = """
import sys
from pathlib import Path
from kpr_portal.embedded.servers import start_servers
servers = start_servers(data_dir=Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
servers.leave()
"""


@pytest.fixture(scope="module")
def data_dir():
    """A data folder whose cluster is made once for the tests of this module."""
    folder = scratch_data_dir()
    yield folder
    if (folder / "keys" / "passwords.json").exists():
        stop_servers(Places(folder))
    remove_tree(folder)


@pytest.fixture
def servers(data_dir):
    with start_servers(data_dir=data_dir) as started:
        yield started


@pytest.fixture
def holder(data_dir):
    """Another process that uses the servers until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=BASE_DIR,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.communicate()


def postmaster(data_dir):
    places = Places(data_dir)
    return Postgres(places, have_keys(places)).running()


def valkey(data_dir):
    places = Places(data_dir)
    return Valkey(places, have_keys(places)).running()


def test_each_login_is_let_in_as_itself(servers):
    names = {}
    for variable in ("DATABASE_URL", "OWNER_DATABASE_URL", "KEEPER_DATABASE_URL"):
        with psycopg.connect(servers.environment[variable]) as connection:
            [names[variable]] = connection.execute("SELECT current_user").fetchone()

    assert names == {
        "DATABASE_URL": "kpr_web",
        "OWNER_DATABASE_URL": "kpr_owner",
        "KEEPER_DATABASE_URL": "kpr_keeper",
    }


def test_the_cluster_is_utf8_in_c_locale_with_checksums(servers):
    with psycopg.connect(servers.environment["DATABASE_URL"]) as connection:
        known = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, current_setting('data_checksums'),"
            " pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()

    assert known == ("UTF8", "C", "on", "kpr_owner")


def test_web_and_keeper_make_no_tables(servers):
    for variable in ("DATABASE_URL", "KEEPER_DATABASE_URL"):
        with (
            psycopg.connect(servers.environment[variable]) as connection,
            pytest.raises(psycopg.Error) as refused,
        ):
            connection.execute("CREATE TABLE public.mine ()")

        assert refused.value.sqlstate == "42501"  # insufficient privilege


def test_a_login_without_password_is_refused(servers):
    address = psycopg.conninfo.conninfo_to_dict(servers.environment["DATABASE_URL"])

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**{**address, "password": "wrong"})


def test_the_queue_asks_for_its_password(servers):
    with redis.Redis.from_url(servers.environment["REDIS_URL"]) as client:
        assert client.ping() is True
    port = client.connection_pool.connection_kwargs["port"]

    with (
        redis.Redis(port=port, retry=Retry(NoBackoff(), 0)) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_keys_are_readable_by_their_owner_alone(servers):
    files = sorted(servers.places.keys.iterdir())

    assert [file.name for file in files] == ["keyring.json", "passwords.json"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(servers.places.keys.stat().st_mode) == 0o700


def test_the_servers_do_not_run_as_root(servers, data_dir):
    assert postmaster(data_dir).uids().real != 0


def test_a_second_user_attaches_to_the_same_servers(servers, data_dir):
    with start_servers(data_dir=data_dir) as second:
        assert second.environment == servers.environment


def test_the_last_to_leave_stops_the_servers(data_dir, holder):
    with start_servers(data_dir=data_dir):
        running = postmaster(data_dir)
    assert running.is_running()

    holder.communicate(input="")

    assert (postmaster(data_dir), valkey(data_dir), left_behind(Places(data_dir))) == (None, None, [])


def test_servers_of_a_killed_holder_are_adopted_and_stopped_by_the_next(data_dir, holder):
    before = postmaster(data_dir).pid
    holder.send_signal(signal.SIGKILL)
    holder.wait()

    with start_servers(data_dir=data_dir) as adopted:
        assert postmaster(data_dir).pid == before
        with psycopg.connect(adopted.environment["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    assert (postmaster(data_dir), valkey(data_dir)) == (None, None)


def test_data_survives_servers_killed_outright(data_dir):
    with Servers(data_dir).attach() as servers:
        with psycopg.connect(servers.environment["OWNER_DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept ()")
        postmaster(data_dir).kill()
        end_all(left_behind(servers.places), seconds=0)

    with (
        Servers(data_dir).attach() as servers,
        psycopg.connect(servers.environment["OWNER_DATABASE_URL"]) as connection,
    ):
        assert connection.execute("SELECT to_regclass('kept')::text").fetchone() == ("kept",)


def test_a_port_taken_meanwhile_is_replaced(data_dir):
    import socket

    places = Places(data_dir)
    places.make()
    first = remembered_ports(places, ["one"])["one"]
    assert remembered_ports(places, ["one"])["one"] == first

    with socket.create_server(("127.0.0.1", first)):
        assert remembered_ports(places, ["one"])["one"] != first


def test_a_cluster_half_made_is_made_anew():
    folder = scratch_data_dir()
    half = folder / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    try:
        with (
            start_servers(data_dir=folder) as servers,
            psycopg.connect(servers.environment["DATABASE_URL"]) as connection,
        ):
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        remove_tree(folder)


@pytest.mark.parametrize("umask", [0o027, 0o077], ids=oct)
def test_servers_start_whatever_the_umask_of_their_starter(umask):
    folder = scratch_data_dir()
    before = os.umask(umask)
    try:
        with (
            start_servers(data_dir=folder / "not" / "there") as servers,
            psycopg.connect(servers.environment["DATABASE_URL"]) as connection,
        ):
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        os.umask(before)
        remove_tree(folder)


def test_scratch_of_a_killed_test_run_is_swept(data_dir, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    running = postmaster(data_dir)
    os.utime(data_dir, (0, 0))

    sweep_scratch(data_dir.parent)

    assert not psutil.pid_exists(running.pid) or running.status() == psutil.STATUS_ZOMBIE
    assert not data_dir.exists()


def test_a_folder_closed_to_the_system_user_is_refused_in_one_sentence(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("the server runs as its caller")
    from kpr_portal.embedded.places import EmbeddedError

    tmp_path.chmod(0o700)

    with pytest.raises(EmbeddedError, match=r"cannot reach .* Choose another DATA_DIR\.$"):
        start_servers(data_dir=tmp_path / "data")
