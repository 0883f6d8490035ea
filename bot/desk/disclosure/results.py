"""
How a request for information may end: one table of results. Pure.

Each has its article, what the letter says of it, what it must come with, and its line in the
annual report. The articles are those of the Regulations on Open Government Information
(政府信息公开条例, 2019); the lines those of the form of the annual report, as the State Council's
office gives it (国办公开办函〔2021〕30号).
Where that form has no line of its own for a result, the comment says which one we take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

REGULATIONS: Final = "《中华人民共和国政府信息公开条例》"


class Result(StrEnum):
    OPEN = "open"
    PUBLIC = "public"  # published already
    PARTLY = "partly"
    SECRET = "secret"  # noqa: S105 - a state secret, none of ours
    FORBIDDEN = "forbidden"
    SAFETY = "safety"
    THIRD_PARTY = "third-party"
    INTERNAL = "internal"
    PROCESS = "process"
    CASE_FILE = "case-file"
    INQUIRY = "inquiry"
    NOT_HELD = "not-held"
    OTHER_OFFICE = "other-office"
    NOT_MADE = "not-made"
    UNCLEAR = "unclear"
    PETITION = "petition"
    REPEATED = "repeated"
    PUBLICATION = "publication"
    EXCESSIVE = "excessive"
    RECONFIRM = "reconfirm"
    NOT_CORRECTED = "not-corrected"
    UNPAID = "unpaid"
    WITHDRAWN = "withdrawn"


class Line(StrEnum):
    """A line of part three of the annual report's table; the value is its place there."""

    OPEN = "（一）予以公开"
    PARTLY = "（二）部分公开"
    SECRET = "（三）不予公开-1.属于国家秘密"  # noqa: S105 - words of a form
    FORBIDDEN = "（三）不予公开-2.其他法律行政法规禁止公开"
    SAFETY = "（三）不予公开-3.危及“三安全一稳定”"
    THIRD_PARTY = "（三）不予公开-4.保护第三方合法权益"
    INTERNAL = "（三）不予公开-5.属于三类内部事务信息"
    PROCESS = "（三）不予公开-6.属于四类过程性信息"
    CASE_FILE = "（三）不予公开-7.属于行政执法案卷"
    INQUIRY = "（三）不予公开-8.属于行政查询事项"
    NOT_HELD = "（四）无法提供-1.本机关不掌握相关政府信息"
    NOT_MADE = "（四）无法提供-2.没有现成信息需要另行制作"
    UNCLEAR = "（四）无法提供-3.补正后申请内容仍不明确"
    PETITION = "（五）不予处理-1.信访举报投诉类申请"
    REPEATED = "（五）不予处理-2.重复申请"
    PUBLICATION = "（五）不予处理-3.要求提供公开出版物"
    EXCESSIVE = "（五）不予处理-4.无正当理由大量反复申请"
    RECONFIRM = "（五）不予处理-5.要求行政机关确认或重新出具已获取信息"
    NOT_CORRECTED = "（六）其他处理-1.申请人无正当理由逾期不补正"
    UNPAID = "（六）其他处理-2.申请人逾期未按收费通知要求缴纳费用"
    OTHER = "（六）其他处理-3.其他"


class Need(StrEnum):
    """What a result must come with besides the words of staff."""

    GROUND = "ground"  # why a part stays closed
    LINK = "link"  # where it is published
    OFFICE = "office"  # which office has it; where nobody knows, the reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    label: str  # English, a key of the catalogues
    line: Line
    finding: str  # what was found, in the letter
    article: str  # that the decision rests on; empty: on none that would be named
    law: str = REGULATIONS  # whose article that is
    decision: str  # {office} and {link} are filled in
    needs: Need | None = None
    words: bool = True  # whether the letter needs words of staff: reasons, or the information
    refuses: bool = False  # something stays closed that could be open: see Letter


