"""
Does a message tell of a danger to life, or of a fraud in the bureau's name? Pure.

Both only put words before what is said anyway, so a false alarm costs a line. A message that
asks for a rule ("自杀干预补贴政策", "火灾救助怎么申请") tells of no danger now.
"""

from __future__ import annotations

import re
from typing import Final

from bot.phrases import any_of
from knowledge.fold import fold

# A cry for help, or a life that somebody wants to end: whatever else the sentence speaks of.
_CRIES: Final = any_of(
    (
        r"救命啊|救命[!。,\s]|救命$|快来?救(?:救)?我|快来人",
        r"我(?:真的?|已经|都|也|现在|就|只)*(?:不想活|活不下去|想死|想自杀|要自杀|想轻生|想跳楼|要跳楼)",
        r"(?:^|[,。!\s])(?:不想活了?|活不下去了)",
        r"(?:要|想)(?:结束|了结)(?:自己的?|我的?)(?:生命|性命)",
        r"\bi(?:'m| am)? (?:really )?(?:want|going) to (?:die|kill myself|end my life)",
        r"\bkill(?:ing)? myself|\bi(?:'m| am) suicidal|\bsave me\b|help me!",
        r"살려 ?(?:주세요|줘)|죽고 ?싶|자살하고 ?싶|사람 ?살려",
        r"助けて(?:ください|くれ)?[!。]?$|死にたい|自殺したい",
    )
)
# What happens now. In a sentence that asks for a rule it is a case, not an alarm.
_EVENTS: Final = any_of(
    (
        r"(?:着|起|失)火了|在冒(?:浓)?烟|爆炸了|(?:煤气|天然气|燃气)泄漏",
        r"有人(?:正?在|正要|想|要|准备)?(?:跳楼|跳河|自杀|轻生|割腕|行凶|砍人|持刀)",
        r"(?:正在|在)(?:被)?(?:打我|打人|抢劫|行凶|砍人|家暴)|拿着?刀",
        r"(?:晕|昏|倒)(?:倒|过去|迷)(?:了|不醒)|叫不醒|没(?:有)?呼吸|快不行了",
        r"喘不(?:过|上)气|大出血",
        r"吃了(?:很多|一瓶|一整瓶)安眠药|(?:煤气|农药)中毒|溺水了|掉(?:进)?(?:河|水)里了",
        r"(?:house|flat|apartment|building|kitchen|room) is on fire|\bgas leak",
        r"(?:someone|somebody|he|she) is (?:dying|attacking|beating|unconscious|not breathing)",
        r"(?:is|stopped) (?:not )?breathing|about to jump|has a knife",
        r"불이 ?났|쓰러졌|숨을 ?(?:안|못) ?쉬|가스가? ?(?:새|누출)|칼을 ?들",
        r"火事です|火事だ|燃えてい|倒れました|息をしてい(?:ない|ません)|ガス漏れ",
        r"飛び降り(?:よう|そう)",
    )
)
# A sentence with one of these asks about a rule or tells of what is past or only supposed.
_OF_A_RULE: Final = any_of(
    (
        r"补贴|补助|救助|津贴|政策|规定|办法|条例|赔偿|补偿|理赔|保险|认定|工伤|抚恤|丧葬",
        r"干预|预防|宣传",
        r"报销|待遇|申请|领取|标准|算不算|属于|热线",
        r"如果|假如|万一|要是|倘若|去年|前年|上个?月|上周|昨天|以前|之前|曾经?|年前",
        r"subsid|benefit|allowance|polic|compensat|insur|prevent|assistance|\bif\b",
        r"last (?:year|month)",
        r"지원금|보조금|정책|보험|예방|만약|작년|수당|補助|政策|保険|予防|もし|昨年|手当",
    )
)
_SUPPOSED: Final = any_of((r"如果|假如|万一|要是|倘若|政策|干预|预防|\bif\b|만약|예방|もし|予防",))
_SENTENCES: Final = re.compile(r"(?<=[。!?;\n])")

# What only a swindler asks for, whoever he says that he is.
_SWINDLES: Final = any_of(
    (
        r"安全(?:账户|帐户)|解冻(?:费|金|账户|帐户)",
        r"(?:屏幕|共享屏幕|屏幕共享)(?:共享)?.{0,4}(?:操作|软件)",
        r"(?:叫|让|要求?|喊|通知|催)(?:我|我们|我妈|我爸|我家人|老人|家里人?)?.{0,10}(?:转账|转钱|汇款|打钱|打款|转到|扫码付|交(?:手续费|保证金|认证费|押金|解冻费|服务费|激活费))",
        r"(?:叫|让|要求?|问|骗|索要|提供|告诉(?:他|她)).{0,10}(?:短信)?(?:验证码|银行卡密码|卡密码|支付密码)",
        r"先(?:交|付|转|打).{0,8}(?:手续费|保证金|认证费|解冻费|激活费|工本费).{0,10}(?:才能?|就能?)",
        r"(?:冒充|假冒|自称|说(?:他|她)?是|说自己是).{0,12}(?:局|中心|政府|社保|医保|公积金|财政|公安|工作人员).{0,30}(?:钱|转|账户|帐户|银行卡|密码|验证码|链接|下载|费)",
        r"(?:短信|链接|电话|网址).{0,20}(?:社保|医保|公积金|补贴|账户|帐户|养老金).{0,20}(?:冻结|异常|失效|停用|点击|点开|真的假的|是真的|诈骗|骗)",
        r"(?:是不是|会不会是|遇到|碰到|怕是|是)(?:诈骗|骗子|骗局|骗人)|真的还是(?:假的|骗)",
        r"safe account",
        r"(?:ask|told|tell|want)(?:s|ed)?(?: me| us)? (?:to|for) .{0,30}(?:transfer|wire|deposit)",
        r"(?:ask|told|tell|want)(?:s|ed)?(?: me| us)? (?:to|for) .{0,30}(?:bank card|pay a fee)",
        r"(?:ask|told|tell|want)(?:s|ed)?(?: me| us)? (?:to|for) .{0,30}(?:code|gift card|\bpin)",
        r"(?:is (?:this|it)|sounds like) a scam",
        r"pretend(?:s|ed|ing)? to be .{0,30}(?:bureau|office|police)",
        r"(?:계좌|돈).{0,10}(?:이체|송금|보내)(?:하라|라고|하래|래요)",
        r"인증번호.{0,10}(?:달라|알려|보내)|보이스 ?피싱|안전 ?계좌",
        r"사기(?:인가요|죠|예요|입니까)",
        r"(?:振り込め|振込(?:んで|を)|送金して).{0,12}(?:言われ|求められ|くれ)",
        r"暗証番号.{0,12}(?:聞かれ|求められ)|詐欺(?:でしょうか|ですか)|安全(?:な)?口座",
    )
)


def tells_of_danger(text: str) -> bool:
    """Whether somebody's life may be in danger now, by what one of the sentences says."""
    return any(map(_alarming, _SENTENCES.split(fold(text))))


def _alarming(sentence: str) -> bool:
    if _CRIES.search(sentence) and not _SUPPOSED.search(sentence):
        return True
    return bool(_EVENTS.search(sentence)) and not _OF_A_RULE.search(sentence)


def asks_for_a_rule(text: str) -> bool:
    """Whether a message that tells of a danger also asks what we are there for."""
    return bool(_OF_A_RULE.search(fold(text)))


def tells_of_fraud(text: str) -> bool:
    """Whether somebody is asked for money or a code, as swindlers do in an office's name."""
    return bool(_SWINDLES.search(fold(text)))
