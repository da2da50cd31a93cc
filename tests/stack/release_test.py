"""What ./dev run builds: the release preset configures, although it has neither
tests nor gtest, and none of its targets needs one that only tests have."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class ReleaseTest(unittest.TestCase):
    def test_the_release_configures_without_what_only_tests_have(self):
        with tempfile.TemporaryDirectory(prefix="evalloop-release.") as folder:
            done = subprocess.run(
                ["cmake", "--preset", "release", "-B", folder], cwd=ROOT,
                capture_output=True, text=True, check=False, timeout=240)
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
