"""tools/check_layers.py passes on this tree and fails on planted mistakes."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKER = ROOT / "tools" / "check_layers.py"
sys.path.insert(0, str(CHECKER.parent))
import check_layers  # noqa: E402


def run(root):
    done = subprocess.run([sys.executable, str(CHECKER), str(root)],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


class LayersTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for path in check_layers.source_files(ROOT):
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, self.root / path)

    def plant(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def assert_refused(self, path, text, words):
        self.plant(path, text)
        code, output = run(self.root)
        self.assertEqual(code, 1, output)
        self.assertIn(path, output)
        self.assertIn(words, output)
        self.assertEqual(len(output.splitlines()), 1, output)

    def test_this_tree_keeps_the_rule(self):
        self.assertEqual(run(ROOT), (0, ""))

    def test_a_domain_may_not_see_protobuf(self):
        self.assert_refused(
            "scorer/domain/planted.cc", '#include "evalloop/v1/scorer.pb.h"\n',
            "scorer/domain may not include evalloop/v1/scorer.pb.h")

    def test_a_domain_may_not_see_a_technology_library(self):
        self.assert_refused("evaluator/domain/planted.cc",
                            "#include <pqxx/pqxx>\n", "std, absl and fmt only")

    def test_a_domain_may_not_see_the_wire_form_of_a_policy(self):
        self.assert_refused(
            "prompt_engine/domain/planted.cc",
            '#include "completion_policy/wire.h"\n', "may not include")

    def test_a_service_may_not_see_another_service(self):
        self.assert_refused(
            "serving/planted.cc", '#include "scorer/domain/planted_score.h"\n',
            "serving may not include scorer/domain/planted_score.h")

    def test_a_room_may_not_see_a_room_beside_it(self):
        self.assert_refused(
            "scorer/service/planted.cc", '#include "scorer/store/planted.h"\n',
            "scorer/service may not include scorer/store/planted.h")

    def test_shared_ground_may_not_see_a_service(self):
        self.assert_refused("code_analysis/planted.cc",
                            '#include "serving/domain/planted.h"\n',
                            "code_analysis may not include")

    def test_platform_base_may_not_see_another_platform_room(self):
        self.assert_refused("platform/base/planted.cc",
                            '#include "platform/kafka/record.h"\n',
                            "platform/base may not include")

    def test_only_the_store_sees_pqxx(self):
        self.assert_refused("serving/stream/planted.cc",
                            "#include <pqxx/pqxx>\n", "belongs to")

    def test_production_code_may_not_see_fakes(self):
        self.assert_refused("platform/http/planted.cc",
                            '#include "platform/testing/fake_clock.h"\n',
                            "may not include")

    def test_a_long_file_needs_a_reason_in_its_header(self):
        self.assert_refused("replay/planted.cc", "// a line\n" * 401,
                            "401 lines")

    def test_a_long_file_with_a_reason_passes(self):
        self.plant("replay/planted.cc",
                   "// Long file: one table.\n" + "// a line\n" * 401)
        self.assertEqual(run(self.root), (0, ""))

    def test_an_include_guard_is_named_after_its_path(self):
        self.assert_refused("replay/planted.h", "#ifndef OTHER_H_\n",
                            "EVALLOOP_REPLAY_PLANTED_H_")

    def test_a_file_that_no_row_covers_is_refused(self):
        self.assert_refused("third_party/planted/planted.cc", "\n",
                            "no row")


if __name__ == "__main__":
    unittest.main()
