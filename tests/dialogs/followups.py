"""
Dialogs that lean on what was said before, and such that only seem to.

A dialog is a row of turns: what the citizen says, what it is read as a part of, and words that
the reply holds. "" means that it is read by itself.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Said(NamedTuple):
    text: str
    part_of: str  # the beginning of a document's id
    holds: str = ""  # in the reply; "!" before it: not in the reply


class Dialog(NamedTuple):
    name: str
    turns: tuple[Said, ...]


UNEMPLOYMENT: Final = Said("《澜港市失业保险金申领发放办法》第七条", "", "每人每月2034元")
RENT: Final = Said("《澜港市人才租房补贴实施细则》第七条", "", "累计发放期限不超过30个月")
MATERNITY: Final = Said("《澜港市生育津贴支付管理办法》第五条", "", "生育津贴按照下列天数计发")
ACCOUNTANTS: Final = Said("《澜港市会计人员继续教育管理规定》第五条", "", "84学分")
REFUND: Final = Said("缴费发票丢了还能退费吗？", "", "票据遗失")
JOBS: Final = Said("小公司稳岗返还能返多少比例？", "", "65%")
HMT: Final = Said(
    "《瀾港市人力資源和社會保障局關於港澳臺居民參加社會保險有關事項的規定》第七條", "", "可以免予"
)
FOREIGN: Final = Said(
    "Guidance on Social Insurance for Foreign Employees in Langang Section 6", "", "single payment"
)

SAMPLE: Final = (
    Dialog("a clause", (UNEMPLOYMENT, Said("第二条呢", "unemployment", "适用本办法"))),
    Dialog("a clause with an opening", (RENT, Said("那第五条呢？", "talent", "在编人员不适用"))),
    Dialog("a clause in figures", (ACCOUNTANTS, Said("第7条呢", "accountant", "6月30日前补学"))),
    Dialog(
        "one clause after the other",
        (
            UNEMPLOYMENT,
            Said("第八条呢", "unemployment", "满1年不足2年"),
            Said("第九条呢", "unemployment", "职工基本医疗保险"),
        ),
    ),
    Dialog(
        "an item of the clause that was quoted",
        (
            Said("《澜港市失业保险金申领发放办法》第五条", "", "劳动合同到期"),
            Said("第二项呢", "unemployment", "单位单方解除劳动"),
        ),
    ),
    Dialog("a clause that is not there", (RENT, Said("第九十条呢", "talent", "没有在其中找到"))),
    Dialog("an annex", (RENT, Said("附件2呢", "talent", "学历学位证书"))),
    Dialog("materials", (RENT, Said("那需要什么材料？", "talent", "学历学位证书"))),
    Dialog("materials, nothing more", (RENT, Said("材料呢？", "talent", "学历学位证书"))),
    Dialog("who else", (MATERNITY, Said("男职工呢？", "maternity", "不享受生育津贴"))),
    Dialog("another case", (MATERNITY, Said("多胞胎呢？", "maternity", "17天"))),
    Dialog("others", (JOBS, Said("大型企业呢？", "job", "35%"))),
    Dialog("a place", (RENT, Said("那北湾县呢？", "talent", "北湾县"))),
    Dialog("a professional", (ACCOUNTANTS, Said("那注册会计师呢", "accountant", "行业协会"))),
    Dialog(
        "not the professional whom the document names",
        (ACCOUNTANTS, Said("那高级会计师呢", "accountant", "!现行有效")),
    ),
    Dialog("time", (REFUND, Said("多久能退？", "nontax", "10个工作日"))),
    Dialog(
        "small talk in between", (RENT, Said("谢谢", ""), Said("第五条呢", "talent", "在编人员"))
    ),
    Dialog(
        "in traditional characters", (UNEMPLOYMENT, Said("那第二條呢", "unemployment", "接上文"))
    ),
    Dialog("a traditional document", (HMT, Said("第六條呢", "hmt", "滿3個月"))),
    Dialog("a traditional document, simplified", (HMT, Said("第六条呢", "hmt", "滿3個月"))),
    Dialog("english clause", (FOREIGN, Said("and Section 4?", "foreign", "bilateral agreements"))),
    Dialog("english group", (FOREIGN, Said("What about students?", "foreign", "students"))),
    Dialog("english in a document's language", (UNEMPLOYMENT, Said("第二条呢", "unemployment"))),
    # Not of what was said before.
    Dialog("another topic", (RENT, Said("养狗要办什么证？", "", "!接上文"))),
    Dialog("another topic that opens alike", (RENT, Said("那养狗要办什么证？", "", "!接上文"))),
    Dialog(
        "another policy", (UNEMPLOYMENT, Said("那会计一年要修多少继续教育学分？", "", "84学分"))
    ),
    Dialog("weather", (UNEMPLOYMENT, Said("那明天会下雨吗？", "", "!接上文"))),
    Dialog(
        "another document by name",
        (RENT, Said("那《澜港市财政信息公开办法》第五条呢", "", "公开")),
    ),
    Dialog(
        "a topic that was dropped",
        (RENT, Said("养狗要办什么证？", ""), Said("第五条呢", "", "!在编人员不适用")),
    ),
    Dialog("nothing before", (Said("那需要什么材料？", "", "!现行有效"),)),
    Dialog("a clause of nothing", (Said("第二条呢", "", "!现行有效"),)),
    Dialog("what the document does not say", (RENT, Said("那宠物呢？", "", "!现行有效"))),
    Dialog(
        "english another topic", (FOREIGN, Said("And how do I get a dog licence?", "", "!Still"))
    ),
)
LIBRARY: Final = (
    Dialog(
        "japanese",
        (
            Said("《瀾港市小型船舶係留料規程》第二条", "", "月額900円"),
            Said("では必要書類は？", "berth", "船舶検査証書"),
            Said("期限は？", "berth", "毎月10日"),
            Said("外国籍は？", "berth", "月額1200円"),
            Said("第五条は？", "berth", "月額1200円"),
        ),
    ),
    Dialog(
        "japanese another topic",
        (
            Said("《瀾港市小型船舶係留料規程》第二条", "", "月額900円"),
            Said("では天気は？", "", "!前のご質問の続き"),
        ),
    ),
    Dialog(
        "korean",
        (
            Said("《란강시 여객선 운임 할인 규정》", "", "40%"),
            Said("그럼 서류는요?", "ferry", "주민등록증"),
            Said("학생은요?", "ferry", "50%"),
        ),
    ),
    Dialog(
        "korean another topic",
        (
            Said("《란강시 여객선 운임 할인 규정》", "", "40%"),
            Said("그럼 날씨는요?", "", "!이어서"),
        ),
    ),
    Dialog(
        "english",
        (
            Said("Rules on Night Work at the Docks of Langang Section 1", "", "night work permit"),
            Said("And the fee?", "dock", "300 yuan"),
            Said("and Section 5?", "dock", "ends after 6 months"),
        ),
    ),
    Dialog(
        "english groups",
        (
            Said("Rules on Night Work at the Docks of Langang Section 2", "", "15 days"),
            Said("What about hospitals?", "dock", "pay no fee"),
            Said("and for companies?", "dock", "A company that works"),
        ),
    ),
)
