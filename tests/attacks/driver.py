"""A driver process and the talk with it: netstrings of names and values."""
import os
import pathlib
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("EVALLOOP_BUILD_DIR",
                                    HERE.parent.parent / "build/dev"))


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
