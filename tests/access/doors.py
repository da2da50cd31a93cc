"""What tests of access share: a stack that asks who calls, with a key of each
role, and how its doors are knocked at."""

import http.client
import json
import pathlib
import re
import secrets
import socket
import ssl
import sys
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "loop"), str(TESTS.parent / "tools")]
# pylint: disable=wrong-import-position
import authority as authorities
import issuer as issuers
import stack as stacks

ROLES = ("reader", "feedback", "runner", "publisher", "admin")
# role -> what it covers, written out: not computed as the services do.
COVERS = {
    "reader": {"reader"},
    "feedback": {"feedback"},
    "runner": {"reader", "feedback", "runner"},
    "publisher": {"reader", "feedback", "runner", "publisher"},
    "admin": set(ROLES),
}
SERVICE_OF = {
    "PromptEngineService": "prompt_engine", "EvaluatorService": "evaluator",
    "ScorerService": "scorer", "ServingService": "serving",
    "AccessService": "serving", "TrainerBridgeService": "trainer_bridge"}
HTTP_RULE = re.compile(
    r"^  rpc (\w+)\((?:(?!^  rpc ).)*?\(google\.api\.http\) = {\s*"
    r"(get|post): \"([^\"]+)\"", re.M | re.S)


def rules():
    """method -> (verb, path)."""
    found = {}
    for path in (stacks.ROOT / "protos/evalloop/v1").glob("*.proto"):
        for name, verb, template in HTTP_RULE.findall(path.read_text()):
            template = template.replace("{version}", "7")
            found[name] = verb.upper(), re.sub(r"{[^}]*}", "no-such", template)
    return found


class Doors(unittest.TestCase):
    tls = False  # On every port.

    @classmethod
    def setUpClass(cls):
        cls.stack = stacks.Stack()
        cls.addClassCleanup(cls.stack.close)
        home = cls.stack.home
        cls.issuer = issuers.Issuer(home, "ours", "https://git.example.com")
        cls.foreign = issuers.Issuer(home, "foreign", "https://git.example.com")
        (home / "jwks.json").write_text(cls.issuer.jwks())
        (home / "trust.json").write_text(json.dumps({"issuers": [{
            "name": "gitlab", "issuer": cls.issuer.url, "audience": "evalloop",
            "jwks_file": str(home / "jwks.json"),
            "rules": [
                {"claims": {"project_path": "group/app", "ref": "main"},
                 "role": "publisher", "prompts": ["web-*"]},
                {"claims": {"project_path": "group/app"}, "role": "runner"},
            ]}]}))
        cls.master = secrets.token_hex(24)
        cls.stack.environment.update(
            EVALLOOP_AUTH_TOKEN=cls.master,
            EVALLOOP_KEY_PEPPER=secrets.token_hex(32),
            EVALLOOP_CI_TRUST_FILE=str(home / "trust.json"))
        cls.trusting = None
        cls.links = {}  # Port -> a connection that is kept.
        if cls.tls:
            cls.authority = authorities.Authority(home)
            cls.certificate, cls.key = cls.authority.make(
                "everyone", "IP:127.0.0.1", "DNS:localhost")
            cls.stack.use_tls(cls.certificate, cls.key,
                              cls.authority.certificate)
            cls.trusting = ssl.create_default_context(
                cafile=str(cls.authority.certificate))
        cls.prepare()
        cls.stack.up()
        cls.keys = {role: cls.make_key(f"a {role}", role) for role in ROLES}
        for role in ROLES:
            cls.await_key(cls.keys[role])

    @classmethod
    def prepare(cls):
        """What a test needs before the services start."""

    @classmethod
    def make_key(cls, name, role, *prompts):
        status, text = cls.ask("serving", "POST", "/v1/accessKeys", cls.master,
                               {"name": name, "role": f"ROLE_{role.upper()}",
                                "prompts": prompts})
        assert status == 200, text
        return json.loads(text)["token"]

    @classmethod
    def await_key(cls, token):
        """Until every service knows the key."""
        for service in stacks.OWNERS:
            deadline = time.monotonic() + 10
            while cls.status(service, "POST", "/v1/no-such", token) == 401:
                assert time.monotonic() < deadline, service
                time.sleep(0.02)

    @classmethod
    def ask(cls, service, verb, path, token=None, body=None, kind="json"):
        headers = {"content-type": "application/json"}
        if token is not None:
            headers["authorization"] = "Bearer " + token
        data = json.dumps(body or {}).encode() if verb == "POST" else None
        port = cls.stack.ports[service, kind]
        link = cls.links.get(port)
        if link is None:
            link = cls.links[port] = (
                http.client.HTTPSConnection("127.0.0.1", port, timeout=30,
                                            context=cls.trusting)
                if cls.tls else
                http.client.HTTPConnection("127.0.0.1", port, timeout=30))
        try:
            link.request(verb, path, data, headers)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except (ConnectionError, http.client.HTTPException):
            link.close()  # The next call connects anew.
            raise

    @classmethod
    def status(cls, *arguments, **more):
        return cls.ask(*arguments, **more)[0]

    @classmethod
    def connect(cls, service, kind="json", context=None):
        """A socket of a client that trusts the authority, or `context`."""
        link = socket.create_connection(
            ("127.0.0.1", cls.stack.ports[service, kind]), timeout=20)
        context = context or cls.trusting
        if context is None:
            return link
        return context.wrap_socket(link, server_hostname="127.0.0.1")

    @classmethod
    def knock(cls, service, kind, said):
        """What the port says to these bytes until it hangs up."""
        heard = b""
        with cls.connect(service, kind) as link:
            try:
                link.sendall(said)
                while piece := link.recv(65536):
                    heard += piece
            except (ConnectionError, ssl.SSLError):
                pass  # It hung up before it had heard all.
        return heard


def status_of(heard):
    """The status of an answer; 0 where there is none."""
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", heard)
    return int(found[1]) if found else 0
