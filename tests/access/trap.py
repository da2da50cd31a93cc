"""A trap: a port that nobody may call."""

import socket
import threading


class Trap:
    """Counts who connects."""

    def __init__(self):
        self.calls = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                link, _ = self.listener.accept()
            except OSError:
                return
            self.calls += 1
            link.close()

    def close(self):
        self.listener.close()
