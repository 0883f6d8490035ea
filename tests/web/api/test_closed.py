"""What is not open to the public, were it in a release: a build leaves it out."""

from __future__ import annotations

import pytest

from tests.web.library import ON_REQUEST, SECRET, Reading


@pytest.mark.parametrize(
    "question", ["翡翠方案是什么", "轮渡内部调度方案", "轮渡调度的翡翠方案不对外公布吗？"]
)
async def test_no_answer_is_drawn_from_it(other: Reading, question: str) -> None:
    status, answer = await other.ask(question)
    shown = {one["document"] for one in (*answer["citations"], *answer["choices"])}
    assert status == 200
    assert not shown & {SECRET.id, ON_REQUEST.id}
    assert "翡翠" not in answer["text"].replace(question, "")
