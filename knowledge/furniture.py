"""Lines that a site sets around a text: font size, print, share, close, next page."""

from __future__ import annotations

import re
from typing import Final

from knowledge.fold import simplified

_LONGEST: Final = 60  # characters; what is longer says something
_BUTTON: Final = r"(?:打印|关闭|分享|收藏|返回顶部|返回)(?:本页|此页|窗口|到|至)?"
_SIZES: Final = rf"(?:特大|超大|大|中|小|默认|标准|正常|[A-Ta+\-＋－]|{_BUTTON})"
_FURNITURE: Final = re.compile(
    rf"[【\[（(]?\s*(?:字体|字号)(?:大小)?\s*[:：]?(?:[\s|/、【】\[\]（）()]*{_SIZES})*[\s|/、【】\[\]）)]*"
    rf"|(?:[【\[]?\s*{_BUTTON}\s*[】\]]?\s*)+"
    r"|分享到[^。；，]{0,20}|扫一扫在手机.{0,12}|相关(?:附件|新闻|文件下载|链接)"
    r"|上一篇.*|下一篇.*|(?:点击|浏览)(?:次数|量)[:：]?\s*\d*|-?\s*版权所有.*"
)


def is_furniture(line: str) -> bool:
    """Whether the line, without blanks at its ends, belongs to the site and not to the text."""
    return len(line) <= _LONGEST and _FURNITURE.fullmatch(simplified(line)) is not None
