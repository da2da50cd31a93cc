"""`evalloop loop run` answers bad input and missing services with one clear
line and the right exit code, and leaves nothing half-made."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import small_repository
import stack as stacks

USAGE = 2
INFRASTRUCTURE = 3


class BadInputTest(unittest.TestCase):
    """No service runs: what the command line can find out, it finds out before
    it asks one."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="evalloop-bad."))
        self.addCleanup(shutil.rmtree, self.folder)
        ports = iter(stacks.free_ports(7))
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith("EVALLOOP_")}
        self.environment["EVALLOOP_HOME"] = str(self.folder / "home")
        for service in stacks.OWNERS:
            self.environment[f"EVALLOOP_{service.upper()}_ADDRESS"] = \
                f"127.0.0.1:{next(ports)}"
        for name in ("GATEWAY", "MODEL_SERVER"):
            self.environment[f"EVALLOOP_{name}_URL"] = \
                f"http://127.0.0.1:{next(ports)}"

    def loop_run(self, repository, *arguments):
        return subprocess.run(
            [stacks.BIN / "evalloop", "loop", "run", "--repo", str(repository),
             "--report", str(self.folder / "report.json"), *arguments],
            env=self.environment, capture_output=True, text=True, check=False,
            timeout=100)

    def assert_refused(self, code, words, repository, *arguments):
        done = self.loop_run(repository, *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertIn(words, done.stderr.splitlines()[-1])
        left = {path.name for path in self.folder.iterdir()}
        self.assertLessEqual(left, {"input"}, "left half-made")
        return done.stderr.splitlines()

    def repository(self, files):
        """One commit for each {path: bytes} of `files`."""
        path = self.folder / "input"
        subprocess.run(["git", "init", "-q", "-b", "main", path], check=True)
        importer = small_repository.Importer(path)
        mark = None
        for number, commit in enumerate(files):
            mark = importer.commit(f"Commit {number}", "Ada", commit,
                                   start=mark)
        importer.close()
        return path

    def test_a_path_that_does_not_exist(self):
        said = self.assert_refused(USAGE, str(self.folder / "none"),
                                   self.folder / "none")
        self.assertEqual(len(said), 1, said)

    def test_a_folder_that_is_no_git_repository(self):
        (self.folder / "input").mkdir()
        said = self.assert_refused(USAGE, "git repository",
                                   self.folder / "input")
        self.assertEqual(len(said), 1, said)

    def test_an_empty_repository(self):
        subprocess.run(["git", "init", "-q", self.folder / "input"], check=True)
        said = self.assert_refused(USAGE, "commit", self.folder / "input")
        self.assertEqual(len(said), 1, said)

    def test_a_repository_without_code(self):
        files = [{f"picture{i}.png": bytes(range(256)) * i,
                  "notes.txt": b"\xff\xfe\x00 no text" * i}
                 for i in range(1, 7)]
        said = self.assert_refused(USAGE, "commits add code",
                                   self.repository(files))
        self.assertLessEqual(len(said), 2, said)

    def test_huge_files_alone_are_no_code(self):
        huge = b"".join(b"value_%d = compute(%d)\n" % (i, i)
                        for i in range(70000))
        files = [{f"huge{i}.py": huge} for i in range(1, 7)]
        self.assert_refused(USAGE, "commits add code", self.repository(files))

    def test_lines_that_are_no_number(self):
        done = self.loop_run(self.folder, "--lines", "many")
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("--lines", done.stderr)

    def test_no_service_answers(self):
        small_repository.make_small_repository(self.folder / "input")
        self.assert_refused(INFRASTRUCTURE, "can't be reached",
                            self.folder / "input", "--lines", "100")


if __name__ == "__main__":
    unittest.main(verbosity=2)
