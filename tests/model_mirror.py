"""A mirror of a model site on loopback, whole or broken in a chosen way."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

NAME = "Qwen/Tiny-Plan"


class Mirror:
    """Serves the files of `folder` as Hugging Face and as ModelScope do; `breaks` connections of large files
    are cut halfway; `lies` gives wrong hashes; `swells` adds so many bytes to the sizes it lists.
    """

    def __init__(self, folder: Path, breaks: int = 0, lies: bool = False, swells: int = 0) -> None:
        self.folder, self.breaks, self.lies, self.swells = folder, breaks, lies, swells
        self.asked: list[tuple[str, str]] = []

    def files(self) -> list[dict]:
        rows = []
        for path in sorted(self.folder.iterdir()):
            data = path.read_bytes()
            digest = "0" * 64 if self.lies else hashlib.sha256(data).hexdigest()
            rows.append({"path": path.name, "size": len(data) + self.swells, "sha256": digest})
        return [*rows, {"path": "README.md", "size": 9, "sha256": ""}]

    def hugging_face(self) -> dict:
        return {
            "siblings": [
                {"rfilename": f["path"], "size": f["size"], "lfs": {"sha256": f["sha256"]}}
                for f in self.files()
            ]
        }

    def modelscope(self) -> dict:
        rows = [{"Path": f["path"], "Size": f["size"], "Sha256": f["sha256"]} for f in self.files()]
        return {"Data": {"Files": rows}}


@contextmanager
def mirror(folder: Path, **options):
    site = Mirror(folder, **options)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            path = unquote(urlsplit(self.path).path)
            site.asked.append((path, self.headers.get("Range", "")))
            if path == f"/api/models/{NAME}":
                return self.reply(200, json.dumps(site.hugging_face()).encode())
            if path == f"/api/v1/models/{NAME}/repo/files":
                return self.reply(200, json.dumps(site.modelscope()).encode())
            file = site.folder / path.rpartition("/")[2]
            if NAME not in path or not file.is_file():
                return self.reply(404, b"{}")
            data, start = file.read_bytes(), 0
            if wanted := self.headers.get("Range"):
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
            cut = site.breaks > 0 and file.suffix == ".safetensors"
            site.breaks -= cut
            return self.reply(206 if start else 200, data[start:], half=cut)

        def reply(self, status, body, half=False):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if half else body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
