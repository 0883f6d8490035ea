"""What tells two models of one name apart."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

_BLOCK: Final = 1 << 20


def revision_of(name: str, model: Any) -> str:
    """
    Return the digest of a folder's files, or the commit of a model from the hub.

    `model` is a model of sentence-transformers that was loaded by that name. All files of a
    folder count but what is written about the model: the tokenizer and the pooling make the
    vectors as much as the weights do.
    """
    folder = Path(name)
    if folder.is_dir():
        return f"files-{_digest(folder)[:16]}"
    inner = getattr(model[0], "auto_model", None) or getattr(model[0], "model", None)
    commit = getattr(getattr(inner, "config", None), "_commit_hash", None)
    return str(commit) if commit else f"weights-{_weights(model)[:16]}"


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if not path.is_file() or path.suffix == ".md" or any(p[0] == "." for p in name.parts):
            continue
        digest.update(f"{name.as_posix()} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()


def _weights(model: Any) -> str:
    digest = hashlib.sha256()
    for name, values in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(values.shape)}\n".encode())
        digest.update(values.detach().cpu().double().numpy().tobytes())
    return digest.hexdigest()
