"""What a message wants that is no policy question. Pure, by the words of five languages."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.danger import asks_for_a_rule, tells_of_danger
from bot.phrases import any_of
from knowledge.fold import fold


class Intent(StrEnum):
    START = "start"  # from here on the value is the command's name: see commands/table.py
    HELP = "help"
    ASK = "ask"  # the bare command; with words it is a question
    HUMAN = "human"
    STATUS = "status"
    CANCEL = "cancel"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    LANGUAGE = "language"
    MYDATA = "mydata"
    FORGET = "forget"
    PRIVACY = "privacy"
    SIMPLE = "simple"
    UNKNOWN = "unknown"  # a command that we do not have
    DISCLOSURE = "disclosure"  # asks for information that is not published
    PRESS = "press"  # where does the reply of staff stay?
    GREETING = "greeting"
    THANKS = "thanks"
    WHO = "who"
    EMERGENCY = "emergency"
    CHAT = "chat"  # weather, jokes, feelings
    SCOLDING = "scolding"
    FAREWELL = "farewell"


_COMMANDS: Final = {
    f"/{intent}": intent
    for intent in (
        Intent.START,
        Intent.HELP,
        Intent.ASK,
        Intent.HUMAN,
        Intent.STATUS,
        Intent.CANCEL,
        Intent.SUBSCRIBE,
        Intent.UNSUBSCRIBE,
        Intent.LANGUAGE,
        Intent.MYDATA,
        Intent.FORGET,
        Intent.PRIVACY,
        Intent.SIMPLE,
        Intent.DISCLOSURE,
    )
}
# The whole message must be of these, give or take marks and politeness.
_PHRASES: Final = {
    Intent.DISCLOSURE: (
        r"(?:我要|我想|想要?|要)?(?:申请)?(?:政府)?信息(?:依申请)?公开(?:申请)?",
        r"(?:我要|我想)?依申请公开(?:信息|政府信息)?",
        r"(?:i (?:want|would like) to (?:make|file) an? )?information disclosure request",
        r"(?:i (?:want|would like) to (?:make|file) an? )?(?:freedom of information|foi) request",
        r"(?:정부 ?)?정보 ?공개 ?(?:청구|신청)(?:하고 싶습니다|할게요|합니다)?",
        r"(?:行政)?情報(?:公開|開示)(?:の)?(?:請求|申請)?(?:したい(?:です)?|します)?",
    ),
    Intent.GREETING: (
        r"你好|您好|大家好|嗨|哈喽|哈啰|早|早安|早上好|上午好|中午好|下午好|晚上好|晚安",
        r"在吗|在不在|有人在吗",
        r"hello|hi|hey|hello there|hi there|good (?:morning|afternoon|evening|day)",
        r"anyone there",
        r"안녕하세요|안녕|반갑습니다|좋은 아침(?:입니다)?",
        r"こんにちは|おはよう(?:ございます)?|こんばんは|はじめまして|もしもし",
    ),
    Intent.THANKS: (
        (
            r"(?:好的?)?(?:非常|十分|太)?(?:谢谢|感谢|多谢|谢)(?:了|啦|你|您|你们|哦|啊|呀)*"
            r"(?:小伙子|小姑娘|姑娘|同志|老师|师傅|大家)?(?:了|啦|啊)?"
        ),
        r"谢谢(?:你|您)的?(?:帮助|回答|解答)",
        r"好的?|知道了|明白了|了解了?|懂了|收到|原来如此|辛苦(?:了|你了|您了)?",
        r"麻烦(?:你|您)了|有(?:帮助|用)",
        r"(?:ok(?:ay)?[, ]*)?(?:thanks|thank you|thx|many thanks)(?: a lot| so much| very much)?",
        r"ok|okay|got it|i see|great|good|understood|that helps",
        r"감사합니다|감사해요|고마워요?|고맙습니다|알겠습니다|알겠어요",
        r"수고하(?:세요|셨습니다)",
        r"(?:どうも)?ありがとう(?:ございます|ございました)?|助かりました|わかりました",
        r"分かりました|了解です?",
    ),
    Intent.FAREWELL: (
        r"再见|拜拜|拜|回见|回头见|下次见|先这样|没事了|没问题了|不用了|我先走了",
        r"祝(?:你|您)(?:愉快|生活愉快)",
        r"bye|bye bye|goodbye|see you(?: later)?|good night|that is all|that's all",
        r"have a nice day",
        r"안녕히 (?:계세요|가세요)|잘 가|또 봐요|さようなら|またね|失礼します|では、?また",
    ),
    Intent.WHO: (
        r"(?:你|您)是谁",
        r"(?:你|您)是(?:什么|哪位|干(?:什么|嘛)的|做什么的|机器人|真人|人工智能|ai)",
        r"(?:你|您)叫什么(?:名字)?",
        r"(?:你|您)(?:能|可以)(?:做|干|帮我做?)(?:什么|些什么|啥)",
        r"(?:你|您)会(?:什么|做什么|干啥)|介绍一下(?:你|您)?自己",
        r"who are you|what are you|what(?: is|'s) your name|what can you do",
        r"are you (?:a )?(?:human|robot|bot|real)",
        r"누구(?:세요|십니까|야)|이름이 (?:뭐예요|뭐야|무엇입니까)",
        r"무엇을 할 수 있(?:나요|어요)|로봇(?:이에요|인가요)",
        r"あなたは誰(?:ですか)?|誰ですか|(?:お)?名前は(?:何ですか)?|何ができますか",
        r"ロボットですか",
    ),
    Intent.CHAT: (
        r"(?:今天|明天|外面)?(?:的)?天气(?:怎么样|如何|好吗|真好|不错)",
        r"今天(?:热|冷)(?:不热|不冷|吗|死了)|下雨了",
        r"(?:给我|跟我)?(?:讲|说)一?个(?:笑话|故事)|(?:给我)?唱(?:一?首|个)歌",
        r"(?:陪我)?聊(?:聊天|会儿天?|聊)|哈+|呵+|嘿+|嘻+",
        r"(?:你|您)(?:好不好|好吗|吃(?:饭)?了吗?|还好吗|忙吗|累吗|多大了?|几岁了?|结婚了吗?|有女朋友吗|有男朋友吗|开心吗)",
        r"我(?:好|很|太)?(?:无聊|开心|难过|累了?|饿了?|烦)|我(?:爱|喜欢)(?:你|您)",
        r"(?:你|您)(?:真|好|太)(?:棒|聪明|可爱|厉害)(?:了|啦)?",
        r"现在几点(?:了|钟)?|今天(?:星期几|几号)|生日快乐|新年快乐",
        r"(?:春节|中秋|国庆|元旦)快乐|恭喜发财",
        r"how are you(?: doing)?|how(?: is|'s) (?:it going|the weather)|nice weather",
        r"tell me a (?:joke|story)|sing(?: me)? a song",
        r"i(?: am|'m) (?:bored|happy|sad|tired|hungry)|i love you|(?:ha)+|lol",
        r"what time is it|happy (?:new year|birthday)",
        r"오늘 날씨(?: 어때요?| 어떻습니까)?|농담 (?:해 ?줘요?|하나 해 ?주세요)",
        r"잘 지내(?:세요|요)?|심심해요?|사랑해요?|ㅋ+|지금 몇 시(?:예요|야)?",
        r"(?:今日の)?天気は(?:どうですか)?|冗談を言って(?:ください)?|元気ですか",
        r"お元気ですか|暇です?|好きです|今何時ですか|笑",
    ),
    Intent.SCOLDING: (
        r"(?:你|您)?(?:真|好|太|可真|怎么这么|就是个?)?(?:笨|蠢|傻|差劲|没用|烂|废物|垃圾|智障|弱智)(?:死了|了|蛋|啊|机器人|透了)*",
        r"(?:你)?(?:什么)?(?:破|烂|垃圾|傻)(?:机器人|东西|玩意|系统)",
        r"(?:你)?(?:滚|闭嘴|去死|有病|神经病|混蛋|王八蛋)(?:吧)?|答非所问|牛头不对马嘴",
        r"(?:听不懂人话|你听不懂|你懂不懂|一点(?:都没|没|也没)用|没(?:有)?(?:用|帮助)|气死我了|浪费时间)",
        r"(?:you(?: are|'re) )?(?:so |really |a )?(?:stupid|dumb|useless)(?: (?:bot|robot))?",
        r"(?:you(?: are|'re) )?(?:rubbish|(?:an )?idiot|terrible)",
        r"shut up|this is useless|you suck|바보(?:야|네|냐)?|멍청(?:하네|이|해)",
        r"쓸모없(?:네|어|어요)|馬鹿|ばか|バカ|役に立たない(?:です)?|使えない(?:な|ね)?",
    ),
    Intent.SUBSCRIBE: (r"我?要?(?:订阅|关注)(?:政策)?|subscribe|구독(?:하기)?|通知を登録|購読",),
    Intent.UNSUBSCRIBE: (
        r"td|退订|我?要?取消(?:全部|所有)?(?:订阅|关注)|我的(?:订阅|关注)",
        r"unsubscribe|stop(?: these messages)?|구독 ?(?:취소|해지)|수신 ?거부|配信停止|登録解除",
    ),
    Intent.HELP: (
        r"帮助|帮帮我|help|도움말|ヘルプ|怎么用|怎么使用|使用说明|使い方",
        r"사용법|how does this work",
    ),
    Intent.HUMAN: (
        r"(?:我?要?(?:转|找|接)?)?(?:人工|真人)(?:客服|服务|坐席)?",
        r"(?:我?要?)?(?:转|找)(?:客服|工作人员|真人)",
        r"human|agent|(?:talk|speak) to (?:a )?(?:human|person|agent)|(?:a )?real person",
        r"operator",
        r"상담원(?: 연결)?|담당자|사람|オペレーター|担当者|人と話したい|有人",
    ),
    Intent.PRESS: (
        r"(?:我要|帮我|再)?催(?:办|一下|下|一催)?(?:一下)?",
        r"(?:怎么|为什么|为啥)(?:还|都)?(?:没|没有|不)(?:有?人)?(?:回复|答复|回音|回我|消息|结果)我?",
        r"(?:什么时候|何时)(?:能|才能|才|会)?(?:回复|答复)我?|还没(?:有)?(?:回复|答复|消息|结果)",
        r"(?:有没有|有)(?:新的?)?(?:进展|消息|结果|回复|答复)了?|(?:快|尽快)(?:点|些)?(?:回复|答复)我?",
        r"any (?:news|updates?|progress)(?: yet)?(?: on my (?:question|request))?",
        r"(?:still )?no (?:reply|answer|news|response)(?: yet)?|(?:i am |i'm )?still waiting",
        r"why (?:has|did) (?:nobody|no one) (?:replied|reply|answered|answer)(?: me)?(?: yet)?",
        r"when (?:will|do) i get (?:a reply|an answer)|when will you (?:reply|answer)",
        r"독촉(?:합니다|해요)?",
        r"(?:왜 )?아직도? (?:답변|회신|연락)[이은]? ?(?:없(?:나|어)요|없습니까)",
        r"(?:왜 )?아직도? (?:답변|회신|연락)[이은]? ?안 (?:왔어|오나)요",
        r"(?:답변|회신)[은이]? ?언제 (?:오나요|와요|받을 수 있나요)|빨리 답변해 ?주세요",
        r"催促(?:します)?|(?:返事|回答)は(?:まだ|いつ)(?:です)?か?",
        r"まだ(?:返事|回答)が?(?:来ません|来ない|ありません|ない)(?:です)?か?",
        r"早く(?:返事|回答)して(?:ください)?",
    ),
}
_POLITE: Final = r"[\s~]*(?:请|请问|麻烦|please)?[\s]*"
_AFTER: Final = r"(?:吗|呢|啊|呀|吧|哦|哈|啦|了|please|です|요|ね|よ)?"
_WHOLE: Final = {
    intent: re.compile(rf"{_POLITE}(?:{any_of(words).pattern}){_AFTER}{_POLITE}")
    for intent, words in _PHRASES.items()
}
_MARKS: Final = re.compile(r"[\s,，.。!！:：;；]+")
LONGEST_WISH: Final = 40  # characters
_WISHED: Final = re.compile(r"[转找接]|客服|服务|坐席|(?:talk|speak) to|연결")
# "好的，谢谢，再见" is three of them; the last one says what is wanted.
_PARTS: Final = re.compile(r"[,，.。!！?？~、:;…\n]+")


def recognise(text: str) -> Intent | None:
    """Return the intent, or None for what may be a question."""
    stripped = text.strip()
    command = stripped.split(maxsplit=1)[0].lower() if stripped.startswith("/") else ""
    if command == "/ask" and question_of(stripped):
        return None
    if command:
        return _COMMANDS.get(command, Intent.UNKNOWN)
    if tells_of_danger(stripped) and not asks_for_a_rule(stripped):
        return Intent.EMERGENCY
    parts = [part for part in _PARTS.split(fold(stripped)) if part.strip()]
    found = [_whole(part) for part in parts]
    return found[-1] if found and None not in found else None


def for_a_person(text: str) -> str | None:
    """What follows a wish for a person: "转人工，…", "转人工 …"; None where there is none."""
    text = text.strip()
    for mark in _MARKS.finditer(text):
        wish, rest = fold(text[: mark.start()]), text[mark.end() :]
        if len(wish) > LONGEST_WISH:
            return None
        # 人工 智能 and human resources are matters: behind a mere blank it must be a wish. And
        # "有人，…" is about somebody.
        meant = not mark[0].isspace() or _WISHED.search(wish)
        if rest and meant and wish != "有人" and _whole(wish) is Intent.HUMAN:
            return rest
    return None


def _whole(part: str) -> Intent | None:
    return next((i for i, pattern in _WHOLE.items() if pattern.fullmatch(part)), None)


def question_of(text: str) -> str:
    """The question in "/ask …", or the text itself."""
    stripped = text.strip()
    if stripped.lower().startswith("/ask"):
        return stripped[len("/ask") :].strip()
    return stripped
