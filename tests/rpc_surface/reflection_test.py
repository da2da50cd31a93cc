"""Every gRPC port tells its services by reflection, as grpcurl asks for it, and
answers its health check and one reading call."""

import json
import os
import pathlib
import subprocess
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "loop")]
import outside_tools  # pylint: disable=wrong-import-position
import stack as stacks  # pylint: disable=wrong-import-position

GRPCURL = None
REFLECTION = "grpc.reflection.v1alpha.ServerReflection"
HEALTH = "grpc.health.v1.Health"
# service -> (its gRPC service, a call that reads, its request, a field of the
# answer as reflection describes it).
READS = {
    "prompt_engine": ("PromptEngineService", "ListPrompts", "{}"),
    "evaluator": ("EvaluatorService", "ListBenchmarks", "{}"),
    "scorer": ("ScorerService", "GetScorer", "{}"),
    "serving": ("ServingService", "ListModels", "{}"),
    "trainer_bridge": ("TrainerBridgeService", "ListModelVersions", "{}"),
}


def find_grpcurl():
    """grpcurl on PATH, else the one that ./dev test has built with Go."""
    folder = stacks.ROOT / "deploy/local"
    built = subprocess.run(
        ["bash", "-c", f"source {folder}/common.sh; "
         f"source {folder}/go_tools.sh; go_tool grpcurl"],
        capture_output=True, text=True, check=False)
    if built.returncode == 0:
        return built.stdout.strip()
    return outside_tools.skip("grpcurl-no-go" if built.returncode == 4
                      else "grpcurl-unreachable")


class ReflectionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stacks.Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()

    def grpcurl(self, service, *arguments, options=()):
        done = subprocess.run(
            [GRPCURL, "-plaintext", "-max-time", "20", *options,
             self.stack.address(service), *arguments],
            capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def answer(self, service, *arguments, options=()):
        code, out, said = self.grpcurl(service, *arguments, options=options)
        self.assertEqual(code, 0, f"{service} {arguments}: {said}")
        return out

    def test_each_port_lists_its_service_health_and_reflection(self):
        for service, (name, *_) in READS.items():
            listed = set(self.answer(service, "list").split())
            also = {"evalloop.v1.AccessService"} if service == "serving" else set()
            self.assertEqual(
                listed, {f"evalloop.v1.{name}", HEALTH, REFLECTION} | also,
                service)

    def test_each_service_describes_its_calls_and_messages(self):
        for service, (name, call, _) in READS.items():
            described = self.answer(service, "describe", f"evalloop.v1.{name}")
            self.assertIn(f"rpc {call} ( .evalloop.v1.{call}Request )",
                          described)
            self.assertIn("google.api.http", described)
            message = self.answer(service, "describe",
                                  f"evalloop.v1.{call}Response")
            self.assertIn(f"message {call}Response", message)

    def test_each_service_is_healthy(self):
        for service, (name, *_) in READS.items():
            for asked in ("", f"evalloop.v1.{name}"):
                out = self.answer(
                    service, f"{HEALTH}/Check",
                    options=("-d", json.dumps({"service": asked})))
                self.assertEqual(json.loads(out), {"status": "SERVING"})

    def test_each_service_answers_a_reading_call(self):
        for service, (name, call, request) in READS.items():
            out = self.answer(service, f"evalloop.v1.{name}/{call}",
                              options=("-emit-defaults", "-d", request))
            self.assertIsInstance(json.loads(out), dict)

    def test_an_error_says_why_in_a_machine_readable_way(self):
        code, _, said = self.grpcurl(
            "prompt_engine", "evalloop.v1.PromptEngineService/GetRevision",
            options=("-d", '{"revision": {"prompt": "no-such-prompt"}}'))
        self.assertNotEqual(code, 0)
        self.assertIn("NotFound", said)
        self.assertIn("google.rpc.ErrorInfo", said)


if __name__ == "__main__":
    GRPCURL = find_grpcurl()
    os.umask(0o022)
    unittest.main(verbosity=2)
