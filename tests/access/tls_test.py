"""TLS on every port of every service: who is spoken to, what is refused, and
that renewed certificates are taken without a restart."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import unittest

import doors
import provider as providers

# pylint: disable=wrong-import-order
import authority as authorities  # doors knows the way to it.
import stack as stacks

PORTS = [(service, kind) for service, kinds in stacks.PORTS.items()
         for kind in kinds]
HTTP_PORTS = [port for port in PORTS if port[1] != "grpc"]
RENEWAL = 10  # Seconds: docs/access.md.


class TlsTest(doors.Doors):
    tls = True

    def common_name(self, service, kind):
        with self.connect(service, kind) as link:
            subject = dict(part[0] for part in link.getpeercert()["subject"])
        return subject["commonName"]

    def test_every_port_proves_who_it_is(self):
        strangers = ssl.create_default_context()
        for service, kind in PORTS:
            where = f"{service} {kind}"
            self.assertIn(self.common_name(service, kind),
                          ("everyone", "renewed"), where)
            with self.assertRaises(ssl.SSLCertVerificationError, msg=where):
                self.connect(service, kind, strangers)
            with self.connect(service, kind) as link:
                self.assertIn(link.version(), ("TLSv1.2", "TLSv1.3"), where)

    def test_no_port_takes_a_request_in_the_clear(self):
        request = (b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
                   b"authorization: Bearer " + self.master.encode() +
                   b"\r\n\r\n")
        for service, kind in PORTS:
            heard = b""
            with socket.create_connection(
                    ("127.0.0.1", self.stack.ports[service, kind]),
                    timeout=20) as link:
                link.sendall(request)
                try:
                    while piece := link.recv(4096):
                        heard += piece
                except ConnectionError:
                    pass
            if kind == "grpc":
                self.assertNotIn(b"HTTP/1.1", heard, service)
            else:
                self.assertEqual(doors.status_of(heard), 400, heard)
                self.assertIn(b"https://", heard)

    def test_curl_calls_every_http_port(self):
        for service, kind in HTTP_PORTS:
            path = "/healthz" if kind == "admin" else "/no-such"
            command = ["curl", "-s", "-m", "20", "-o", "/dev/null", "-w",
                       "%{http_code} %{http_version}", "-H",
                       f"authorization: Bearer {self.master}",
                       self.stack.url(service, kind) + path]
            said = subprocess.run(
                [*command, "--cacert", self.authority.certificate],
                check=True, capture_output=True, text=True, timeout=60).stdout
            self.assertEqual(said, "200 1.1" if kind == "admin" else "404 1.1",
                             f"{service} {kind}")
            refused = subprocess.run(command, check=False, timeout=60,
                                     capture_output=True)
            self.assertEqual(refused.returncode, 60, f"{service} {kind}")

    def test_the_command_line_knows_the_authority(self):
        code, out, said = self.stack.cli("--json", "key", "list")
        self.assertEqual(code, 0, said)
        self.assertIn("a reader", out)

    def register(self, name, url):
        return self.ask("serving", "POST", "/v1/models", self.master, {
            "model": {"name": name, "provider": "PROVIDER_OPENAI_COMPATIBLE",
                      "base_url": url, "model_id": "m"}})

    def test_providers_are_called_by_https_when_the_authority_knows_them(self):
        ours = providers.Provider(self.certificate, self.key)
        self.addCleanup(ours.close)
        stranger = authorities.Authority(self.stack.home, "stranger")
        theirs = providers.Provider(*stranger.make("theirs", "IP:127.0.0.1"))
        self.addCleanup(theirs.close)
        status, text = self.register("ours", ours.url)
        self.assertEqual(status, 200, text)
        status, text = self.register("theirs", theirs.url)
        self.assertGreaterEqual(status, 400, text)
        deadline = time.monotonic() + 20
        while True:
            status, text = self.ask(
                "serving", "POST", "/v1/completions", self.keys["feedback"],
                {"model": "ours", "prompt": "a"}, kind="http")
            if status == 200:
                break
            self.assertLess(time.monotonic(), deadline, text)
        self.assertEqual(json.loads(text)["choices"][0]["text"], "x")

    def test_the_admin_port_can_be_left_plain(self):
        web, admin = stacks.free_ports(2)
        environment = dict(
            self.stack.environment, EVALLOOP_ADMIN_TLS="false",
            EVALLOOP_HTTP_PORT=str(web), EVALLOOP_ADMIN_PORT=str(admin),
            EVALLOOP_ARTEFACT_DIR=str(self.stack.home))
        with subprocess.Popen([stacks.BIN / "model_server"], env=environment,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            try:
                subprocess.run(
                    ["curl", "-sf", "--retry", "40", "--retry-connrefused",
                     "--retry-delay", "1", "-o", "/dev/null",
                     f"http://127.0.0.1:{admin}/healthz"],
                    check=True, timeout=60)
                with socket.create_connection(("127.0.0.1", web)) as link:
                    with self.trusting.wrap_socket(
                            link, server_hostname="127.0.0.1") as secure:
                        self.assertTrue(secure.version())
            finally:
                process.terminate()

    def put(self, name):
        """Renews the certificate of every port, as certbot does."""
        for old, new in zip((self.certificate, self.key),
                            self.authority.make(name, "IP:127.0.0.1")):
            shutil.copy(new, f"{old}.new")
            os.rename(f"{old}.new", old)

    def test_renewed_files_are_taken_and_open_connections_live_on(self):
        request = (b"GET /no-such HTTP/1.1\r\nhost: x\r\n"
                   b"authorization: Bearer " + self.master.encode() +
                   b"\r\n\r\n")
        open_before = {port: self.connect(*port) for port in HTTP_PORTS}
        self.put("renewed")
        self.addCleanup(self.put, "everyone")
        began = time.monotonic()
        for port in PORTS:
            while self.common_name(*port) != "renewed":
                # The services' own time, and a busy machine's.
                self.assertLess(time.monotonic() - began, 2 * RENEWAL, port)
                time.sleep(0.05)
        for port, link in open_before.items():
            link.sendall(request)
            self.assertEqual(doors.status_of(link.recv(4096)), 404, port)
            link.close()
        said = (self.stack.home / "log/serving.log").read_text()
        self.assertTrue(re.search("renewed the TLS certificate", said))


if __name__ == "__main__":
    unittest.main()
