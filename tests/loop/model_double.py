"""A model for tests: an OpenAI-compatible server on a free port, whose answers
the test gives."""

import http.server
import json
import ssl
import threading


class Refusal(Exception):
    """Raised by an answer: this status, with an error body, and no text."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status


class ModelDouble:
    """answer: what a request's JSON is answered with, a text; called from many
    threads at once. usage: tokens of prompt and answer that every answer tells.
    What a GET asks for is the test's own business: `get` is told its path.
    certificate: files of a chain and its key; then it speaks https only."""

    def __init__(self, answer, usage=(10, 5), get=None, certificate=None):
        self.answer = answer
        self.usage = usage
        self.get = get
        scheme = "http"
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if certificate is not None:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket,
                                                      server_side=True)
        self.address = f"{scheme}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever,
                         daemon=True).start()

    @property
    def url(self):
        """Base URL with /v1, as `model add --url` takes it."""
        return f"{self.address}/v1"

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def completion(self, asked):
        """(status, body) for a request's JSON."""
        try:
            text = self.answer(asked)
        except Refusal as refusal:
            return refusal.status, {"error": {"message": "refused"}}
        prompt, answer = self.usage
        return 200, {
            "id": "1", "object": "text_completion", "created": 1,
            "model": asked.get("model", ""), "choices": [{
                "index": 0, "text": text, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": answer,
                      "total_tokens": prompt + answer}}

    def _handler(self):
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if double.get is not None:
                    double.get(self.path)
                self.say(200, b"", "text/plain")

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                status, body = double.completion(
                    json.loads(self.rfile.read(length)))
                self.say(status, json.dumps(body).encode(), "application/json")

            def say(self, status, body, kind):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler
