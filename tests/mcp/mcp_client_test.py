"""`evalloop mcp` with every service behind it: client_test.mjs, which uses the
official client (npm, by the lock file beside it), and what no good client would
send: garbage, lines without an end, a wrong token."""

import json
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "ci_story"), str(TESTS / "loop")]
# pylint: disable=wrong-import-position
import outside_tools
import scripted
import stack as stacks

HERE = pathlib.Path(__file__).resolve().parent
CLIENT = stacks.BIN.parent / "mcp-client"
HELLO = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"}}}


def install_client():
    """Fetches the official client; ends the test as skipped where npm can't."""
    CLIENT.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "client_test.mjs"):
        shutil.copy(HERE / name, CLIENT / name)
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
         "--loglevel=error"], cwd=CLIENT, check=False, timeout=240)
    if done.returncode != 0:
        outside_tools.skip("mcp-unreachable")


class McpClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.token = secrets.token_hex(24)
        cls.scripted = scripted.ScriptedStack(cls.token)
        cls.addClassCleanup(cls.scripted.close)

    def talk(self, *lines, **environment):
        """What `evalloop mcp` says to these lines, by id; it must end by itself
        and say nothing but messages."""
        sent = b"".join(
            (line if isinstance(line, bytes) else json.dumps(line).encode())
            + b"\n" for line in (HELLO, *lines))
        done = subprocess.run(
            [stacks.BIN / "evalloop", "mcp"], input=sent, check=True,
            env={**self.scripted.stack.settings(), **environment},
            capture_output=True, timeout=60)
        self.assertNotIn(self.token.encode(), done.stdout + done.stderr)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        return {message["id"]: message for message in said}

    def test_the_official_client_works_with_it(self):
        done = subprocess.run(
            ["node", "--test", "client_test.mjs"], cwd=CLIENT, check=False,
            timeout=280, capture_output=True, text=True,
            env={**self.scripted.stack.settings(),
                 "EVALLOOP_BIN": str(stacks.BIN / "evalloop"),
                 "MODEL_URL":
                     f"http://127.0.0.1:{self.scripted.model.server_port}"})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr
                         + self.scripted.stack.complaints())
        self.assertRegex(done.stdout, r"pass [1-9]")

    def test_garbage_is_answered_and_the_next_message_heard(self):
        said = self.talk(b"{", b"\x00\xff", b"[" * 100_000, b"x" * (9 << 20),
                         {"jsonrpc": "2.0", "id": "last", "method": "ping"})
        self.assertEqual(said["last"]["result"], {})
        self.assertIn("error", said[None])

    def test_a_wrong_token_is_an_answer_that_says_what_is_missing(self):
        said = self.talk(
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
             "params": {"name": "list_prompts"}}, EVALLOOP_AUTH_TOKEN="wrong")
        result = said[1]["result"]
        self.assertTrue(result["isError"])
        self.assertIn("EVALLOOP_AUTH_TOKEN", result["content"][0]["text"])

    def test_who_called_and_with_what_request_id_stands_in_the_audit_log(self):
        push = {"name": "push_revision", "arguments": {
            "prompt": "audited", "content": scripted.revision()}}
        said = self.talk({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
                          "params": push})
        self.assertNotIn("isError", said[1]["result"], said)
        lines = []
        while not lines:  # It comes over Kafka; the test's own time is the end.
            lines = self.scripted.stack.sql(
                "SELECT request_id FROM serving.audit_lines WHERE prompt = "
                "'audited' AND method = 'PushRevision'")
        self.assertTrue(lines[0][0].startswith("mcp-"), lines)


if __name__ == "__main__":
    os.umask(0o022)
    install_client()
    unittest.main(verbosity=2)
