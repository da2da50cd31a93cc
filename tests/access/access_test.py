"""Every RPC and every route of the gateway, asked by nobody, by strangers and by
each role; keys that die everywhere; CI's tokens, good, forged and foreign; the
audit log. Against every service of this build."""

import json
import subprocess
import time
import unittest

import doors
# pylint: disable=wrong-import-order
import check_access  # doors knows the way to it.

import stack as stacks


class AccessTest(doors.Doors):
    def strangers(self):
        """What no service may take, by what it is."""
        key = self.keys["admin"]
        other = "b" if key[-1] != "b" else "c"
        yield "nothing", None
        yield "an empty token", ""
        yield "a wrong secret", key[:-2] + other * 2
        yield "an unknown key", "evk_" + "0" * 16 + key[20:]
        yield "a key's id", key[4:20]
        yield "part of the services' token", self.master[:-1]
        yield "a foreign issuer's token", self.foreign.token()
        yield "another audience", self.issuer.token(aud="elsewhere")
        yield "an expired token", self.issuer.token(
            exp=int(time.time()) - 60, iat=int(time.time()) - 600)
        yield "an unsigned token", self.issuer.token({"alg": "none"}, b"x")
        yield "HS256", self.issuer.token({"alg": "HS256"}, b"x" * 32)
        yield "a jku", self.issuer.token({"jku": "https://evil.example"})

    def test_every_method_asks_for_its_role(self):
        http = doors.rules()
        strangers = dict(self.strangers())
        walked = 0
        for service, method, role, *_ in check_access.methods(stacks.ROOT):
            verb, path = http[method]
            port = doors.SERVICE_OF[service]
            for who, token in strangers.items():
                self.assertEqual(self.status(port, verb, path, token), 401,
                                 f"{method} by {who}")
            # Nobody has written it yet: then a key of any role hears so.
            missing = self.status(port, verb, path, self.keys["admin"]) == 501
            for held in doors.ROLES:
                status, text = self.ask(port, verb, path, self.keys[held])
                where = f"{method} ({role}) by {held}: {status} {text:.200}"
                if missing:
                    self.assertEqual(status, 501, where)
                elif role in doors.COVERS[held]:
                    self.assertNotIn(status, (401, 403), where)
                else:
                    self.assertEqual(status, 403, where)
                walked += 1
        self.assertGreater(walked, 5 * 90)

    def test_every_route_of_the_gateway_asks_for_its_role(self):
        for verb, path, role in check_access.routes(stacks.ROOT):
            path += "x" if path.endswith("/") else ""
            for who, token in self.strangers():
                self.assertEqual(
                    self.status("serving", verb, path, token, kind="http"),
                    401, f"{path} by {who}")
            for held in doors.ROLES:
                status = self.status("serving", verb, path, self.keys[held],
                                     kind="http")
                if role in doors.COVERS[held]:
                    self.assertNotIn(status, (401, 403), f"{path} by {held}")
                else:
                    self.assertEqual(status, 403, f"{path} by {held}")

    def test_odd_paths_find_no_way_round(self):
        for path in ("/v1/models/", "//v1/models", "/v1/./models",
                     "/v1/%6dodels", "/v1/models;x", "/v1/models?a=/healthz",
                     "/healthz/../v1/models", "/V1/MODELS", "/readyz/",
                     "/v1/accessKeys", "/%2fhealthz"):
            for kind in ("json", "http", "admin"):
                self.assertIn(self.status("serving", "GET", path, kind=kind),
                              (400, 401), f"{kind} {path}")
                self.assertIn(
                    self.status("serving", "GET", path, self.keys["feedback"],
                                kind=kind),
                    (200, 400, 403, 404), f"{kind} {path}")
        self.assertEqual(
            self.status("serving", "GET", "/healthz", kind="admin"), 200)
        self.assertEqual(
            self.status("serving", "GET", "/metrics", kind="admin"), 401)

    def test_a_revoked_key_is_dead_everywhere_within_5_seconds(self):
        token = self.make_key("to revoke", "admin")
        self.await_key(token)
        began = time.monotonic()
        self.assertEqual(
            self.status("serving", "POST",
                        f"/v1/accessKeys/{token[4:20]}:revoke", self.master),
            200)
        doors = [(service, "json") for service in stacks.OWNERS]
        for service, kind in doors + [("serving", "http")]:
            while self.status(service, "GET", "/v1/models", token,
                              kind=kind) != 401:
                self.assertLess(time.monotonic() - began, 5, service)

    def test_the_command_line_makes_lists_and_revokes_keys(self):
        code, out, said = self.stack.cli(
            "key", "create", "ci", "--role", "runner", "--prompt", "web-*",
            "--expires", "30")
        self.assertEqual(code, 0, said)
        token = out.strip()
        self.await_key(token)
        code, out, said = self.stack.cli("key", "revoke", token[4:20])
        self.assertEqual(code, 0, said)
        code, out, said = self.stack.cli("--json", "key", "list")
        self.assertEqual(code, 0, said)
        key = {key["key_id"]: key
               for key in json.loads(out)["keys"]}[token[4:20]]
        self.assertIn("revoke_time", key)
        self.assertEqual(key["role"], "ROLE_RUNNER")
        self.assertEqual(key["prompts"], ["web-*"])
        self.stack.environment["EVALLOOP_AUTH_TOKEN"] = self.keys["runner"]
        try:
            code, _, said = self.stack.cli("key", "list")
            self.assertEqual(code, 4, said)
        finally:
            self.stack.environment["EVALLOOP_AUTH_TOKEN"] = self.master

    def test_a_scope_holds(self):
        token = self.make_key("web", "publisher", "web-*")
        self.await_key(token)
        path = "/v1/prompts/{}/labels/production:move"
        body = {"version": 1, "reason": "x"}
        for prompt, wanted in (("web-line", 404), ("other", 403),
                               ("xweb-", 403)):
            status, text = self.ask("prompt_engine", "POST",
                                    path.format(prompt), token, body)
            self.assertEqual(status, wanted, text)
        # Changes that name no prompt are not for it; reading is.
        self.assertEqual(self.status("scorer", "POST", "/v1/rubrics:use",
                                     token), 403)
        self.assertEqual(self.status("evaluator", "GET", "/v1/runs", token),
                         200)

    def test_ci_has_what_the_trust_file_gives(self):
        move = "/v1/prompts/{}/labels/production:move"
        for claims, prompt, wanted in (
                ({}, "web-line", 404), ({}, "other", 403),
                ({"ref": "feature"}, "web-line", 403),
                ({"project_path": "group/fork"}, "web-line", 401)):
            status, text = self.ask(
                "prompt_engine", "POST", move.format(prompt),
                self.issuer.token(**claims), {"version": 1, "reason": "x"})
            self.assertEqual(status, wanted, f"{claims} {prompt}: {text}")
        for service in stacks.OWNERS:
            self.assertEqual(
                self.status(service, "GET", "/v1/no-such", self.issuer.token()),
                404, service)

    def test_nobody_hands_out_more_than_they_have(self):
        status, _ = self.ask("serving", "POST", "/v1/accessKeys",
                             self.keys["publisher"],
                             {"name": "x", "role": "ROLE_READER"})
        self.assertEqual(status, 403)

    def test_the_secret_is_kept_nowhere(self):
        token = self.make_key("canary", "reader")
        self.await_key(token)
        secret = token[21:]
        dump = subprocess.run(
            ["pg_dump", self.stack.settings()["EVALLOOP_DATABASE_URL"]],
            check=True, capture_output=True, timeout=120).stdout.decode()
        self.assertIn(token[4:20], dump)
        self.assertNotIn(secret, dump)
        brokers = self.stack.settings()["EVALLOOP_KAFKA_BROKERS"]
        for topic in ("access.key.v1", "access.audit.v1"):
            records = subprocess.run(
                ["kcat", "-q", "-b", brokers, "-C", "-t",
                 f"{self.stack.prefix}.{topic}", "-o", "beginning", "-e"],
                check=True, capture_output=True, timeout=60).stdout
            self.assertNotIn(secret.encode(), records)
        for log in (self.stack.home / "log").glob("*.log"):
            self.assertNotIn(secret, log.read_text(errors="replace"))

    def audited(self, query):
        status, text = self.ask("serving", "GET", "/v1/auditEntries?" + query,
                                self.master)
        self.assertEqual(status, 200, text)
        return json.loads(text).get("entries", [])

    def test_changes_stand_in_the_audit_log_with_who_made_them(self):
        token = self.keys["publisher"]
        who = "key/" + token[4:20]
        self.ask("prompt_engine", "POST",
                 "/v1/prompts/audited/labels/production:move", token,
                 {"version": 1, "reason": "why not", "author": "somebody"})
        deadline = time.monotonic() + 20
        lines = []
        while len(lines) < 2 and time.monotonic() < deadline:
            lines = self.audited("prompt=audited")
        self.assertEqual([line["outcome"] for line in lines],
                         ["NOT_FOUND", "asked"])
        self.assertEqual({line["identity"] for line in lines}, {who})
        self.assertEqual({line["method"] for line in lines}, {"MoveLabel"})
        self.assertIn("why not", lines[0]["details"])
        made = self.audited("method=CreateKey")
        self.assertEqual({line["identity"] for line in made}, {"services"})

    def test_the_audit_log_shows_what_was_done_to_it(self):
        while not self.audited("page.page_size=2"):
            time.sleep(0.1)
        code, out, said = self.stack.cli("audit", "--check")
        self.assertEqual(code, 0, out + said)
        for change in ("UPDATE serving.audit_lines SET identity = 'x'",
                       "DELETE FROM serving.audit_lines",
                       "TRUNCATE serving.audit_lines"):
            with self.assertRaises(subprocess.CalledProcessError):
                self.stack.sql(change)
        # Whoever owns the table can still change it, but not unseen.
        self.change("UPDATE serving.audit_lines SET identity = identity || 'x'"
                    " WHERE sequence = 2")
        code, out, said = self.stack.cli("audit", "--check")
        self.assertEqual(code, 1, out + said)
        self.assertIn("line 2", out)
        self.change("UPDATE serving.audit_lines SET identity ="
                    " left(identity, -1) WHERE sequence = 2")
        self.assertEqual(self.stack.cli("audit", "--check")[0], 0)

    def change(self, statement):
        self.stack.sql(
            "ALTER TABLE serving.audit_lines DISABLE TRIGGER USER; "
            f"{statement}; "
            "ALTER TABLE serving.audit_lines ENABLE TRIGGER USER")


if __name__ == "__main__":
    unittest.main()
