"""
Encoding on many cores or machines, by Ray. The only module that imports it.

One process cuts the texts into blocks; each worker has the encoder once and encodes block after
block. The blocks are those that one process would encode, and each is encoded as a whole by one
worker, because a transformer's last bits depend on what a text is encoded together with. So the
vectors, and with them the digest of the release, are the same as without Ray.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from index.errors import EncoderError
from index.types import Encoder, Vectors

AHEAD: Final = 4  # blocks a worker that one call hands out: short ones make up for long ones
KNOCK_S: Final = 5.0
RESTARTS: Final = 2  # of a worker that died, out of memory for example

Fit = Callable[[Sequence[str]], Encoder]


@contextmanager
def spread(fit: Fit, *, workers: int, address: str = "", device: str = "cpu") -> Iterator[Fit]:
    """
    Give a `fit` whose encoder spreads passages over that many workers.

    With an `address` (host:port, or "auto") they run in that cluster, which needs this program
    installed on its machines; without, in processes of this machine. Raise EncoderError if Ray
    is not installed or the cluster cannot be reached.
    """
    ray = _started(address, workers)
    try:
        yield lambda texts: Spread(fit(texts), ray, workers=workers, device=device)
    finally:
        ray.shutdown()


class Spread:
    """An encoder whose passages are encoded elsewhere; all else is its own."""

    def __init__(self, encoder: Encoder, ray: Any, *, workers: int, device: str) -> None:
        self._encoder = encoder
        self._ray = ray
        place = {"num_gpus": 1} if device.startswith("cuda") else {"num_cpus": 1}
        worker = ray.remote(max_restarts=RESTARTS, max_task_retries=RESTARTS, **place)(_Worker)
        # One copy a machine; nobody needs to find the model there. It is kept for restarts.
        self._shared = ray.put(encoder)
        self._workers = [worker.remote(self._shared) for _ in range(workers)]

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def revision(self) -> str:
        return self._encoder.revision

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def lasting(self) -> bool:
        return self._encoder.lasting

    @property
    def batch(self) -> int:
        """So many blocks at once that no worker waits for another."""
        return self._encoder.batch * len(self._workers) * AHEAD

    def pieces(self, text: str, /) -> Sequence[str]:
        return self._encoder.pieces(text)

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        size = self._encoder.batch
        blocks = [list(texts[start : start + size]) for start in range(0, len(texts), size)]
        pool = self._ray.util.ActorPool(self._workers)
        try:
            found = list(pool.map(lambda worker, block: worker.encode.remote(block), blocks))
        except self._ray.exceptions.RayError as error:
            raise EncoderError(
                "a worker of the cluster failed while encoding "
                f"({type(error).__name__}: {error}); try again with fewer workers"
            ) from error
        nothing = np.empty((0, self.dimension), dtype=np.float32)
        return np.concatenate([nothing, *found])

    def encode_question(self, text: str, /) -> Vectors:
        return self._encoder.encode_question(text)

    def save(self, folder: Path, /) -> None:
        self._encoder.save(folder)


class _Worker:
    """What runs in a worker."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_passages(texts)


def _started(address: str, workers: int) -> Any:
    # Read when Ray is imported. It reports its use to its makers if it is not told otherwise.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if not address:  # its processes meet at 127.0.0.1, not at the address of the machine
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        import ray  # noqa: PLC0415 - an extra, and takes seconds
        import ray.util  # noqa: PLC0415
    except ImportError as error:
        raise EncoderError(
            "encoding with several workers needs Ray; run `pip install 'mingbai[cluster]'`"
        ) from error
    quiet = {"log_to_driver": False, "configure_logging": False}
    try:
        if address:
            _knock(address)
            ray.init(address=address, **quiet)
        else:
            ray.init(num_cpus=workers, include_dashboard=False, **quiet)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise EncoderError(
            f"Ray cannot be reached at {address or 'this machine'} ({error}); "
            "check ENCODER_CLUSTER, or leave it empty for processes of this machine"
        ) from error
    return ray


def _knock(address: str) -> None:
    """Raise OSError if nobody listens there: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), timeout=KNOCK_S).close()
