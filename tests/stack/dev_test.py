"""./dev answers bad input with one clear line and the right exit code, and
keeps services alive: started once, the dead ones again, a taken port named."""

import os
import pathlib
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Stands for a service: serves /readyz on its admin port, as all of ours do.
FAKE_SERVICE = """#!/usr/bin/python3
import http.server, os, sys
if os.path.exists(__file__ + ".broken"):
    print('{"level":"error","msg":"the planted reason"}', flush=True)
    sys.exit(3)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
    def log_message(self, *arguments):
        pass
port = int(os.environ["EVALLOOP_ADMIN_PORT"])
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


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


class BadInputTest(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.home)

    def dev(self, *arguments):
        environment = dict(os.environ, EVALLOOP_HOME=str(self.home / "state"))
        done = subprocess.run([ROOT / "dev", *arguments], env=environment,
                              capture_output=True, text=True, check=False,
                              timeout=60)
        return done.returncode, done.stderr

    def assert_refused(self, words, *arguments):
        code, said = self.dev(*arguments)
        self.assertEqual(code, 2, said)
        self.assertEqual(len(said.splitlines()), 1, said)
        self.assertIn(words, said)
        self.assertFalse((self.home / "state").exists(), "left half-made")

    def test_a_path_that_does_not_exist(self):
        self.assert_refused("does not exist", "run", str(self.home / "none"))

    def test_a_folder_that_is_no_git_repository(self):
        self.assert_refused("is not a git repository", "run", str(self.home))

    def test_a_file_instead_of_a_repository(self):
        (self.home / "file").write_text("")
        self.assert_refused("is not a git repository", "run",
                            str(self.home / "file"))

    def test_a_repository_without_commits(self):
        subprocess.run(["git", "init", "-q", self.home / "empty"], check=True)
        self.assert_refused("has no commits", "run", str(self.home / "empty"))

    def test_lines_that_are_no_number(self):
        self.assert_refused("whole number", "run", "--lines", "many")

    def test_an_option_that_run_does_not_know(self):
        self.assert_refused("knows no option --fast", "run", "--fast")

    def test_a_command_that_does_not_exist(self):
        self.assert_refused("no command 'fly'", "fly")

    def test_a_preset_that_does_not_exist(self):
        self.assert_refused("no preset", "build", "fast")
        self.assert_refused("dev, asan or tsan", "test", "--preset", "release")

    def test_a_label_that_does_not_exist(self):
        self.assert_refused("not 'some'", "test", "some")

    def test_a_clone_that_can_not_be_made_leaves_nothing(self):
        code, said = self.dev("run", f"file://{self.home}/none.git")
        self.assertEqual(code, 3, said)
        self.assertIn("can't clone", said.splitlines()[-1])
        self.assertEqual(list((self.home / "state/repositories").iterdir()), [])


class ServicesTest(unittest.TestCase):
    """deploy/local/services.sh with a fake program for each service."""

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.home)
        (self.home / "bin").mkdir()
        self.environment = dict(os.environ)
        for service, kinds in (("alpha", ("grpc", "admin")),
                               ("beta", ("admin",))):
            program = self.home / "bin" / service
            program.write_text(FAKE_SERVICE)
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            for kind in kinds:
                name = f"EVALLOOP_{service.upper()}_{kind.upper()}_PORT"
                self.environment[name] = str(free_port())
        self.addCleanup(self.shell, "services_stop")

    def shell(self, command):
        # The real functions, with the list of services replaced.
        script = f"""
          set -euo pipefail
          ROOT={ROOT} LOCAL_DIR={ROOT}/deploy/local BIN={self.home}/bin
          EVALLOOP_HOME={self.home}
          source "$LOCAL_DIR/common.sh"
          source <(sed 's/^readonly SERVICES=.*/SERVICES=(alpha beta)/
            s/prompt_engine) ports=.*/alpha) ports="grpc 1 admin 2" ;;/
            s/evaluator) ports=.*/beta) ports="admin 3" ;;/' \
            "$LOCAL_DIR/services.sh")
          stack_environment
          prepare_home
          {command}"""
        done = subprocess.run(["bash", "-c", script], env=self.environment,
                              capture_output=True, text=True, check=False,
                              timeout=90)
        return done.returncode, done.stdout, done.stderr

    def pid(self, service):
        return int((self.home / "run" / f"{service}.pid").read_text())

    def test_starts_all_then_only_the_dead(self):
        code, _, said = self.shell("services_start")
        self.assertEqual(code, 0, said)
        alpha, beta = self.pid("alpha"), self.pid("beta")
        os.kill(beta, signal.SIGKILL)
        wait_gone(beta)
        code, output, _ = self.shell("services_status")
        self.assertEqual(code, 1)
        self.assertRegex(output, r"alpha +up")
        self.assertRegex(output, r"beta +down")
        code, _, said = self.shell("services_start")
        self.assertEqual(code, 0, said)
        self.assertEqual(self.pid("alpha"), alpha)
        self.assertNotEqual(self.pid("beta"), beta)
        self.assertNotIn("alpha", said)

    def test_a_newer_build_replaces_the_running_one(self):
        self.shell("services_start")
        alpha = self.pid("alpha")
        later = time.time() + 5
        os.utime(self.home / "bin/alpha", (later, later))
        code, _, said = self.shell("services_start")
        self.assertEqual(code, 0, said)
        self.assertIn("older build", said)
        self.assertNotEqual(self.pid("alpha"), alpha)

    def test_a_taken_port_is_named(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            self.environment["EVALLOOP_ALPHA_GRPC_PORT"] = str(port)
            code, _, said = self.shell("services_start")
        self.assertEqual(code, 3)
        self.assertEqual(
            said, f"error: port {port} (alpha, grpc) is taken: free it or set "
            "EVALLOOP_ALPHA_GRPC_PORT\n")

    def test_a_service_that_dies_is_told_with_its_reason(self):
        (self.home / "bin/beta.broken").write_text("")
        code, _, said = self.shell("services_start")
        self.assertEqual(code, 3)
        self.assertIn("beta did not start", said.splitlines()[-1])
        self.assertIn("the planted reason", said.splitlines()[-1])

    def test_what_ends_under_a_command_is_started_again(self):
        code, _, said = self.shell("""
          services_start
          first=$(service_pid beta)
          another() { pid=$(service_pid beta) && [[ $pid != "$first" ]] &&
            service_ready beta; }
          work() { kill -KILL "$first" && wait_until 30 another && return 7; }
          services_watched work""")
        self.assertEqual(code, 7, said)
        self.assertIn("beta ended by itself; starting it again", said)
        self.assertNotIn("alpha ended", said)

    def test_what_ends_again_and_again_ends_the_command(self):
        code, _, said = self.shell(f"""
          services_start
          touch "{self.home}/bin/beta.broken"
          kill -KILL "$(service_pid beta)"
          services_watched sleep 60""")
        self.assertEqual(code, 3, said)
        self.assertIn("the planted reason", said)
        self.assertIn("beta does not stay up: giving up", said)

    def test_a_pid_that_became_another_process_is_not_ours(self):
        self.shell("services_start")
        os.kill(self.pid("beta"), signal.SIGKILL)
        (self.home / "run/beta.pid").write_text(f"{os.getpid()}\n")
        code, _, said = self.shell("services_start")
        self.assertEqual(code, 0, said)
        self.assertNotEqual(self.pid("beta"), os.getpid())

    def test_the_signing_key_is_made_once_and_private(self):
        self.shell("true")
        key = self.home / "completion.key"
        first = key.read_text()
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        self.shell("true")
        self.assertEqual(key.read_text(), first)
        self.assertGreaterEqual(len(first.strip()), 44)


if __name__ == "__main__":
    unittest.main()
