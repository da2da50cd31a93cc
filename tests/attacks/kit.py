"""Runs attack programs: reads their headers, lays bait on this machine, asks the
driver, and says what an attack achieved.

An attack is a file of programs/ that begins with a header of comment lines:

    class:    the number and name in the list of attacks
    tries:    what it does
    sees:     how one sees that it worked (an EVIDENCE below)
    defended: by what
    weak:     what is taken away so that it works: a kind of naive_harness.py as
              "naive KIND", or words of WEAKENINGS; "none: why" where it can't be
              shown without harm
    limits:   optional, NAME=VALUE ... of the driver's orders
    tests:    optional, which of TESTS is used
    argv:     optional: the command that runs /box/attack.EXT
    starts:   optional: how often it is started in a row
    open:     optional, "TIER: why": a tier that is known not to hold
"""
import ctypes
import dataclasses
import os
import pathlib
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("EVALLOOP_BUILD_DIR", ROOT / "build/dev"))
TIERS = ("zygote", "bubblewrap")
NOBODY = 65534
PYTHON = ["/usr/bin/python3", "-I", "-S", "-B", "/box/attack.py"]

EVIDENCE = ("passed", "dirty", "says", "leak", "marker", "connection", "victim",
            "survivor", "late", "memory")

# Tests with answers that can't be guessed.
TESTS = {
    "plain": """EXPECTED = {expected}
def check(candidate):
    for x in range(20):
        assert candidate(x) == EXPECTED[x]
""",
    "map": """EXPECTED = {expected}
def check(candidate):
    for x, got in enumerate(map(candidate, range(20))):
        assert got == EXPECTED[x]
""",
    "all": """EXPECTED = {expected}
def check(candidate):
    assert all(map(lambda x: candidate(x) == EXPECTED[x], range(20)))
""",
    "zip": """EXPECTED = {expected}
def check(candidate):
    assert [a == b for a, b in zip(map(candidate, range(20)), EXPECTED)] == (
        [True] * 20)
""",
    "iter": """EXPECTED = {expected}
def check(candidate):
    seen = 0
    for got in iter(lambda: candidate(seen), None):
        assert got == EXPECTED[seen]
        seen += 1
        if seen == 20:
            return
""",
    "swallow": """EXPECTED = {expected}
def check(candidate):
    for x in range(20):
        try:
            got = candidate(x)
        except Exception:
            got = "error"
        assert got == EXPECTED[x]
""",
    "typed": """EXPECTED = {expected}
def check(candidate):
    for x in range(20):
        got = candidate(x)
        assert type(got) is int and got == EXPECTED[x]
""",
    "near": """EXPECTED = {expected}
def check(candidate):
    for x in range(20):
        assert abs(candidate(x) - EXPECTED[x]) < 1e-6
""",
    "any": """EXPECTED = {expected}
def check(candidate):
    candidate(0)
""",
    "list": """EXPECTED = {expected}
def check(candidate):
    for x in range(20):
        got = candidate([x])
        assert len(got) == 1 and got[0] == EXPECTED[x]
        assert sorted(got) == [EXPECTED[x]]
""",
}


# What can be taken away from the reference tier: changes of the driver's order.
def weakenings(bait):
    drop, add = "dropped", "added"
    return {
        "net": [(drop, "--unshare-net")],
        "pid": [(drop, "--unshare-pid"), (drop, "--as-pid-1")],
        "ipc": [(drop, "--unshare-ipc")],
        "uts": [(drop, "--unshare-uts"), (drop, "--hostname:1")],
        "cgroup": [(drop, "--unshare-cgroup")],
        "seccomp": [(drop, "--seccomp:1")],
        "userns": [(drop, "--disable-userns")],
        "root": [("keep_user", "1"), (drop, "--unshare-user"),
                 (drop, "--disable-userns"), (drop, "--cap-drop:1"),
                 (drop, "--uid:1"), (drop, "--gid:1"),
                 (add, "--cap-add"), (add, "ALL")],
        "uid": [(drop, "--uid:1"), (drop, "--gid:1")],
        "user": [("keep_user", "1")],
        "env": [("before", "/usr/bin/env"),
                ("before", f"EVALLOOP_ATTACK_SECRET={bait.secret}"),
                (drop, "--clearenv")],
        "fds": [("open_file", str(bait.secret_file))],
        "etc": [(add, "--ro-bind"), (add, "/etc"), (add, "/etc")],
        "scratch": [(add, "--ro-bind"), (add, str(bait.folder)),
                    (add, str(bait.folder))],
        "scratch-rw": [(add, "--bind"), (add, str(bait.folder)),
                       (add, str(bait.folder))],
        "usr-rw": [(add, "--bind"), (add, str(bait.markers)),
                   (add, "/usr/local")],
        "tmp-kept": [(add, "--bind"), (add, str(bait.kept)), (add, "/tmp")],
        "tmp-marked": [(add, "--bind"), (add, str(bait.markers)),
                       (add, "/tmp")],
        "root-rw": [(drop, "--remount-ro:1")] * 4,
        "sys": [(add, "--ro-bind"), (add, "/sys"), (add, "/sys")],
        "dev": [(add, "--dev-bind"), (add, "/dev"), (add, "/dev")],
        "shm": [(add, "--dev-bind"), (add, str(bait.markers)),
                (add, "/dev/shm")],
        "die": [(drop, "--die-with-parent")],
        "session": [(drop, "--new-session")],
        "nproc": [("processes", "600")],
        "memory": [("address_space", str(4 << 30))],
        "fsize": [("file_size", str(1 << 42))],
        "files": [("open_files", "4096")],
        "disk": [("scratch_space", str(256 << 20))],
        "cpu": [("cpu_time", "60000")],
        "wall": [("wall_time", "+2500")],
        "output": [],  # Descriptors of the weak sandbox are files.
    }


@dataclasses.dataclass
class Attack:
    path: pathlib.Path
    header: dict
    source: str

    @property
    def name(self):
        return self.path.name

    @property
    def number(self):
        return int(self.header["class"].split()[0])

    @property
    def is_check(self):
        return bool({"passed", "dirty"} & set(self.header["sees"].split()))


def read_attack(path):
    header = {}
    source = path.read_text("utf-8", "surrogateescape")
    for line in source.splitlines():
        words = line.lstrip("#/ ")
        if not line.startswith(("# ", "// ")):
            break
        name, colon, value = words.partition(":")
        if colon and name.isidentifier() and name.islower():
            last = name
            header[name] = value.strip()
        elif header:
            header[last] += " " + words.strip()
    for name in ("class", "tries", "sees", "defended", "weak"):
        if name not in header:
            raise ValueError(f"{path}: no '{name}:' in its header")
    for word in header["sees"].split():
        if word not in EVIDENCE:
            raise ValueError(f"{path}: sees: {word}?")
    return Attack(path, header, source)


def attacks():
    return [read_attack(path) for path in sorted((HERE / "programs").iterdir())
            if path.is_file()]


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


