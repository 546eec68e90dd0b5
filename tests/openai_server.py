"""A small OpenAI-compatible server over a model folder: python openai_server.py FOLDER PORT."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from assistant.local_model import LocalModel
from assistant.model_files import find_model
from assistant.sampling import Sampling


class Handler(BaseHTTPRequestHandler):
    folder = find_model(sys.argv[1]) if len(sys.argv) > 2 else None
    models: dict[Sampling, LocalModel] = {}  # noqa: RUF012 - one process, one folder

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        body = json.dumps({"object": "list", "data": [{"id": "tiny", "object": "model"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sampling = Sampling(
            asked["temperature"], asked["top_p"], 0, asked["frequency_penalty"], asked["seed"]
        )
        model = self.models.setdefault(sampling, LocalModel(self.folder, sampling))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        stop = threading.Event()
        try:
            for text in model.stream(asked["messages"], asked["max_tokens"], stop):
                self._send({"content": text}, None)
            self._send({}, "length" if model.truncated else "stop")
        except OSError:  # the reader has gone
            stop.set()

    def _send(self, delta: dict[str, str], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        body = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "tiny"}
        self.wfile.write(f"data: {json.dumps(body | {'choices': [choice]})}\n\n".encode())
        self.wfile.flush()


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
