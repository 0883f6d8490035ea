"""Nine short documents, written so that each expectation can be told by reading them."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from knowledge.types import Disclosure, Document, Kind, Lang, Status

TODAY: Final = date(2026, 11, 23)


def document(name: str, title: str, text: str, **more: Any) -> Document:
    values = {
        "language": Lang.ZH_HANS,
        "kind": Kind.POLICY,
        "source": f"https://example.test/{name}",
        "disclosure": Disclosure.OPEN,
    }
    return Document(**{"id": name, "title": title, "text": text, **values, **more})


FUND: Final = document(
    "fund-2025",
    "澜港市住房公积金提取管理办法",
    "第一条 为规范住房公积金提取，制定本办法。\n"
    "第二条 职工租房的，每月可以提取住房公积金1500元。\n"
    "第三条 职工退休的，可以提取账户内全部余额并注销账户。\n",
    number="澜公积金规〔2025〕3号",
    published=date(2025, 6, 1),
    effective=date(2025, 7, 1),
    repeals=("fund-2022",),
)
OLD_FUND: Final = document(
    "fund-2022",
    "澜港市住房公积金提取办法",
    "第一条 为方便职工提取住房公积金，制定本办法。\n"
    "第二条 职工租房的，每月可以提取住房公积金900元。\n"
    "第三条 翡翠卡持有人可以在柜台提取。\n",
    number="澜公积金规〔2022〕2号",
    status=Status.SUPERSEDED,
    superseded_by="fund-2025",
)
FUND_EXPLAINED: Final = document(
    "fund-2025-explained",
    "《澜港市住房公积金提取管理办法》解读",
    "第二条 职工租房的，每月可以提取住房公积金1500元。\n",
    kind=Kind.INTERPRETATION,
    interprets=("fund-2025",),
)
UNEMPLOYMENT: Final = document(
    "unemployment",
    "失业保险金申领发放办法",
    "第一条 失业人员应当在六十日内申领失业保险金。\n"
    "第二条 领取期间参加职工医疗保险的，费用由失业保险基金支付。\n",
    number="澜人社规〔2024〕5号",
)
MINISTRY: Final = document(
    "ministry",
    "关于失业动态监测的通知",
    "第一条 各地按季度上报监测企业名单。\n第二条 监测数据不得泄露。\n",
    number="人社规〔2024〕5号",
)
MATERNITY: Final = document(
    "maternity",
    "生育津貼發放辦法",
    "第一條 生育津貼按照用人單位上年度月平均工資計發。\n第二條 難產的，增加十五天津貼。\n",
    language=Lang.ZH_HANT,
    number="澜医保規〔2025〕7號",
)
FOREIGN: Final = document(
    "foreign",
    "Notice on Social Insurance for Foreign Employees",
    "Article 1 Foreign employees holding a work permit shall join the pension insurance.\n"
    "Article 2 An employee who leaves before retirement may withdraw the personal account.\n",
    language=Lang.EN,
)
TRADE_IN: Final = document(
    "trade-in",
    "家电以旧换新补贴细则",
    "第一条 购买一级能效冰箱的，按售价的20%补贴，最高2000元。\n第二条 旧机由商户回收。\n",
    number="澜商务规〔2025〕1号",
    expires=date(2025, 12, 31),
)
MEDICAL: Final = document(
    "medical-2027",
    "2027年度居民医疗保险缴费通知",
    "第一条 居民医疗保险个人缴费标准为每人每年420元。\n第二条 新生儿出生当年免缴。\n",
    effective=date(2027, 1, 1),
)
LIBRARY: Final = (
    FUND,
    OLD_FUND,
    FUND_EXPLAINED,
    UNEMPLOYMENT,
    MINISTRY,
    MATERNITY,
    FOREIGN,
    TRADE_IN,
    MEDICAL,
)