class Bait:
    """What attacks are after, all of it made for them: a secret file, variable,
    descriptor, segment of shared memory, two listeners, and a process."""

    def __init__(self):
        self.secret = "secret-" + secrets.token_hex(12)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-attack-"))
        self.folder.chmod(0o755)
        self.secret_file = self.folder / "secret.txt"
        self.secret_file.write_text(self.secret)
        self.markers = self.folder / "markers"
        self.markers.mkdir()
        self.markers.chmod(0o777)
        self.kept = self.folder / "kept"
        self.kept.mkdir()
        self.kept.chmod(0o777)
        self.connections = 0
        self.tcp = self._listen(socket.AF_INET, ("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.unix_path = str(self.folder / "unix.sock")
        self.unix = self._listen(socket.AF_UNIX, self.unix_path)
        os.chmod(self.unix_path, 0o777)
        self.abstract = "evalloop-attack-" + secrets.token_hex(6)
        self._listen(socket.AF_UNIX, "\0" + self.abstract)
        self.victim = self._start_victim()
        self._share_memory()

    def _listen(self, family, address):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.bind(address)
        listener.listen(64)
        threading.Thread(target=self._serve, args=(listener,),
                         daemon=True).start()
        return listener

    def _serve(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                client.sendall(self.secret.encode())
            except OSError:
                pass
            client.close()

    def _start_victim(self):
        drop = (["/usr/bin/setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                 "--clear-groups", "--"] if os.getuid() == 0 else [])
        return subprocess.Popen(
            [*drop, "/usr/bin/sleep", "86400"], cwd="/",
            env={"EVALLOOP_ATTACK_SECRET": self.secret},
            stdin=open(self.secret_file))

    def _share_memory(self):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmat.restype = ctypes.c_void_p
        self.shm_key = secrets.randbelow(1 << 30) + 1
        self.shm = libc.shmget(self.shm_key, 4096, 0o1666)
        if self.shm >= 0:
            address = libc.shmat(self.shm, None, 0)
            text = self.secret.encode()
            ctypes.memmove(address, text, len(text))

    def names(self, token):
        return {
            "SECRET_FILE": str(self.secret_file), "FOLDER": str(self.folder),
            "MARKERS": str(self.markers), "PORT": self.port,
            "UNIX_SOCKET": self.unix_path, "ABSTRACT": "\0" + self.abstract,
            "VICTIM": self.victim.pid, "SHM_KEY": self.shm_key,
            "TOKEN": token}

    def harm(self):
        """What was done to it since it was asked last; heals what it can."""
        seen = set()
        if any(self.markers.iterdir()):
            seen.add("marker")
            for path in self.markers.iterdir():
                remove(path)
        if self.connections:
            seen.add("connection")
            self.connections = 0
        state = pathlib.Path(f"/proc/{self.victim.pid}/stat")
        if (self.victim.poll() is not None or
                state.read_text().rpartition(")")[2].split()[0] in "Tt"):
            seen.add("victim")
            self.victim.kill()
            self.victim.wait()
            self.victim = self._start_victim()
        if (not self.secret_file.exists() or
                self.secret_file.read_text() != self.secret):
            seen.add("marker")
            self.secret_file.write_text(self.secret)
        return seen

    def close(self):
        self.victim.kill()
        self.victim.wait()
        self.tcp.close()
        self.unix.close()
        if self.shm >= 0:
            ctypes.CDLL(None).shmctl(self.shm, 0, None)
        shutil.rmtree(self.folder, ignore_errors=True)


class Driver:
    """A process that runs one order at a time. It holds the secret in its
    environment and in an open descriptor."""

    def __init__(self, secret="", secret_file=None):
        inherited = []
        if secret_file is not None:
            fd = os.open(secret_file, os.O_RDONLY)
            os.set_inheritable(fd, True)
            inherited = [fd]
        path = BUILD / "tests/attack_driver"
        self.process = subprocess.Popen(
            [path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            pass_fds=inherited, start_new_session=True,
            env={"EVALLOOP_ATTACK_SECRET": secret, "PATH": "/usr/bin:/bin"})
        for fd in inherited:
            os.close(fd)

    def ask(self, fields):
        text = b"".join(netstring(part) for name, value in fields
                        for part in (name, value))
        self.process.stdin.write(netstring(text))
        self.process.stdin.flush()
        parts = split_netstrings(read_netstring(self.process.stdout))
        return {name.decode(): value for name, value in
                zip(parts[::2], parts[1::2])}

    def survivors(self, looks=2):
        """Processes under the driver that are no waiting zygotes. One that
        forks all the time may escape one look, so there are some."""
        for i in range(looks):
            left = self._look()
            if left:
                return left
            time.sleep(0.03)
        return []

    def _look(self):
        children = {}
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                stat = pathlib.Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            state, parent = stat.rpartition(")")[2].split()[:2]
            if state != "Z":
                children.setdefault(int(parent), []).append(int(entry))
        left = []

        def walk(pid, depth):
            for child in children.get(pid, []):
                try:
                    line = pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
                except OSError:
                    continue
                if depth > 1 or not line.endswith(b"sandbox_zygote\0"):
                    left.append(child)
                walk(child, depth + 1)

        walk(self.process.pid, 0)
        return left

    def kill_survivors(self):
        for _ in range(200):
            left = self.survivors()
            for pid in left:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not left:
                return

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def netstring(value):
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogateescape")
    elif not isinstance(value, bytes):
        value = str(value).encode()
    return b"%d:%s," % (len(value), value)


def read_netstring(file):
    size = b""
    while not size.endswith(b":"):
        more = file.read(1)
        if not more:
            raise EOFError("the driver went away")
        size += more
    body = file.read(int(size[:-1]))
    file.read(1)
    return body


def split_netstrings(text):
    parts = []
    at = 0
    while at < len(text):
        colon = text.index(b":", at)
        size = int(text[at:colon])
        parts.append(text[colon + 1:colon + 1 + size])
        at = colon + 2 + size
    return parts


def python_source(attack, bait, as_template):
    """The attack with its preamble; a template does its work in main()."""
    names = "".join(f"{name} = {value!r}\n" for name, value in
                    bait.names(secrets.token_hex(6)).items())
    text = names + (HERE / "preamble.py").read_text()
    text += (f"\nATTACK = {attack.source!r}\n"
             "def main():\n"
             "    try:\n"
             "        exec(compile(ATTACK, 'attack.py', 'exec'), globals())\n"
             "    except BaseException as error:\n"
             "        say(f'ended by {type(error).__name__}: {error}')\n"
             "        raise\n"
             "    say('ran to its end')\n")
    return text if as_template else text + "main()\n"


def limits_of(attack):
    limits = {"cpu_time": "2000", "wall_time": "2000"}
    for word in attack.header.get("limits", "").split():
        name, _, value = word.partition("=")
        limits[name] = value
    return limits


def foreign_fields(attack, bait):
    """Argv and file of an attack that is no Python."""
    text = attack.source
    command = attack.header["argv"]
    for name, value in bait.names(secrets.token_hex(6)).items():
        text = text.replace("@" + name + "@", str(value))
        command = command.replace("@" + name + "@", str(value))
    return [("argv", "/bin/sh"), ("argv", "-c"), ("argv", command),
            ("file:/box/attack" + attack.path.suffix, text)]


def make_tests(attack):
    expected = [random.SystemRandom().randrange(10 ** 9) for _ in range(20)]
    return TESTS[attack.header.get("tests", "plain")].format(expected=expected)


@dataclasses.dataclass
class Outcome:
    attack: Attack
    where: str
    seen: set
    detail: str
    wall_ms: float = 0.0
    over_ms: float = 0.0  # Of the wall limit.
    trouble: str = ""


def evidence(attack, where, driver, bait, answer, limit_ms):
    seen = bait.harm()
    texts = b"\n".join(answer.get(name, b"")
                       for name in ("said", "stdout", "stderr", "verdict"))
    if bait.secret.encode() in texts:
        seen.add("leak")
    if b"ESCAPED" in texts:
        seen.add("says")
    wall_ms = int(answer.get("wall_us", b"0")) / 1000
    if max(len(answer.get("stdout", b"")), len(answer.get("stderr", b""))) > (
            1 << 20):
        seen.add("memory")
    # A tier gives back time in which the machine was busy with others.
    if wall_ms > limit_ms * (1 if where == "weak" else 4) + 1500:
        seen.add("late")
    looks = 20 if "survivor" in attack.header["sees"] else 2
    if driver.survivors(looks):
        time.sleep(1)
        if driver.survivors(looks):
            seen.add("survivor")
            driver.kill_survivors()
    detail = texts.strip().decode("utf-8", "replace")
    return seen, detail, wall_ms


def is_dirty(words):
    """Whether a verdict's words could harm a terminal, a log or a database."""
    return len(words) > 500 or any(not 32 <= byte < 127 for byte in words)


def outcome_of(attack, where, driver, bait, answer, limit_ms):
    seen, detail, wall_ms = evidence(attack, where, driver, bait, answer,
                                     limit_ms)
    trouble = answer.get("trouble", b"").decode()
    return Outcome(attack, where, seen, detail, wall_ms,
                   max(0.0, wall_ms - limit_ms), trouble)


def run(attack, tier, driver, bait):
    """The attack against a tier, by the entry that candidates use."""
    if attack.is_check:
        limit = int(attack.header.get("limits", "2000").split("=")[-1])
        answer = driver.ask([
            ("order", "check"), ("tier", tier), ("program", attack.source),
            ("tests", make_tests(attack)), ("entry_point", "solve"),
            ("timeout_ms", limit)])
        outcome = outcome_of(attack, tier, driver, bait, answer, limit)
        if is_dirty(answer.get("verdict", b"")):
            outcome.seen.add("dirty")
        if answer.get("verdict") == b"passed":
            outcome.seen.add("passed")
        elif answer.get("verdict", b"infra").startswith(b"infra"):
            outcome.trouble = outcome.trouble or outcome.detail
        return outcome
    limits = limits_of(attack)
    if "argv" in attack.header:
        fields = [("order", "job"), *foreign_fields(attack, bait)]
    else:
        fields = [("order", "start"),
                  ("source", python_source(attack, bait, True)),
                  ("starts", attack.header.get("starts", "1"))]
    answer = driver.ask([*fields, ("tier", tier), *limits.items()])
    return outcome_of(attack, tier, driver, bait, answer,
                      int(limits["wall_time"]))


def run_weakly(attack, driver, bait):
    """The attack where its protection is missing; None: can't be shown."""
    words = attack.header["weak"].split()
    if words[0] == "none:":
        return None
    if words[0] == "naive":
        answer = driver.ask([
            ("order", "weak"), ("wall_time", "8000"), ("cpu_time", "8000"),
            ("argv", "/usr/bin/python3"), ("argv", "-I"), ("argv", "-S"),
            ("argv", "/box/naive_harness.py"), ("argv", words[1]),
            ("file:/box/naive_harness.py",
             (HERE / "naive_harness.py").read_text()),
            ("file:/box/program.py", attack.source),
            ("file:/box/tests.py", make_tests(attack))])
        outcome = outcome_of(attack, "weak", driver, bait, answer, 8000)
        if is_dirty(answer.get("stdout", b"").strip(b"\n")):
            outcome.seen.add("dirty")
        if answer.get("stdout", b"").endswith(b"PASSED\n"):
            outcome.seen.add("passed")
        return outcome
    limits = limits_of(attack)
    limit = int(limits["wall_time"])
    fields = []
    for word in words:
        for name, value in weakenings(bait)[word]:
            if name in limits or name.endswith(("_space", "_size", "_files",
                                                "processes")):
                old = int(limits.get(name, "0"))
                limits[name] = (str(old + int(value)) if value[0] == "+"
                                else value)
            else:
                fields.append((name, value))
    if "argv" in attack.header:
        fields += foreign_fields(attack, bait)
    else:
        fields += [("argv", word) for word in PYTHON]
        fields.append(("file:/box/attack.py",
                       python_source(attack, bait, False)))
    for _ in range(int(attack.header.get("starts", "1"))):
        answer = driver.ask([("order", "weak"), *fields, *limits.items()])
    for path in bait.kept.iterdir():
        remove(path)
    return outcome_of(attack, "weak", driver, bait, answer, limit)
