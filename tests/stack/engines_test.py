"""deploy/local/engines.sh: real engines start, survive kill -9 of both, keep
their data and ports, and say in one line when they can't start."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENGINES = ROOT / "deploy/local/engines.sh"


def engines(command, state, **variables):
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("EVALLOOP_DATABASE_URL",
                                   "EVALLOOP_KAFKA_BROKERS")}
    environment.update(EVALLOOP_TEMPORARY="1", **variables)
    done = subprocess.run([ENGINES, command, str(state)], env=environment,
                          capture_output=True, text=True, check=False,
                          timeout=200)
    return done.returncode, done.stdout, done.stderr


def addresses(state):
    lines = (state / "engines.env").read_text().splitlines()
    found = dict(line.split("=", 1) for line in lines)
    return found["EVALLOOP_DATABASE_URL"], found["EVALLOOP_KAFKA_BROKERS"]


def sql(url, text):
    return subprocess.run(["psql", "-XAtq", url, "-c", text], check=True,
                          capture_output=True, text=True).stdout.strip()


def wait_gone(pid):
    """Until the process has ended; a zombie's command line is empty."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if not pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                return
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.01)


def kill(pid):
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)


class EnginesTest(unittest.TestCase):
    def setUp(self):
        self.state = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-engines."))
        self.state.chmod(0o755)
        self.addCleanup(shutil.rmtree, self.state)
        self.addCleanup(engines, "stop", self.state)

    def test_killed_engines_come_back_with_their_data_and_ports(self):
        code, _, said = engines("start", self.state)
        self.assertEqual(code, 0, said)
        before = addresses(self.state)
        url, brokers = before
        sql(url, "CREATE TABLE kept AS SELECT 42 AS value")
        kept = subprocess.run(
            ["kcat", "-b", brokers, "-L"], check=True, capture_output=True,
            text=True).stdout
        self.assertIn("1 brokers", kept)

        postgres = self.state / "postgres/postmaster.pid"
        kill(int(postgres.read_text().splitlines()[0]))
        kill(int((self.state / "kafka/pid").read_text()))
        self.assertEqual(engines("status", self.state)[0], 1)

        code, _, said = engines("start", self.state)
        self.assertEqual(code, 0, said)
        self.assertEqual(addresses(self.state), before)
        self.assertEqual(sql(url, "SELECT value FROM kept"), "42")
        self.assertEqual(engines("status", self.state)[0], 0)

        # A second start finds them running.
        code, _, said = engines("start", self.state)
        self.assertEqual((code, said), (0, ""))

        self.assertEqual(engines("stop", self.state)[0], 0)
        code, output, _ = engines("status", self.state)
        self.assertEqual(code, 1)
        self.assertEqual(output.count("down"), 2)

    def test_a_taken_port_is_named(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = str(listener.getsockname()[1])
            code, _, said = engines("start", self.state,
                                    EVALLOOP_POSTGRES_PORT=port)
        self.assertEqual(code, 3)
        self.assertIn(f"port {port} for PostgreSQL is taken",
                      said.splitlines()[-1])

    def test_an_unwritable_state_folder_is_named(self):
        blocked = self.state / "file"
        blocked.write_text("")
        code, _, said = engines("start", blocked / "state")
        self.assertEqual(code, 3)
        self.assertIn("can't make the state folder", said.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
