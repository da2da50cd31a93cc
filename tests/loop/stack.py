"""The whole stack for a test: every service of this build, on free ports, with
a database and topics of its own. The functions are ./dev's own."""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("EVALLOOP_BUILD_DIR",
                                  ROOT / "build/dev")) / "bin"
PORTS = {
    "prompt_engine": ("grpc", "json", "admin"),
    "evaluator": ("grpc", "json", "admin"),
    "scorer": ("grpc", "json", "admin"),
    "serving": ("grpc", "json", "admin", "http"),
    "trainer_bridge": ("grpc", "json", "admin"),
    "model_server": ("http", "admin"),
}
SERVICES = tuple(PORTS)
# Those with a schema.
OWNERS = SERVICES[:5]
PARTITIONS = 3
ENGINES = ("EVALLOOP_DATABASE_URL", "EVALLOOP_KAFKA_BROKERS")


def free_ports(count):
    """Ports that nobody listens on, below those that the kernel hands out."""
    found = []
    while len(found) < count:
        port = random.SystemRandom().randrange(20000, 32000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) and port not in found:
                found.append(port)
    return found


def wait_gone(pid):
    """Until the process has ended and closed its sockets: a zombie, whose last
    thread has left too."""
    deadline = time.monotonic() + 10
    process = pathlib.Path(f"/proc/{pid}")
    while time.monotonic() < deadline:
        try:
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            if state in "ZX" and len(list((process / "task").iterdir())) <= 1:
                return
        except (FileNotFoundError, ProcessLookupError):
            return
        time.sleep(0.01)


