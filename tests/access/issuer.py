"""An issuer of CI identity tokens with a key of its own, by openssl."""

import base64
import json
import pathlib
import subprocess
import time


def encode(data):
    if isinstance(data, str):
        data = data.encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    def __init__(self, folder, name, url):
        self.url = url
        self.key = pathlib.Path(folder) / f"{name}.pem"
        self._openssl("genpkey", "-algorithm", "RSA", "-pkeyopt",
                      "rsa_keygen_bits:2048", "-out", str(self.key))

    @staticmethod
    def _openssl(*arguments, data=None):
        return subprocess.run(["openssl", *arguments], input=data, check=True,
                              capture_output=True, timeout=60).stdout

    def jwks(self):
        said = self._openssl("rsa", "-in", str(self.key), "-noout", "-modulus")
        modulus = bytes.fromhex(said.decode().strip().partition("=")[2])
        return json.dumps({"keys": [{
            "kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256",
            "n": encode(modulus), "e": "AQAB"}]})

    def token(self, header=None, signature=None, **claims):
        """A token; claims that are None are left out."""
        now = int(time.time())
        said = {"iss": self.url, "aud": "evalloop", "iat": now,
                "nbf": now - 5, "exp": now + 300,
                "sub": "project_path:group/app:ref_type:branch:ref:main",
                "project_path": "group/app", "ref": "main"}
        said.update(claims)
        said = {name: value for name, value in said.items()
                if value is not None}
        head = {"alg": "RS256", "kid": "one", "typ": "JWT"}
        head.update(header or {})
        text = encode(json.dumps(head)) + "." + encode(json.dumps(said))
        if signature is None:
            signature = self._openssl("dgst", "-sha256", "-sign",
                                      str(self.key), data=text.encode())
        return text + "." + encode(signature)