RULES: Final[Mapping[Result, Rule]] = MappingProxyType(
    {
        Result.OPEN: Rule(
            label="opened",
            line=Line.OPEN,
            finding="您申请的信息可以公开",
            article="第三十六条第（二）项",
            decision="现向您提供",
        ),
        # The form counts it as opened: whoever asks is told where to find it.
        Result.PUBLIC: Rule(
            label="published already",
            line=Line.OPEN,
            finding="您申请的信息已经主动公开",
            article="第三十六条第（一）项",
            decision="请通过以下途径获取：{link}",
            needs=Need.LINK,
            words=False,
        ),
        Result.PARTLY: Rule(
            label="opened in part",
            line=Line.PARTLY,
            finding="您申请的信息中有不应当公开的内容，能够作区分处理",
            article="第三十七条",
            decision="现向您提供可以公开的内容",
            needs=Need.GROUND,
            refuses=True,
        ),
        Result.SECRET: Rule(
            label="not opened: state secret",
            line=Line.SECRET,
            finding="您申请的信息依法确定为国家秘密",
            article="第十四条、第三十六条第（三）项",
            decision="决定不予公开",
            refuses=True,
        ),
        Result.FORBIDDEN: Rule(
            label="not opened: a law forbids it",
            line=Line.FORBIDDEN,
            finding="您申请的信息属于法律、行政法规禁止公开的信息",
            article="第十四条、第三十六条第（三）项",
            decision="决定不予公开",
            refuses=True,
        ),
        Result.SAFETY: Rule(
            label="not opened: security or stability",
            line=Line.SAFETY,
            finding="您申请的信息公开后可能危及国家安全、公共安全、经济安全或者社会稳定",
            article="第十四条、第三十六条第（三）项",
            decision="决定不予公开",
            refuses=True,
        ),
        Result.THIRD_PARTY: Rule(
            label="not opened: rights of others",
            line=Line.THIRD_PARTY,
            finding="您申请的信息涉及商业秘密、个人隐私等，公开会损害第三方合法权益",
            article="第十五条、第三十六条第（三）项",
            decision="决定不予公开",
            refuses=True,
        ),
        Result.INTERNAL: Rule(
            label="not opened: internal affairs",
            line=Line.INTERNAL,
            finding="您申请的信息属于人事管理、后勤管理、内部工作流程等内部事务信息",
            article="第十六条第一款、第三十六条第（三）项",
            decision="决定不予公开",
            refuses=True,
        ),
        Result.PROCESS: Rule(
            label="not opened: work in progress",
            line=Line.PROCESS,
            finding="您申请的信息属于讨论记录、过程稿、磋商信函、请示报告等过程性信息",
            article="第十六条第二款、第三十六条第（三）项",
            decision="决定不予公开",
            refuses=True,
        ),
        Result.CASE_FILE: Rule(
            label="not opened: law enforcement file",
            line=Line.CASE_FILE,
            finding="您申请的信息属于行政执法案卷信息",
            article="第十六条第二款、第三十六条第（三）项",
            decision="决定不予公开",
            refuses=True,
        ),
        Result.INQUIRY: Rule(
            label="not opened: special rules to look it up",
            line=Line.INQUIRY,
            finding="法律、行政法规对您申请的信息的获取有特别规定",
            article="第三十六条第（七）项",
            decision="请依照该规定办理",
            refuses=True,
        ),
        # The form counts what does not exist and what others hold as not held.
        Result.NOT_HELD: Rule(
            label="does not exist or is not held",
            line=Line.NOT_HELD,
            finding="经检索，没有您申请的信息",
            article="第三十六条第（四）项",
            decision="现告知您该信息不存在",
        ),
        Result.OTHER_OFFICE: Rule(
            label="not this office",
            line=Line.NOT_HELD,
            finding="您申请的信息不属于本机关负责公开",
            article="第三十六条第（五）项",
            decision="请向{office}提出申请",  # letter.py has what it says without an office
            needs=Need.OFFICE,
            words=False,
        ),
        Result.NOT_MADE: Rule(
            label="would have to be made",
            line=Line.NOT_MADE,
            finding="没有现成的信息，需要对现有信息进行加工、分析",
            article="第三十八条",
            decision="可以不予提供，现予告知",
        ),
        Result.UNCLEAR: Rule(
            label="unclear after correction",
            line=Line.UNCLEAR,
            finding="您的申请补正后内容仍不明确",
            article="第三十条",
            decision="无法向您提供",
        ),
        Result.PETITION: Rule(
            label="a complaint, no request",
            line=Line.PETITION,
            finding="您以信息公开申请的形式进行信访、投诉、举报等活动",
            article="第三十九条第一款",
            decision="不作为政府信息公开申请处理，您可以通过相应渠道提出",
            words=False,
        ),
        Result.REPEATED: Rule(
            label="repeated request",
            line=Line.REPEATED,
            finding="本机关已就您相同的申请作出答复",
            article="第三十六条第（六）项",
            decision="不予重复处理",
            words=False,
        ),
        Result.PUBLICATION: Rule(
            label="a publication",
            line=Line.PUBLICATION,
            finding="您申请的是政府公报、报刊、书籍等公开出版物",
            article="第三十九条第二款",
            decision="请通过以下途径获取：{link}",
            needs=Need.LINK,
            words=False,
        ),
        Result.EXCESSIVE: Rule(
            label="many requests without reason",
            line=Line.EXCESSIVE,
            finding="您申请的数量、频次明显超过合理范围，说明的理由不合理",
            article="第三十五条",
            decision="不予处理",
        ),
        Result.RECONFIRM: Rule(
            label="known to the applicant",
            line=Line.RECONFIRM,
            finding="您要求本机关确认或者重新出具已经获取的信息",
            article="",
            decision="不予处理",
        ),
        Result.NOT_CORRECTED: Rule(
            label="not corrected in time",
            line=Line.NOT_CORRECTED,
            finding="您无正当理由逾期不补正申请内容",
            article="第三十条",
            decision="视为您放弃申请，本机关不再处理",
            words=False,
        ),
        Result.UNPAID: Rule(
            label="fee not paid in time",
            line=Line.UNPAID,
            finding="您逾期未按照收费通知缴纳费用",
            # 国办函〔2020〕109号; the Regulations (article 42) leave the fee to it.
            article="",
            law="《政府信息公开信息处理费管理办法》",
            decision="视为您放弃申请，本机关不再处理该申请",
            words=False,
        ),
        Result.WITHDRAWN: Rule(
            label="withdrawn",
            line=Line.OTHER,
            finding="您撤回了申请",
            article="",
            decision="本机关终止办理",
            words=False,
        ),
    }
)
# Why a part of something may stay closed.
GROUNDS: Final = tuple(
    result for result, rule in RULES.items() if rule.refuses and result is not Result.PARTLY
)
