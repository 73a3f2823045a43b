"""A Hub on this machine that behaves as it is told: ranges, none, cuts, wrong bytes, refusals."""

import hashlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


class LoopbackHub:
    """Repositories as {"owner/name": {"file": bytes}}. What is set before a request changes its answer.

    ranges: whether it knows them; cut_after: bytes after which the connection breaks, for as many answers; statuses: what the
    next answers are instead of the file; wrong: whether bytes are changed; piece, delay_s: how many bytes are sent at once, and
    how long it rests before each piece; redirect: where files are instead, True for another path here; gated: repositories for
    which a token is asked; about: what more the Hub knows of one. As a proxy it answers for every host.
    """

    def __init__(self, repositories):
        self.repositories = repositories
        self.ranges, self.wrong, self.redirect, self.etag_changes = True, False, False, False
        self.cut_after, self.cuts, self.statuses, self.headers = 0, 0, [], {}
        self.piece, self.delay_s = 1 << 16, 0.0
        self.gated, self.about = {}, {}
        self.requests = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                hub.answer(self)

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                """Clients that go away are what this is for."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def file_url(self, repository, name):
        return f"{self.url}/{repository}/resolve/main/{name}"

    def answer(self, handler):
        path = urlsplit(handler.path)
        if handler.command == "HEAD" and path.path in ("", "/"):
            self._send(handler, 200, b"", {})
            return
        self.requests.append((handler.path, dict(handler.headers)))
        if self.statuses:
            status = self.statuses.pop(0)
            self._send(handler, status, b"no", self.headers)
        elif path.path == "/api/models":
            self._send_json(handler, self._found(parse_qs(path.query)))
        elif path.path.startswith("/api/models/"):
            name = unquote(path.path.removeprefix("/api/models/")).split("/revision/")[0]
            if name in self.repositories:
                self._send_json(handler, self._about(name))
            else:
                self._send(handler, 404, b"{}", {"X-Error-Code": "RepoNotFound"})
        else:
            self._send_file(handler, unquote(path.path))

    def _found(self, query):
        words = query.get("search", [""])[0].lower()
        limit = int(query.get("limit", ["100"])[0])
        kind = query.get("filter", ["gguf"])[0]
        names = [name for name, files in self.repositories.items() if words in name.lower() and _is_of(kind, files)]
        return [self._about(name, files=False) for name in names[:limit]]

    def _about(self, name, files=True):
        siblings = [
            {
                "rfilename": file,
                "size": len(data),
                "blobId": "0",
                "lfs": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130},
            }
            for file, data in self.repositories[name].items()
        ]
        about = {
            "_id": name,
            "id": name,
            "modelId": name,
            "sha": "f" * 40,
            "downloads": 12,
            "likes": 3,
            "tags": ["gguf"],
        }
        about |= {"createdAt": "2026-01-02T03:04:05.000Z", "lastModified": "2026-02-03T04:05:06.000Z", "private": False}
        about["gated"] = "manual" if name in self.gated else False
        return {**about, **self.about.get(name, {}), **({"siblings": siblings} if files else {})}

    def _send_file(self, handler, path):
        path = re.sub("/resolve/[0-9a-f]{40}/", "/resolve/main/", path)
        repository, _, name = path.lstrip("/").partition("/resolve/main/")
        data = self.repositories.get(repository, {}).get(name)
        if data is None and path.startswith("/elsewhere/"):
            repository, _, name = path.removeprefix("/elsewhere/").partition("/resolve/main/")
            data = self.repositories.get(repository, {}).get(name)
        elif data is not None and self.redirect:
            place = f"/elsewhere{path}" if self.redirect is True else f"{self.redirect}{path}"
            self._send(handler, 302, b"", {"Location": place})
            return
        elif repository in self.gated and handler.headers.get("Authorization") != f"Bearer {self.gated[repository]}":
            status = 403 if handler.headers.get("Authorization") else 401
            self._send(handler, status, b"", {"X-Error-Code": "GatedRepo"})
            return
        if data is None:
            self._send(handler, 404, b"nothing here", {})
            return
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        if self.wrong:
            data = data[:-1] + bytes([data[-1] ^ 1])
        asked = handler.headers.get("Range") if self.ranges else None
        if asked and handler.headers.get("If-Range") not in (None, etag):
            asked = None
        first, _, last = asked.removeprefix("bytes=").partition("-") if asked else ("0", "", "")
        start, end = int(first), min(int(last) + 1, len(data)) if last else len(data)
        headers = {"ETag": etag, **({"Accept-Ranges": "bytes"} if self.ranges else {})}
        if asked and start >= len(data):
            self._send(handler, 416, b"", headers)
            return
        if asked:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
        self._send(handler, 206 if asked else 200, data[start:end], headers)

    def _send_json(self, handler, value):
        self._send(handler, 200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(self, handler, status, body, headers):
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command == "HEAD":
            return
        if self.cuts and len(body) > self.cut_after:
            self.cuts -= 1
            handler.wfile.write(body[: self.cut_after])
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.close()
            return
        for place in range(0, len(body), self.piece):
            if self.delay_s:
                time.sleep(self.delay_s)
            handler.wfile.write(body[place : place + self.piece])


def _is_of(kind, files):
    return any(name.endswith(f".{kind}") for name in files) or not files
