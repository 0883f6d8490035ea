"""A store that speaks S3, on loopback: moto's. It keeps what it holds while it is stopped."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import fsspec
import pytest

HELD_S: Final = 30.0  # at most, or a test that fails would never end
_MISSING: Final = "needs an S3 server: pip install 'mingbai[s3]' 'moto[s3]' flask flask-cors"


@dataclass(slots=True)
class Door:
    """What all requests pass: notes them, and keeps one waiting that a test names."""

    app: Any  # moto's, by WSGI
    asked: list[str] = field(default_factory=list)
    held: str = ""  # how the path of a PUT ends that is to wait
    waiting: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append(f"{method} {path}")
        if self.held and method == "PUT" and path.endswith(self.held):
            self.held = ""
            self.waiting.set()
            self.go_on.wait(HELD_S)
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer


class S3:
    """A server with one bucket."""

    def __init__(self) -> None:
        pytest.importorskip("s3fs", reason=_MISSING)
        moto = pytest.importorskip("moto.server", reason=_MISSING)
        self._serving = pytest.importorskip("werkzeug.serving", reason=_MISSING)
        self.door = Door(moto.DomainDispatcherApplication(moto.create_backend_app))
        self._port = 0
        self.bucket = f"towns-{secrets.token_hex(4)}"  # moto keeps buckets for the whole process
        self.url = f"s3://{self.bucket}/mingbai"
        self.start()
        self.files.mkdir(self.bucket)

    def start(self) -> None:
        self._server = self._serving.make_server("127.0.0.1", self._port, self.door, threaded=True)
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def settings(self, folder: Path) -> dict[str, str]:
        """What a user sets, and nothing of this machine's own."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "builder",
            "AWS_SECRET_ACCESS_KEY": "geheim",
            "AWS_CONFIG_FILE": str(folder / "aws-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "aws-credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @property
    def files(self) -> Any:
        """A way in beside the one that is tried."""
        return fsspec.filesystem(
            "s3", endpoint_url=self.endpoint, key="tester", secret="s",
            use_listings_cache=False, skip_instance_cache=True,
        )  # fmt: skip

    def names(self) -> set[str]:
        """Of all objects, below the URL."""
        root = f"{self.bucket}/mingbai/"
        return {path.removeprefix(root) for path in self.files.find(root)}

    def damage(self, path: str) -> None:
        """Flip the last byte of an object."""
        there = f"{self.url}/{path}"
        content = self.files.cat_file(there)
        self.files.pipe_file(there, content[:-1] + bytes([content[-1] ^ 1]))

    @contextmanager
    def asking_for_keys(self) -> Iterator[tuple[str, str]]:
        """Refuse from now on whoever has other keys than these."""
        boto3 = pytest.importorskip("boto3", reason=_MISSING)
        settings = pytest.importorskip("moto.settings", reason=_MISSING)
        people = boto3.client(
            "iam", endpoint_url=self.endpoint, region_name="us-east-1",
            aws_access_key_id="tester", aws_secret_access_key="s",
        )  # fmt: skip
        people.create_user(UserName="builder")
        may = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        people.put_user_policy(
            UserName="builder",
            PolicyName="all",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [may]}),
        )
        made = people.create_access_key(UserName="builder")["AccessKey"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
            yield made["AccessKeyId"], made["SecretAccessKey"]

    @contextmanager
    def holding(self, ending: str) -> Iterator[threading.Event]:
        """Keep the next PUT to such a path waiting; the event is set when it waits."""
        self.door.waiting.clear()
        self.door.go_on.clear()
        self.door.held = ending
        try:
            yield self.door.waiting
        finally:
            self.door.go_on.set()
