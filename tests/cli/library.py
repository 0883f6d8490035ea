"""Files on disk as a maintainer has them."""

from __future__ import annotations

from pathlib import Path

FUND = """\
---
id: fund
title: 住房公积金提取办法
number: 澜公积金规〔2025〕3号
disclosure: open
published: 2025-06-01
source: https://example.test/fund
---

第一条 为规范住房公积金提取，制定本办法。

第二条 职工租房的，每月可以提取住房公积金1500元。
"""
PENSION = """\
---
id: pension
title: 居民养老保险办法
disclosure: open
---

第一条 居民年满六十周岁的，按月领取养老待遇。
"""
BROKEN = "---\ntitle: [unclosed\n---\n\n正文。\n"
SECRET = "---\ntitle: 内部方案\ndisclosure: withheld\n---\n\n第一条 翡翠行动。\n"


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder
