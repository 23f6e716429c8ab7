"""A server on this machine in place of Google's: Dataflow's REST API and a store for `gs://`.

A job that it is given is pending, then runs, then is done; nothing is executed. What the client
sends is kept, for tests to look at.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

JOBS = re.compile(
    r"/v1b3/projects/([^/]+)/locations/([^/]+)/jobs(?:/([^/]+))?(/messages|/metrics)?"
)
BUCKET = re.compile(r"/storage/v1/b/([^/]+)(/o)?")
OBJECTS = re.compile(r"(?:/upload)?/storage/v1/b/([^/]+)/o(?:/(.+))?")


@dataclass
class Cloud:
    """What the server was given.

    Attributes:
        jobs: as they were sent, with their state; by id.
        objects: the bytes of each file, by `gs://` name.
        asked: method and path of each request.
        states: that a job goes through, from one look at it to the next.
    """

    url: str = ""
    jobs: dict[str, dict] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    states: tuple[str, ...] = ("JOB_STATE_PENDING", "JOB_STATE_RUNNING", "JOB_STATE_DONE")

    def create_job(self, project: str, region: str, job: dict) -> dict:
        job_id = f"job-{len(self.jobs) + 1}"
        known = {"id": job_id, "projectId": project, "location": region}
        self.jobs[job_id] = job | known | {"currentState": self.states[0]}
        return self.jobs[job_id]

    def look_at_job(self, job_id: str) -> dict:
        job = self.jobs[job_id]
        at = self.states.index(job["currentState"])
        job["currentState"] = self.states[min(at + 1, len(self.states) - 1)]
        return job

    def describe_object(self, bucket: str, name: str) -> dict:
        """As the storage's JSON API does; clients compare the checksums with their own."""
        import google_crc32c

        content = self.objects[f"gs://{bucket}/{name}"]
        crc32c = google_crc32c.Checksum(content).digest()
        return {
            "kind": "storage#object",
            "id": f"{bucket}/{name}/1",
            "bucket": bucket,
            "name": name,
            "generation": "1",
            "metageneration": "1",
            "updated": "2026-01-01T00:00:00Z",
            "size": str(len(content)),
            "md5Hash": base64.b64encode(hashlib.md5(content).digest()).decode(),
            "crc32c": base64.b64encode(crc32c).decode(),
        }


@contextmanager
def serve() -> Iterator[Cloud]:
    """A server for as long as it is needed, at `url`."""
    cloud = Cloud()
    server = ThreadingHTTPServer(("localhost", 0), partial(_Handler, cloud))
    cloud.url = f"http://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield cloud
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, cloud: Cloud, *args: object) -> None:
        self._cloud = cloud
        super().__init__(*args)

    def do_GET(self) -> None:
        path = self._note()
        if job := JOBS.fullmatch(path):
            _, _, job_id, part = job.groups()
            self._answer({} if part else self._cloud.look_at_job(job_id))
        elif known := BUCKET.fullmatch(path):
            self._answer_bucket(*known.groups())
        elif known := OBJECTS.fullmatch(path):
            self._answer_object(*known.groups())
        else:
            self._answer({}, 404)

    def do_POST(self) -> None:
        path, body = self._note(), self._body()
        if job := JOBS.fullmatch(path):
            project, region, *_ = job.groups()
            self._answer(self._cloud.create_job(project, region, json.loads(body)))
        elif (known := OBJECTS.fullmatch(path)) and path.startswith("/upload"):
            # A resumable upload: the bytes follow, to the place that is named here.
            name = json.loads(body)["name"]
            place = f"{self._cloud.url}/upload/storage/v1/b/{known[1]}/o/{_quote(name)}"
            self._answer({}, headers={"Location": place})
        else:
            self._answer({}, 404)

    def do_PUT(self) -> None:
        known = OBJECTS.fullmatch(self._note())
        bucket, name = known[1], urllib.parse.unquote(known[2])
        sent = self._cloud.objects.get(f"gs://{bucket}/{name}", b"") + self._body()
        self._cloud.objects[f"gs://{bucket}/{name}"] = sent
        if self.headers["Content-Range"].endswith("/*"):  # more is to come
            self._answer({}, 308, {"Range": f"bytes=0-{len(sent) - 1}"})
        else:
            self._answer(self._cloud.describe_object(bucket, name))

    def log_message(self, *_: object) -> None:
        """Keeps quiet: what was asked is in `asked`."""

    def _answer_bucket(self, bucket: str, listed: str | None) -> None:
        if listed is None:
            self._answer({"kind": "storage#bucket", "id": bucket, "name": bucket})
            return
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        start = f"gs://{bucket}/{query.get('prefix', [''])[0]}"
        found = [name for name in sorted(self._cloud.objects) if name.startswith(start)]
        items = [
            self._cloud.describe_object(bucket, name.removeprefix(f"gs://{bucket}/"))
            for name in found
        ]
        self._answer({"kind": "storage#objects", "items": items})

    def _answer_object(self, bucket: str, name: str) -> None:
        if f"gs://{bucket}/{urllib.parse.unquote(name)}" in self._cloud.objects:
            self._answer(self._cloud.describe_object(bucket, urllib.parse.unquote(name)))
        else:
            self._answer({"error": {"code": 404, "message": "no such object"}}, 404)

    def _note(self) -> str:
        path = urllib.parse.urlsplit(self.path).path
        self._cloud.asked.append(f"{self.command} {path}")
        return path

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, value: dict, status: int = 200, headers: dict | None = None) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _quote(name: str) -> str:
    return urllib.parse.quote(name, safe="")
