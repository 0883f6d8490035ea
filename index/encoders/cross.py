"""Cross-encoders of sentence-transformers: question and passage are read together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import CrossEncoder

from index.encoders.revision import revision_of
from index.errors import EncoderError

LONGEST: Final = 512  # tokens of question and passage; what is longer is cut at the end


class CrossModel:
    """A CrossEncoder behind our port."""

    def __init__(self, model: CrossEncoder, *, name: str, batch_size: int) -> None:
        self._model = model
        self._batch_size = batch_size
        self.name = name
        self.revision = revision_of(name, model)

    @classmethod
    def load(cls, name: str, *, batch_size: int, device: str) -> Self:
        """A model by its hub name or folder; raise EncoderError with what to do."""
        try:
            model = CrossEncoder(name, device=device)
            one = cls(model, name=name, batch_size=batch_size)
        except Exception as error:
            raise EncoderError(
                f"the reranker {name!r} cannot be loaded ({type(error).__name__}: {error}); "
                f"check the name or the folder, whether the hub can be reached, whether this "
                f"machine has the device {device!r}, or leave RERANKER empty"
            ) from error
        if model.num_labels != 1:
            raise EncoderError(
                f"the reranker {name!r} gives {model.num_labels} figures for a pair of texts; "
                "choose a model that gives one"
            )
        model.max_seq_length = min(model.max_seq_length or LONGEST, LONGEST)
        return one

    def scores(self, question: str, texts: Sequence[str], /) -> npt.NDArray[np.float64]:
        try:
            scores = self._model.predict(
                [(question, text) for text in texts],
                batch_size=self._batch_size,
                activation_fn=torch.nn.Sigmoid(),
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        except Exception as error:  # no memory, a device that is gone
            raise EncoderError(
                f"the reranker {self.name!r} failed ({type(error).__name__}: {error})"
            ) from error
        return np.asarray(scores, dtype=np.float64)
