"""A certificate authority of a test's own, by openssl."""

import pathlib
import subprocess


class Authority:
    def __init__(self, folder, name="ca"):
        self.folder = pathlib.Path(folder)
        self.name = name
        self.make(name)

    @property
    def certificate(self):
        return self.folder / f"{self.name}.pem"

    def make(self, name, *hosts):
        """(certificate, key) for `hosts`, such as IP:127.0.0.1; the authority's
        own without any."""
        certificate = self.folder / f"{name}.pem"
        key = self.folder / f"{name}.key"
        signed = ["-CA", str(self.certificate), "-CAkey",
                  str(self.certificate.with_suffix(".key")),
                  "-addext", "subjectAltName=" + ",".join(hosts)]
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
             f"/CN={name}", "-keyout", str(key), "-out", str(certificate),
             *(signed if hosts else [])],
            check=True, capture_output=True, timeout=60)
        return certificate, key
