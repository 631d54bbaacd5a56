"""`manage.py run` as a person meets it: started, answering, repaired, stopped, found again after a kill."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

from kpr_portal.embedded.claims import end_everything
from kpr_portal.embedded.keys import have_keys
from kpr_portal.embedded.places import BASE_DIR, Places, remove_tree, scratch_data_dir
from kpr_portal.embedded.postgres import Postgres
from kpr_portal.embedded.processes import alive, end_all, left_behind
from kpr_portal.embedded.servers import stop_servers

START_SECONDS = 180
# What the tests' own servers and the caller's wishes say is no business of a demo.
FOREIGN = re.compile(
    r"(.*_?DATABASE_URL|REDIS_URL|KPR_.*|ENVIRONMENT|KEYRING_FILE|SECRET_KEY|DATA_DIR|PORT)$"
)

pytestmark = pytest.mark.alone


def environment(**own):
    kept = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    return {**kept, **own}


def manage(*arguments, data_dir):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=environment(DATA_DIR=str(data_dir)),
        capture_output=True,
        check=True,
        text=True,
    ).stdout


class Run:
    """One `manage.py run` and what it has printed."""

    def __init__(self, data_dir, port):
        self.places = Places(data_dir)
        self.port = port
        self.log = data_dir / f"printed-{port}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=BASE_DIR,
                env=environment(DATA_DIR=str(data_dir), PORT=str(port), POPULATION="40"),
                stdout=output,
                stderr=output,
            )

    def printed(self):
        return self.log.read_text()

    def until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while f"Ready: http://127.0.0.1:{self.port} " not in self.printed():
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.1)

    def end(self, number):
        self.process.send_signal(number)
        return self.process.wait(60)

    def status(self, path="/"):
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=20).status_code


class Demo:
    """A demo's data, prepared once, and the run on it: the one that lives, or a new one."""

    def __init__(self):
        self.data_dir = scratch_data_dir()
        self.current = None

    def run(self):
        if self.current is None or self.current.process.poll() is not None:
            self.current = Run(self.data_dir, free_port())
            self.current.until_ready()
        return self.current

    def remove(self):
        if self.current is not None and self.current.process.poll() is None:
            self.current.end(signal.SIGKILL)
        end_everything(Places(self.data_dir))
        stop_servers(Places(self.data_dir))
        remove_tree(self.data_dir)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as opened:
        return opened.getsockname()[1]


def refused(data_dir, port):
    run = Run(data_dir, port)
    return run.process.wait(60), run.printed()


@pytest.fixture(scope="module")
def demo():
    made = Demo()
    yield made
    made.remove()


def test_a_demo_answers_and_says_whom_one_can_sign_in_as(demo):
    run = demo.run()

    assert run.status() == 200
    assert "14835821456  Stødig Bjørk" in run.printed()


def test_each_queue_of_a_demo_has_a_worker_of_its_own(demo):
    run = demo.run()

    commands = [process.cmdline() for process in left_behind(run.places)]
    taken = {command[command.index("-Q") + 1] for command in commands if "-Q" in command}

    assert taken == {"default", "forms", "keeper"}


def test_a_second_demo_on_the_same_data_is_refused_in_one_sentence(demo):
    run = demo.run()

    where = f"{demo.data_dir} at http://127.0.0.1:{run.port}"
    said = f"A demo already runs on {where}. Stop it, or choose another DATA_DIR.\n"
    assert refused(demo.data_dir, free_port()) == (1, said)


def test_a_taken_port_is_refused_in_one_sentence():
    folder = scratch_data_dir()
    try:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = refused(folder, port)
    finally:
        remove_tree(folder)

    assert said == (
        1,
        f"Port {port} is taken by another program. Choose another: make run PORT={port + 1}\n",
    )


def test_a_command_attaches_to_the_demo_and_leaves_it_running(demo):
    run = demo.run()

    assert "[X]  people.0001_initial" in manage("showmigrations", "people", "--plan", data_dir=demo.data_dir)
    assert run.status() == 200
    assert json.loads((run.places.run / "demo.json").read_text()) == {"port": run.port}


def test_a_killed_database_comes_back_by_itself(demo):
    run = demo.run()
    database = Postgres(run.places, have_keys(run.places))
    before = database.running()
    before.kill()

    deadline = time.monotonic() + 30
    while (now := database.running()) is None or now.pid == before.pid:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    database.wait()

    assert run.status("/innsyn/hva-kpr-inneholder/") == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_asked_to_stop_leaves_nothing_running(demo, number):
    run = demo.run()

    assert run.end(number) == 0
    assert left_behind(run.places) == []


def test_after_a_kill_of_the_runner_the_next_start_ends_the_rest(demo):
    demo.run().end(signal.SIGKILL)
    survivors = left_behind(Places(demo.data_dir))

    run = demo.run()

    assert survivors != []
    assert [process for process in survivors if alive(process.pid)] == []
    assert "Ending what an earlier run left behind" in run.printed()
    assert run.status() == 200


def test_after_a_kill_of_everything_the_next_start_recovers(demo):
    run = demo.run()
    everything = left_behind(run.places)
    run.process.kill()
    end_all(everything, seconds=0)
    run.process.wait()

    assert demo.run().status() == 200


def test_a_supervisor_that_dies_takes_everything_with_it(demo):
    run = demo.run()
    os.kill(int((run.places.run / "supervisord.pid").read_text()), signal.SIGKILL)

    assert run.process.wait(60) == 1
    assert "The supervisor ended by itself" in run.printed()
    assert left_behind(run.places) == []


def test_reset_clears_all_that_is_ours_and_nothing_else():
    folder = scratch_data_dir()
    try:
        Places(folder).make()
        have_keys(Places(folder))
        (folder / "mine.txt").write_text("not the portal's")

        manage("reset", data_dir=folder)

        assert [file.name for file in folder.iterdir()] == ["mine.txt"]
    finally:
        remove_tree(folder)
