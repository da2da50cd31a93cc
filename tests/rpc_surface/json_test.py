"""Every method of every service answers as JSON over HTTP, by its
google.api.http rule, and the gate that CI plays with curl alone is there."""

import json
import pathlib
import re
import sys
import unittest
import urllib.error
import urllib.request

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "loop")]
import stack as stacks  # pylint: disable=wrong-import-position

PROTOS = stacks.ROOT / "protos/evalloop/v1"
OWNERS = ("prompt_engine", "evaluator", "scorer", "serving", "trainer_bridge")
RULE = re.compile(
    r"rpc (\w+)\((\w+)\)\s+returns \((stream )?\w+\) {\s*"
    r"(?:option \(access\) = {[^}]*};\s*)?"
    r"option \(google\.api\.http\) = {\s*(get|post): \"([^\"]+)\"")


def rules(service):
    text = (PROTOS / f"{service}.proto").read_text(encoding="utf-8")
    return RULE.findall(text), text.count("\n  rpc ")


class JsonTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stacks.Stack()
        cls.addClassCleanup(cls.stack.close)
        cls.stack.up()

    def call(self, service, verb, path, body=None):
        request = urllib.request.Request(
            self.stack.url(service, "json") + path, method=verb,
            data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_every_method_has_a_rule_that_the_port_answers(self):
        for service in OWNERS:
            found, methods = rules(service)
            self.assertEqual(len(found), methods, service)
            for name, _, _, verb, path in found:
                path = re.sub(r"{[^}]*}", "no-such-thing", path)
                body = {} if verb == "post" else None
                status, text = self.call(service, verb.upper(), path, body)
                where = f"{service} {name}: {status} {text:.300}"
                self.assertNotIn(status, (405, 500), where)
                if status == 404:
                    self.assertNotIn("is no path of this service", text, where)
                if status >= 400:
                    self.assertEqual(json.loads(text)["error"]["code"], status,
                                     where)

    def test_answers_are_those_of_grpc(self):
        status, text = self.call("scorer", "POST", "/v1/scores:score", {
            "candidate": {"text": "return a + b", "language": "python",
                          "references": ["return a + b"]},
            "metrics": ["exact_match", "chrf"]})
        self.assertEqual(status, 200, text)
        values = {metric["metric"]: metric["value"]
                  for metric in json.loads(text)["score"]["metrics"]}
        self.assertEqual(values["exact_match"], 1)
        self.assertAlmostEqual(values["chrf"], 100)

    def test_a_typing_error_is_named(self):
        status, text = self.call("evaluator", "GET", "/v1/runs?promt=x")
        self.assertEqual(status, 400)
        self.assertIn("promt: is no field of the request", text)


if __name__ == "__main__":
    unittest.main()
