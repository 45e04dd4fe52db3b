"""A real nginx with the configuration in deploy/nginx, on free ports."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from bot import ROOT
from bot.pages import error_page
from tests.conftest import Answer, _answer
from tests.ports import free_port

CONF = ROOT / "deploy" / "nginx" / "nginx.conf"
FAST = {"rate=20r/s": "rate=9999r/s"}  # the limit must not slow a test down


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *_: object) -> None:
        return None


class Front:
    """nginx in front of two addresses."""

    def __init__(self, folder: Path, one: str, two: str, edits: dict[str, str]) -> None:
        """Starts it.

        Args:
            folder: For the certificate, the error pages and what nginx writes.
            one: Where the first process listens, as host:port.
            two: Where the second does.
            edits: What else to replace in the configuration, and with what.
        """
        self.folder = folder
        self.tls, self.plain = free_port(), free_port()
        self.certificate = _make_certificate(folder / "tls")
        error_page.write(folder / "error")
        (folder / "names").mkdir()
        named = f"127.0.0.1 127.0.0.1:{self.tls};"  # where docs/operating.md says
        (folder / "names" / "names.conf").write_text(named)
        # As root, nginx would give up its rights, and the folder is closed to others.
        user = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
        conf = _edited(
            CONF.read_text(),
            {
                "daemon off;": user,
                "listen [::]:8080 default_server;": "",
                "listen [::]:8443 ssl http2 default_server;": "",
                "listen 8080 ": f"listen 127.0.0.1:{self.plain} ",
                "listen 8443 ": f"listen 127.0.0.1:{self.tls} ",
                "/tmp/": f"{folder}/",
                "/etc/nginx/tls/": f"{folder}/tls/",
                "/etc/nginx/names/": f"{folder}/names/",
                "root /srv/error;": f"root {folder}/error;",
                "bot-a:8080": one,
                "bot-b:8080": two,
                **edits,
            },
        )
        self.conf = folder / "nginx.conf"
        self.conf.write_text(conf)
        self._process = subprocess.Popen([nginx(), "-c", self.conf])
        self._wait()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send(path, None, **headers)

    def post(self, body: bytes, **headers: str) -> Answer:
        kind = {"Content_Type": "application/json"}
        return self.send("/chat", body, **{**kind, **headers})

    def send(self, path: str, body: bytes | None, **headers: str) -> Answer:
        """Sends one request over TLS, or to the whole address that `path` is."""
        address = path if "://" in path else f"https://127.0.0.1:{self.tls}{path}"
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        trust = ssl.create_default_context(cafile=self.certificate)
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=trust), NoRedirect()
        )
        try:
            request = urllib.request.Request(address, data=body, headers=names)
            with opener.open(request, timeout=30) as found:
                return _answer(found)
        except urllib.error.HTTPError as error:
            return _answer(error)

    def raw(self, sent: bytes, tls: bool = True, port: str = "") -> str:
        """What comes back for bytes, until the connection is closed."""
        received = b""
        with self.line(tls, port) as line:
            line.sendall(sent)
            while piece := line.recv(65536):
                received += piece
        return received.decode()

    def line(self, tls: bool = True, port: str = "") -> socket.socket:
        """A connection on which nothing has been said."""
        line = socket.create_connection(("127.0.0.1", int(port or self.tls)), 30)
        if not tls:
            return line
        trust = ssl.create_default_context(cafile=self.certificate)
        return trust.wrap_socket(line, server_hostname="127.0.0.1")

    def _wait(self) -> None:
        started = time.monotonic()
        while time.monotonic() - started < 60 and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", int(self.tls))).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("nginx did not start")


def nginx() -> str:
    """The program; the tests fail without it, since they cannot try the file."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not found:
        pytest.fail("These tests need nginx: apt-get install nginx")
    return found


def _edited(conf: str, edits: dict[str, str]) -> str:
    for old, new in edits.items():
        assert old in conf, f"deploy/nginx/nginx.conf no longer holds `{old}`"
        conf = conf.replace(old, new)
    return conf


def _make_certificate(folder: Path) -> Path:
    folder.mkdir(parents=True)
    certificate = folder / "tls.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", folder / "tls.key", "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate
