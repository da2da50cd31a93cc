"""What attacks are after, all of it made for them."""
import ctypes
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading

NOBODY = 65534


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
