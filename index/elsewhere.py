"""
Places that a question names and that no document of the library knows.

A city's library does not tell what holds in another city, however alike the words are: what is
found for such a question may be looked at, and is no answer. A name that any document has may
be where one comes from, and says nothing.
"""

from __future__ import annotations

import re
from typing import Final

from index.keywords import Columns
from index.tokens import folded_tokens

# Provinces, regions and municipalities, and cities that people say without 市.
_PLACES: Final = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 "
    "河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 "
    "宁夏 新疆 香港 澳门 石家庄 唐山 保定 太原 大同 沈阳 大连 鞍山 长春 哈尔滨 "
    "齐齐哈尔 大庆 南京 苏州 无锡 常州 徐州 南通 扬州 杭州 宁波 温州 嘉兴 绍兴 金华 "
    "台州 合肥 芜湖 福州 厦门 泉州 漳州 南昌 九江 赣州 济南 青岛 烟台 潍坊 临沂 淄博 "
    "威海 郑州 洛阳 开封 武汉 宜昌 襄阳 长沙 株洲 岳阳 衡阳 广州 深圳 珠海 佛山 东莞 "
    "中山 惠州 江门 汕头 湛江 肇庆 茂名 南宁 柳州 桂林 北海 海口 三亚 成都 绵阳 德阳 "
    "宜宾 贵阳 遵义 昆明 大理 丽江 拉萨 西安 咸阳 宝鸡 兰州 西宁 银川 乌鲁木齐 "
    "呼和浩特 包头 鄂尔多斯"
)
_ENGLISH: Final = (
    "beijing tianjin shanghai chongqing guangzhou shenzhen nanjing suzhou hangzhou ningbo wuhan "
    "chengdu xiamen qingdao zhengzhou changsha shenyang dalian harbin kunming taiwan macau"
)
_CITY: Final = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,3})市(?![民场政区内外级直])")
_KNOWN: Final = re.compile(
    "|".join((*_PLACES.split(), *(rf"\b{name}\b" for name in _ENGLISH.split())))
)


def elsewhere(folded: str, documents: Columns) -> bool:
    """Whether a folded question names a place that no document has."""
    named = [found.group() for found in _KNOWN.finditer(folded)]
    named += [found[1] for found in _CITY.finditer(folded)]
    return any(_unknown(name, documents) for name in named)


def _unknown(name: str, documents: Columns) -> bool:
    """Whether some pair of its characters, or its word, is in no document."""
    return any(len(term) > 1 and term not in documents for term in folded_tokens(name))
