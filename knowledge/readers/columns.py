"""
Which column of a table is which field of a document.

Header names that Chinese offices and exports use are known; a maintainer names others in
source.toml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from knowledge.unseen import bounded

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "title": (
        *(
            "文档标题",
            "文件标题",
            "政策标题",
            "标题",
            "文件名称",
            "政策名称",
            "名称",
            "题名",
            "问题",
        ),
        *("title", "name", "question"),
    ),
    "text": (
        *(
            "正文",
            "内容",
            "全文",
            "文件内容",
            "政策内容",
            "正文内容",
            "原文",
            "原文关键条款",
            "条款",
        ),
        *("通俗解答", "解答", "答复", "回答", "答复内容", "text", "content", "body", "answer"),
    ),
    "issuer": (
        *("发文机关", "发布机构", "发布机关", "发文单位", "发布单位", "制定机关", "制发机关"),
        *("issuer", "publisher", "agency"),
    ),
    "number": ("文号", "发文字号", "发文号", "文件编号", "document number"),
    "published": (
        *("发布日期", "成文日期", "发文日期", "印发日期", "公开日期", "发布时间", "公布日期"),
        *("日期", "时间", "published", "date", "publication date"),
    ),
    "effective": ("施行日期", "实施日期", "生效日期", "effective"),
    "expires": ("失效日期", "废止日期", "有效期至", "expires"),
    "source": (
        *("出处链接", "原文链接", "访问地址", "链接", "网址", "链接地址", "原文地址"),
        *("url", "link", "source"),
    ),
    "topics": (
        *("关键词", "主题词", "分类", "主题分类", "主题", "标签", "topics", "keywords"),
        *("category", "tags"),
    ),
    "column": ("一级类别", "栏目", "类别", "column"),
    "kind": ("文件类型", "kind"),
    "status": ("有效性", "时效性", "效力状态", "status"),
    "disclosure": ("公开方式", "公开属性", "公开类别", "disclosure"),
    "language": ("语言", "language"),
    "id": ("id",),
}
_ANSWERS: Final = frozenset({"通俗解答", "解答", "答复", "回答", "答复内容", "answer"})
# Written below the text, each behind its name.
_APPENDED: Final = frozenset(
    {
        *("咨询电话", "联系电话", "办理地点", "办理时间", "办理时限", "办理流程", "办理条件"),
        *("申请条件", "申请材料", "所需材料", "收费标准", "适用对象", "政策依据", "关联文档"),
    }
)
FIELDS: Final = frozenset({*_NAMES, "amends", "repeals", "interprets", "superseded_by"})
_KNOWN: Final = {name: field for field, names in _NAMES.items() for name in names}
_ASIDE: Final = re.compile(r"\(.*\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What a maintainer says of a table. Nothing: told by the names of its header."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # field to header names
    append: tuple[str, ...] = ()  # headers of what is written below the text
    sheet: str = ""  # of a workbook; default: all
    header: int = 0  # number of the row; default: found among the first ones


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the fields of a table stand."""

    width: int
    fields: Mapping[str, tuple[int, ...]]
    appended: Mapping[str, int]  # by what is written before the value
    unread: tuple[str, ...]  # headers that no field takes
    answers: bool  # the text is an answer to a question


def plan(header: Sequence[str], columns: Columns) -> Plan:
    """Match a header with the fields; raise ValueError where it tells no text."""
    names = [plain(name) for name in header]
    fields: dict[str, list[int]] = {
        of: [_place(header, names, name) for name in wanted]
        for of, wanted in columns.fields.items()
    }
    taken = {place for places in fields.values() for place in places}
    appended = {_place(header, names, name) for name in columns.append}
    for place, name in enumerate(names):
        known = _KNOWN.get(name)
        if place in taken or place in appended:
            continue
        if known and known not in columns.fields:
            fields.setdefault(known, []).append(place)
        elif name in _APPENDED:
            appended.add(place)
    if "text" not in fields:
        raise ValueError(f"no column holds a text: {_listed(header)}")
    used = appended.union(*fields.values())
    return Plan(
        width=len(header),
        fields={of: tuple(places) for of, places in fields.items()},
        appended={_label(header[place]): place for place in sorted(appended)},
        unread=tuple(name for place, name in enumerate(header) if name and place not in used),
        answers=any(names[place] in _ANSWERS for place in fields["text"]),
    )


def is_header(row: Sequence[str]) -> bool:
    """Whether a row names a text and one more field, or both in one."""
    known = {_KNOWN[name] for name in map(plain, row) if name in _KNOWN}
    return "text" in known and len(known) > 1


def values(cells: Sequence[str], found: Plan) -> Iterator[tuple[str, str]]:
    """Yield (field, value) for the cells of a row that are not empty."""
    for of, places in found.fields.items():
        filled = [cells[place].strip() for place in places if cells[place].strip()]
        if not filled:
            continue
        if of == "text":
            yield of, "\n".join(filled)
        elif of == "topics":
            yield from ((of, value) for value in filled)
        else:
            yield of, filled[0]


def plain(name: str) -> str:
    """Return the name to compare by: 原文关键条款(逐字摘录) is 原文关键条款."""
    folded = " ".join(unicodedata.normalize("NFKC", bounded(name)).split()).lower()
    return _ASIDE.sub("", folded).strip() or folded


def _label(name: str) -> str:
    return _ASIDE.sub("", unicodedata.normalize("NFKC", bounded(name)).strip()).strip()


def _place(header: Sequence[str], names: Sequence[str], wanted: str) -> int:
    for place, (written, name) in enumerate(zip(header, names, strict=True)):
        if wanted.strip() == written.strip() or plain(wanted) == name:
            return place
    raise ValueError(f"no column is named {wanted!r}: {_listed(header)}")


def _listed(header: Sequence[str]) -> str:
    names = [name.strip()[:20] for name in header if name.strip()]
    return f"they are {', '.join(names[:12])}" if names else "the table is empty"
