"""What a message wants that is no policy question. Pure, by the words of five languages."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from knowledge.fold import fold


class Intent(StrEnum):
    START = "start"
    HELP = "help"
    HUMAN = "human"
    STATUS = "status"
    GREETING = "greeting"
    THANKS = "thanks"
    WHO = "who"
    EMERGENCY = "emergency"


_COMMANDS: Final = {
    "/start": Intent.START,
    "/help": Intent.HELP,
    "/human": Intent.HUMAN,
    "/status": Intent.STATUS,
}
# Folded words; the whole message must be one of them, give or take marks and politeness.
_PHRASES: Final = {
    Intent.GREETING: (
        "你好|您好|嗨|哈喽|早上好|下午好|晚上好|在吗|"
        "hello|hi|hey|good (?:morning|afternoon|evening)|"
        "안녕하세요|안녕|こんにちは|おはよう(?:ございます)?|こんばんは"
    ),
    Intent.THANKS: (
        "谢谢(?:你|您)?|多谢|感谢|thanks(?: a lot)?|thank you(?: very much)?|thx|"
        "감사합니다|고마워요?|ありがとう(?:ございます|ございました)?|好的|ok|okay"
    ),
    Intent.WHO: (
        "(?:你|您)是谁|(?:你|您)是(?:什么|机器人)吗?|(?:你|您)能做什么|(?:你|您)会什么|"
        "who are you|what can you do|누구세요|あなたは誰(?:ですか)?"
    ),
    Intent.HELP: "帮助|help|도움말|ヘルプ|怎么用|使用说明",
    Intent.HUMAN: (
        "(?:我?要?(?:转|找|接)?)?(?:人工|真人)(?:客服|服务|坐席)?|(?:转|找)(?:客服|工作人员)|"
        "human|agent|(?:talk|speak) to (?:a )?(?:human|person|agent)|(?:a )?real person|operator|"
        "상담원(?: 연결)?|담당자|사람|オペレーター|担当者|人と話したい|有人"
    ),
}
_POLITE: Final = r"[\s,，.。!！?？~～、:：;；]*(?:请|麻烦|please)?[\s]*"
_WHOLE: Final = {
    intent: re.compile(
        rf"{_POLITE}(?:{words})(?:吗|呢|啊|呀|吧|哦|please|です|요)?{_POLITE}", re.IGNORECASE
    )
    for intent, words in _PHRASES.items()
}
# A life may be in danger: these words count anywhere in a short message.
_DANGER: Final = re.compile(
    r"救命|着火了|起火了|有人(?:要)?(?:跳楼|自杀|轻生)|我?(?:想|要)(?:自杀|轻生)|不想活了|"
    r"煤气泄漏|正在(?:被)?(?:打|抢劫|行凶)|"
    r"(?:my|the) house is on fire|kill myself|suicid|someone is (?:dying|attacking)|"
    r"살려 ?주세요|불이 났|자살|助けてください|火事です|死にたい"
)
_DANGER_LENGTH: Final = 60


def recognise(text: str) -> Intent | None:
    """Return the intent, or None for what may be a question."""
    stripped = text.strip()
    command = stripped.split(maxsplit=1)[0].lower() if stripped.startswith("/") else ""
    if command:
        return _COMMANDS.get(command, None if command == "/ask" else Intent.HELP)
    folded = fold(stripped)
    if len(folded) <= _DANGER_LENGTH and _DANGER.search(folded):
        return Intent.EMERGENCY
    return next((i for i, pattern in _WHOLE.items() if pattern.fullmatch(folded)), None)


def question_of(text: str) -> str:
    """The question in "/ask …", or the text itself."""
    stripped = text.strip()
    if stripped.lower().startswith("/ask"):
        return stripped[len("/ask") :].strip()
    return stripped
