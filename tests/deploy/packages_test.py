"""What ./dev finds missing on a machine."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The real one ends so where it has never heard of a package: a new machine.
DPKG_QUERY = """#!/bin/sh
echo "ii git"
echo "rc kcat"
echo "dpkg-query: no packages found matching cmake" >&2
exit 1
"""


class PackagesTest(unittest.TestCase):
    def missing(self, wanted):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "packages.txt").write_text(wanted)
            (folder / "dpkg-query").write_text(DPKG_QUERY)
            (folder / "dpkg-query").chmod(0o755)
            return subprocess.run(
                ["bash", "-c", f"""
                  set -euo pipefail
                  LOCAL_DIR={folder} PATH={folder}:$PATH
                  source {ROOT}/deploy/local/packages.sh
                  missing_packages"""],
                capture_output=True, text=True, check=True).stdout.split()

    def test_a_machine_that_never_heard_of_a_package_misses_it(self):
        self.assertEqual(self.missing("# Words.\n\ncmake\ngit\n"), ["cmake"])

    def test_a_package_that_was_removed_is_missing(self):
        self.assertEqual(self.missing("git\nkcat\n"), ["kcat"])

    def test_a_command_that_is_there_stands_for_its_package(self):
        self.assertEqual(self.missing("npm sh\nnodejs no-such-command\n"),
                         ["nodejs"])

    def test_nothing_is_missing_where_all_is_installed(self):
        self.assertEqual(self.missing("git\n"), [])


if __name__ == "__main__":
    unittest.main()
