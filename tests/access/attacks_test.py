"""Attacks that have worked on other gateways, on every service of this build with
TLS on every port: ways round who is asked, text that becomes SQL, calls in the
attacker's name, secrets that stay behind, and sizes."""

import concurrent.futures
import pathlib
import re
import secrets
import socket
import ssl
import subprocess
import time
import unittest

import doors
import provider as providers

# pylint: disable=wrong-import-order
import attack_texts as attacks  # doors knows the way to the others.
import check_access
import stack as stacks

REFUSED = (400, 401)
MEBI = 1 << 20


def templates():
    """method -> (service, verb, template, role)."""
    found = {}
    texts = [path.read_text() for path in
             (stacks.ROOT / "protos/evalloop/v1").glob("*.proto")]
    rules = {name: (verb.upper(), template) for text in texts
             for name, verb, template in doors.HTTP_RULE.findall(text)}
    for service, method, role, *_ in check_access.methods(stacks.ROOT):
        found[method] = (doors.SERVICE_OF[service], *rules[method], role)
    return found


class AttacksTest(doors.Doors):
    tls = True

    @classmethod
    def prepare(cls):
        """The database writes down each statement, its values apart."""
        cls.stack.sql(f"ALTER DATABASE {cls.stack.database} "
                      "SET log_statement = 'all'")
        cls.provider = providers.Provider(cls.certificate, cls.key)
        cls.addClassCleanup(cls.provider.close)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.methods = templates()
        cls.bodies = attacks.Bodies()
        status, text = cls.ask("serving", "POST", "/v1/models", cls.master, {
            "model": {"name": "ours", "provider": "PROVIDER_OPENAI_COMPATIBLE",
                      "base_url": cls.provider.url, "model_id": "m"}})
        assert status == 200, text
        deadline = time.monotonic() + 20
        while cls.complete({})[0] != 200:
            assert time.monotonic() < deadline

    @classmethod
    def complete(cls, more):
        return cls.ask("serving", "POST", "/v1/completions",
                       cls.keys["feedback"],
                       {"model": "ours", "prompt": "a", **more}, kind="http")

    def routes(self):
        """(service, kind, verb, path, a role that may not) of everything."""
        for verb, path, _ in check_access.routes(stacks.ROOT):
            path += "x" if path.endswith("/") else ""
            yield "serving", "http", verb, path, "reader"
        for service, verb, template, role in self.methods.values():
            path = self.bodies.path(template, "7")
            yield (service, "json", verb, path,
                   "reader" if role == "feedback" else "feedback")
        for service in stacks.OWNERS:
            yield service, "admin", "GET", "/metrics", "feedback"

    def send(self, service, kind, verb, target, *fields):
        lines = [f"{verb} {target} HTTP/1.1", "connection: close", *fields]
        if verb == "POST":
            lines += ["content-type: application/json", "content-length: 2"]
        said = "\r\n".join(lines) + "\r\n\r\n" + "{}" * (verb == "POST")
        return doors.status_of(self.knock(service, kind, said.encode()))

    def test_no_spelling_and_no_header_finds_a_way_round(self):
        admin = self.keys["admin"]
        wrong = admin[:-2] + ("bb" if admin[-2:] != "bb" else "cc")
        walked = 0
        for index, route in enumerate(self.routes()):
            service, kind, verb, path, low = route
            # The gateway's routes meet all of them, the others take turns.
            step = 1 if kind == "http" else 9
            tried = [(target.replace("{}", path).replace("{{key}}", admin), ())
                     for target in attacks.TARGETS[index % step::step]]
            tried += [(path, (header.replace("{key}", admin),))
                      for header in attacks.HEADERS[index % step::step]]
            for target, fields in tried:
                where = f"{kind} {verb} {target} {fields}"
                # Whom these ask for, the probes of the admin port answer.
                probe = re.search(r"/healthz\?", target) and not fields
                for token in ((), (f"authorization: Bearer {wrong}",)):
                    status = self.send(service, kind, verb, target,
                                       *token, *fields)
                    self.assertIn(
                        status, (200, 404, 405) if probe else REFUSED, where)
                status = self.send(
                    service, kind, verb, target,
                    f"authorization: Bearer {self.keys[low]}", *fields)
                self.assertIn(status, (200, 404, 405) if probe else
                              (400, 401, 403, 404, 405, 501), where)
                walked += 3
        self.assertGreater(walked, 3000)

    def log_of_statements(self):
        """(kind, text) of what the database wrote down."""
        log = pathlib.Path(self.stack.sql("SHOW data_directory")[0][0],
                           "server.log")
        self.assertTrue(log.is_file(), "the database is one of ./dev's")
        entries = []
        for line in log.read_text(errors="replace").splitlines():
            if found := re.match(r"\d{4}-\S+ \S+ \w+ \[\d+\] (\w+):", line):
                entries.append([found[1], line])
            elif entries:
                entries[-1][1] += "\n" + line
        return entries

    def test_no_text_of_a_request_becomes_sql(self):
        mark = "zq" + secrets.token_hex(6)
        texts = [text.replace("{}", mark) for text in attacks.INJECTIONS]
        token = self.keys["admin"]
        began = time.monotonic()
        answers = []

        def note(where, answer):
            answers.append((where, answer[0], answer[1][:300]))

        for method, (service, verb, template, _) in self.methods.items():
            for text in texts:
                path = self.bodies.path(template, text)
                if verb == "GET":
                    page = self.bodies.path("{x}", text)
                    note(f"{method} {path}", self.ask(service, verb, path, token))
                    note(f"{method}?page {text}", self.ask(
                        service, verb, f"{path}?page.page_token={page}", token))
                else:
                    note(f"{method} {text}", self.ask(
                        service, verb, path, token, self.bodies.of(method, text)))
        for text in texts:
            self.assertEqual(self.status(
                "serving", "GET", "/v1/models", token="evk_" + text.replace(
                    "\u2019", "'")), 401)
            note(f"user {text}", self.complete(
                {"user": text, "metadata": {
                    "path": text, "language": text, "session": text}}))
            note(f"model {text}", self.complete({"model": text}))
            note(f"feedback {text}", self.ask(
                "serving", "POST", "/v1/feedback", self.keys["feedback"],
                {"completion_id": text, "event": "accepted"}, kind="http"))
        for text in texts[::9]:  # Each waits a second for a label on its way.
            note(f"prompt {text}", self.complete({"model": f"evalloop/{text}"}))
        self.assertGreater(len(answers), 2000)
        # 501: nobody has written it yet. Nothing broke, and nothing slept.
        broken = [answer for answer in answers
                  if answer[1] >= 500 and answer[1] != 501]
        self.assertEqual(broken, [])
        self.assertLess(time.monotonic() - began, 60)
        self.assertEqual(self.stack.sql(
            f"SELECT relname FROM pg_class WHERE relname LIKE '%{mark}%'"), [])
        entries = self.log_of_statements()
        carried = [kind for kind, line in entries if mark in line]
        self.assertIn("DETAIL", carried)  # As values it came that far.
        self.assertEqual(
            [line[:400] for kind, line in entries
             if mark in line and kind != "DETAIL" and
             "FROM pg_class" not in line], [])

    def test_nobody_chooses_whom_the_services_call(self):
        trap = providers.Trap()
        self.addCleanup(trap.close)
        for url in attacks.urls(trap.port):
            nested = {name: url for name in attacks.URL_MEMBERS}
            for body in (nested, {"metadata": nested}, {"extra_body": nested},
                         {"user_config": nested, "extra_headers": nested}):
                self.complete(body)
            self.complete({"model": url})
            for header in attacks.URL_HEADERS:
                self.send("serving", "http", "POST", "/v1/completions",
                          f"authorization: Bearer {self.keys['feedback']}",
                          f"{header}: {url}")
            self.ask("serving", "POST", "/v1/chat/completions",
                     self.keys["feedback"], kind="http", body={
                         "model": "ours", **nested, "messages": [
                             {"role": "user", "content": [
                                 {"type": "image_url",
                                  "image_url": {"url": url}}]}]})
        # Admins name a provider's URL; nobody else names any, anywhere.
        url = attacks.urls(trap.port)[0]
        for method, (service, verb, template, role) in self.methods.items():
            if role == "admin" or verb == "GET":
                continue
            self.ask(service, verb, self.bodies.path(template, "7"),
                     self.keys["publisher"], self.bodies.of(method, url))
        self.assertEqual(trap.calls, 0)
        status, _ = self.ask("serving", "POST", "/v1/models", self.master, {
            "model": {"name": "trap", "provider": "PROVIDER_OPENAI_COMPATIBLE",
                      "base_url": url, "model_id": "m"}})
        self.assertGreaterEqual(status, 400)
        self.assertGreater(trap.calls, 0)  # The trap can be sprung.

    def test_what_is_kept_of_a_key_opens_nothing(self):
        token = self.keys["admin"]
        key_id = token[4:20]
        kept = self.stack.sql(
            f"SELECT * FROM serving.access_keys WHERE key_id = '{key_id}'")[0]
        for value in kept:
            value = value.removeprefix("\\x")
            for forged in (value, f"evk_{key_id}_{value}", f"evk_{value}",
                           f"evk_{key_id}_", f"evk_{key_id}"):
                if forged.isprintable():
                    self.assertEqual(self.status(
                        "serving", "GET", "/v1/models", forged), 401, forged)

    def test_a_bounded_admin_makes_no_key(self):
        bounded = self.make_key("bounded", "admin", "web-*")
        self.await_key(bounded)
        for role in doors.ROLES:
            status, text = self.ask(
                "serving", "POST", "/v1/accessKeys", bounded,
                {"name": "child", "role": f"ROLE_{role.upper()}"})
            self.assertEqual(status, 403, text)

    def test_secrets_stay_nowhere(self):
        canaries = [self.make_key(f"canary {i}", "publisher")
                    for i in range(20)]
        self.await_key(canaries[-1])
        forged = [token[:-8] + secrets.token_hex(4) for token in canaries]
        ci = self.issuer.token()
        for token in [*canaries, *forged, ci, self.foreign.token()]:
            for service in stacks.OWNERS:
                self.ask(service, "POST", "/v1/no-such?x=" + "y" * 9, token)
            self.ask("prompt_engine", "POST",
                     "/v1/prompts/web-x/labels/production:move", token,
                     {"version": 1, "reason": "x"})
            self.ask("serving", "POST", "/v1/completions", token,
                     {"model": "ours", "prompt": "a"}, kind="http")
        found = {"the database": subprocess.run(
            ["pg_dump", self.stack.settings()["EVALLOOP_DATABASE_URL"]],
            check=True, capture_output=True, timeout=120).stdout}
        brokers = self.stack.settings()["EVALLOOP_KAFKA_BROKERS"]
        listed = subprocess.run(["kcat", "-b", brokers, "-L"], check=True,
                                capture_output=True, text=True, timeout=60)
        topics = re.findall(rf'"({re.escape(self.stack.prefix)}\.\S+)"',
                            listed.stdout)
        self.assertGreater(len(topics), 10)

        def records(topic):
            return subprocess.run(
                ["kcat", "-q", "-b", brokers, "-C", "-t", topic, "-o",
                 "beginning", "-e"], check=True, capture_output=True,
                timeout=60).stdout

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            found.update(zip(topics, pool.map(records, topics)))
        for path in self.stack.home.rglob("*"):
            if path.is_file() and path.suffix not in (".pem", ".key"):
                found[str(path)] = path.read_bytes()
        self.assertTrue(any(canaries[0][4:20].encode() in text
                            for text in found.values()))
        wanted = [token[21:] for token in canaries + forged]
        wanted += [self.master, ci, ci.rpartition(".")[2]]
        for place, text in found.items():
            for secret in wanted:
                self.assertNotIn(secret.encode(), text, place)

    def memory(self, service):
        """Bytes that it holds."""
        status = pathlib.Path(f"/proc/{self.stack.pid(service)}/status")
        return int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1]) * 1024

    def test_what_is_too_large_is_refused_before_it_is_held(self):
        head = (b"POST /v1/completions HTTP/1.1\r\nconnection: close\r\n"
                b"authorization: Bearer " + self.master.encode() + b"\r\n")
        sizes = (
            (413, head + b"content-length: 1099511627776\r\n\r\n"),
            (413, head + b"content-length: 8388609\r\n\r\n"),
            (413, head + b"transfer-encoding: chunked\r\n\r\nfffffff\r\n" +
             b"x" * 8192),
            (400, head + b"content-length: 18446744073709551616\r\n\r\n"),
            (400, head + b"content-length: -1\r\n\r\n"),
            (400, head + b"content-length: 2\r\ntransfer-encoding: chunked"
             b"\r\n\r\n{}"),
            (431, head + b"x: " + b"y" * 40_000 + b"\r\n\r\n"),
            (431, head + b"".join(b"x%d: y\r\n" % i for i in range(9000))),
            (431, b"GET /" + b"x" * 40_000))
        doors_of_all = [(service, kind) for service, kinds in
                        stacks.PORTS.items() for kind in kinds
                        if kind in ("http", "json")]
        before = self.memory("serving")
        for service, kind in doors_of_all:
            for wanted, said in sizes:
                heard = doors.status_of(self.knock(service, kind, said))
                self.assertEqual(heard, wanted, f"{service} {said[:200]}")
        for _ in range(40):
            self.knock("serving", "http", sizes[0][1])
        self.assertLess(self.memory("serving") - before, 64 * MEBI)

    def test_deep_json_is_refused(self):
        for deep in ('{"a":' * 50_000, "[" * 200_000,
                     '{"metadata":' + "[" * 1_000 + "]" * 1_000 + "}"):
            said = (f"POST /v1/completions HTTP/1.1\r\nconnection: close\r\n"
                    f"authorization: Bearer {self.master}\r\n"
                    f"content-length: {len(deep)}\r\n\r\n{deep}")
            for service, kind, path in (
                    ("serving", "http", "/v1/completions"),
                    ("scorer", "json", "/v1/rubrics:use")):
                text = said.replace("/v1/completions", path).encode()
                self.assertEqual(
                    doors.status_of(self.knock(service, kind, text)), 400, path)

    def test_many_slow_clients_are_shut_out_and_nobody_waits_for_them(self):
        slow = []
        for index in range(150):
            link = self.connect("serving", "http")
            link.sendall(b"POST /v1/completions HTTP/1.1\r\nhost: " +
                         b"x" * (index % 9))
            slow.append(link)
        silent = [socket.create_connection(
            ("127.0.0.1", self.stack.ports["serving", "http"]))
            for _ in range(50)]
        began = time.monotonic()
        slowest = 0
        while time.monotonic() - began < 2:
            start = time.monotonic()
            self.assertEqual(self.complete({})[0], 200)
            slowest = max(slowest, time.monotonic() - start)
        self.assertLess(slowest, 1)
        # The header's time is 10 seconds, from its first byte.
        for link in slow + silent:
            link.settimeout(max(0.1, 20 - (time.monotonic() - began)))
            try:
                self.assertEqual(link.recv(1), b"")
            except (ConnectionError, ssl.SSLEOFError):
                pass
            link.close()


if __name__ == "__main__":
    unittest.main()