class Stack:
    """own_engines: a PostgreSQL and a broker that a test may kill; else those
    that ./dev test started."""

    def __init__(self, own_engines=False):
        missing = [name for name in ENGINES if name not in os.environ]
        if missing and not own_engines:
            raise RuntimeError(f"{missing[0]} is not set: run ./dev test loop")
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-loop."))
        self.home.chmod(0o755)  # PostgreSQL's user enters it.
        mark = self.home.name.rpartition(".")[2].lower()
        self.prefix = f"loop-{mark}"
        self.scheme = "http"
        self.database = None
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith("EVALLOOP_")}
        self.environment.update(
            EVALLOOP_HOME=str(self.home), EVALLOOP_TEMPORARY="1",
            EVALLOOP_TOPIC_PREFIX=self.prefix)
        if not own_engines:
            self._use_given_engines(f"loop_{mark}")
        kinds = [(service, kind) for service in SERVICES
                 for kind in PORTS[service]]
        self.ports = dict(zip(kinds, free_ports(len(kinds))))
        for (service, kind), port in self.ports.items():
            name = f"EVALLOOP_{service.upper()}_{kind.upper()}_PORT"
            self.environment[name] = str(port)

    def _use_given_engines(self, database):
        self._server = os.environ["EVALLOOP_DATABASE_URL"]
        self._run(["psql", "-XAtq", self._server, "-c",
                   f"CREATE DATABASE {database}"])
        self.database = database
        url = urllib.parse.urlsplit(self._server)._replace(path="/" + database)
        self.environment["EVALLOOP_DATABASE_URL"] = url.geturl()
        self.environment["EVALLOOP_KAFKA_BROKERS"] = os.environ[
            "EVALLOOP_KAFKA_BROKERS"]

    def use_tls(self, certificate, key, authority):
        """TLS on every port, from the next start on. The files are PEM."""
        self.scheme = "https"
        for kind in ("GRPC", "HTTP"):
            self.environment.update({
                f"EVALLOOP_{kind}_TLS_CERTIFICATE_FILE": str(certificate),
                f"EVALLOOP_{kind}_TLS_KEY_FILE": str(key),
                f"EVALLOOP_{kind}_TLS_CA_FILE": str(authority)})

    def shell(self, command, timeout=240, check=True):
        """Runs bash with ./dev's functions; (exit code, stderr)."""
        script = f"""
          set -euo pipefail
          ROOT={ROOT} LOCAL_DIR={ROOT}/deploy/local BIN={BIN}
          for part in engines build migrations services loop; do
            source "$LOCAL_DIR/$part.sh"
          done
          {command}"""
        # A file, no pipe: the services inherit it and outlive the shell.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(["bash", "-c", script], stdout=said,
                                  stderr=said, env=self.environment,
                                  check=False, timeout=timeout)
            said.seek(0)
            words = said.read()
        if check and done.returncode != 0:
            raise RuntimeError(f"{command}: {words}{self.complaints()}")
        return done.returncode, words

    def up(self):
        """Starts what is down: engines, schemas, services."""
        self.shell("stack_up")
        if "EVALLOOP_DATABASE_URL" in self.environment:
            return
        # Later calls find these engines through their state folder.
        lines = (self.home / "engines.env").read_text().splitlines()
        self.engines = dict(line.split("=", 1) for line in lines)

    def close(self):
        """Stops everything; removes the database and the folder."""
        self.shell("stack_environment; stack_down", check=False)
        if self.database:
            self._run(["psql", "-XAtq", self._server, "-c",
                       f"DROP DATABASE {self.database} WITH (FORCE)"])
        shutil.rmtree(self.home, ignore_errors=True)

    def settings(self):
        """What a user's shell would have after ./dev up, for evalloop."""
        found = dict(self.environment)
        found.update(getattr(self, "engines", {}))
        for service in OWNERS:
            found[f"EVALLOOP_{service.upper()}_ADDRESS"] = self.address(service)
        found["EVALLOOP_GATEWAY_URL"] = self.url("serving")
        found["EVALLOOP_MODEL_SERVER_URL"] = self.url("model_server")
        return found

    def address(self, service):
        return f"127.0.0.1:{self.ports[service, 'grpc']}"

    def url(self, service, kind="http"):
        return f"{self.scheme}://127.0.0.1:{self.ports[service, kind]}"

    def pid(self, service):
        return int((self.home / "run" / f"{service}.pid").read_text())

    def kill(self, name):
        """kill -9 of a service, postgres or kafka, without a warning."""
        if name == "postgres":
            file = self.home / "postgres/postmaster.pid"
            pid = int(file.read_text().splitlines()[0])
        elif name == "kafka":
            pid = int((self.home / "kafka/pid").read_text())
        else:
            pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        wait_gone(pid)

    def sql(self, text):
        """The rows of a query, each a list of texts; NULL is ''."""
        out = self._run(["psql", "-XAtq", "-F", "\x1f", "-R", "\x1e",
                         self.settings()["EVALLOOP_DATABASE_URL"], "-c", text])
        return [row.split("\x1f") for row in out.rstrip("\n").split("\x1e")
                if row]

    def number(self, text):
        return int(self.sql(text)[0][0])

    def cli(self, *arguments, timeout=60):
        """(exit code, stdout, stderr) of evalloop."""
        done = subprocess.run(
            [BIN / "evalloop", *arguments], env=self.settings(),
            capture_output=True, text=True, check=False, timeout=timeout)
        return done.returncode, done.stdout, done.stderr

    def ok(self, *arguments, timeout=180):
        """What evalloop says; raises with the services' complaints where it
        fails."""
        code, out, err = self.cli(*arguments, timeout=timeout)
        if code != 0:
            raise AssertionError(f"{arguments}: {code} {out}{err}"
                                 + self.complaints())
        return out

    def told(self, *arguments, timeout=180):
        """The same as JSON."""
        return json.loads(self.ok("--json", *arguments, timeout=timeout))

    def ends(self, topic):
        """Partition -> the offset that its next record will have."""
        brokers = self.settings()["EVALLOOP_KAFKA_BROKERS"]
        asked = [word for partition in range(PARTITIONS) for word in
                 ("-t", f"{self.prefix}.{topic}:{partition}:-1")]
        lines = self._run(["kcat", "-q", "-b", brokers, "-Q", *asked])
        found = re.findall(r"\[(\d+)\] offset (-?\d+)", lines)
        return {int(partition): int(offset) for partition, offset in found}

    def records(self, topic):
        """Where every record of a topic stands, and its key."""
        brokers = self.settings()["EVALLOOP_KAFKA_BROKERS"]
        lines = self._run(
            ["kcat", "-q", "-b", brokers, "-C", "-t",
             f"{self.prefix}.{topic}", "-o", "beginning", "-e", "-f",
             '{"partition":%p,"offset":%o,"key":"%k","size":%S}\n'])
        return [json.loads(line) for line in lines.splitlines()]

    def complaints(self):
        """The end of each log, for a failing test's message."""
        said = []
        for path in sorted((self.home / "log").glob("*.log")):
            lines = path.read_text(errors="replace").splitlines()
            bad = [line for line in lines if '"level":"info"' not in line]
            said += [f"--- {path.name}", *(line[:400] for line in bad[-8:])]
        return "\n" + "\n".join(said)

    @staticmethod
    def _run(command):
        return subprocess.run(command, check=True, capture_output=True,
                              text=True, timeout=60).stdout
