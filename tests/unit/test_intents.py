"""What is no policy question, in the words of five languages, and what only looks like it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

import knowledge
from bot.danger import asks_for_a_rule, tells_of_danger, tells_of_fraud
from bot.desk.tickets import TicketKind
from bot.filing import Filing, confirms, filing_of
from bot.intents import Intent, for_a_person, recognise
from bot.scope import out_of_scope

GOLDEN: Final = [
    json.loads(line)["question"]
    for line in (Path(knowledge.__file__).parent / "sample" / "golden.jsonl")
    .read_text("utf-8")
    .splitlines()
]
PHRASES: Final = {
    Intent.GREETING: (
        "你好 您好！ 嗨～ 早上好 在吗？ 你好呀 您好。 大家好 晚上好 有人在吗",
        "Hello|hi|Good morning!|hey|hello there",
        "안녕하세요|안녕!|좋은 아침입니다",
        "こんにちは|おはようございます。|もしもし|こんばんは",
        "早安 您好啊 下午好 在不在",
    ),
    Intent.THANKS: (
        "谢谢 谢谢你！ 多谢了 非常感谢 好的，谢谢 知道了 明白了 收到 辛苦您了 謝謝您",
        "thanks|Thank you very much|thx|ok, thanks|got it|that helps",
        "감사합니다|고마워요|알겠습니다|수고하셨습니다",
        "ありがとう|ありがとうございます|どうもありがとうございました|わかりました",
    ),
    Intent.FAREWELL: (
        "再见 拜拜 好的，谢谢，再见 沒事了 下次见",
        "bye|Goodbye!|see you later|that's all, thank you, bye",
        "안녕히 계세요|또 봐요",
        "さようなら|失礼します",
    ),
    Intent.WHO: (
        "你是谁？ 您是哪位 你叫什么名字 你能做什么？ 你是真人吗 你是机器人吗 你会什么 您是誰",
        "Who are you?|what can you do|are you a robot?|what's your name",
        "누구세요?|이름이 뭐예요?|로봇인가요",
        "あなたは誰ですか|あなたは誰|お名前は何ですか？|何ができますか",
    ),
    Intent.CHAT: (
        "今天天气怎么样？ 讲个笑话 给我唱首歌 你吃饭了吗 我好无聊 陪我聊聊天 我爱你 现在几点了 哈哈哈 你真聪明 新年快乐 今天天氣如何",
        "how are you?|tell me a joke|I'm bored|haha|what time is it?",
        "오늘 날씨 어때요?|농담 하나 해 주세요|ㅋㅋㅋ|심심해요",
        "今日の天気は？|元気ですか|冗談を言ってください|暇です",
    ),
    Intent.SCOLDING: (
        "你真笨 笨蛋 你太没用了 破机器人 答非所问 垃圾！ 闭嘴 你听不懂 浪费时间 你真蠢啊",
        "you are stupid|useless|stupid bot!|this is useless",
        "바보야|쓸모없네",
        "ばか|役に立たない|使えないな",
    ),
    Intent.HELP: ("帮助 怎么用？ 使用说明", "help|Help!|how does this work?", "도움말", "使い方"),
    Intent.PRESS: (
        "催办 催一下 我要催办 怎么还没回复？ 为什么没人回复我 还没有答复吗 什么时候能回复 有进展了吗 请尽快答复",
        "any news?|Any update yet?|still no reply|why has nobody answered?|When will I get an answer?",
        "독촉합니다|왜 아직도 답변이 없나요?|답변은 언제 오나요?|빨리 답변해 주세요",
        "催促します|返事はまだですか？|まだ回答が来ません|早く返事してください",
    ),
    Intent.HUMAN: (
        "人工 转人工 我要找真人 找工作人员 你好，人工客服 人工服务！ 轉人工",
        "human|talk to a person|real person please",
        "상담원|상담원 연결|담당자",
        "オペレーター|担当者|人と話したいです",
    ),
}


def split(row: str) -> list[str]:
    if "|" in row or row.isascii():
        return row.split("|")
    return row.split(" ") if any("\u4e00" <= c <= "\u9fff" for c in row) else [row]


TABLE: Final = [
    (intent, phrase) for intent, rows in PHRASES.items() for row in rows for phrase in split(row)
]


def test_the_table_is_long_enough_to_mean_something() -> None:
    assert len(TABLE) >= 150


@pytest.mark.parametrize(("intent", "phrase"), TABLE)
def test_a_phrase_means_its_intent(intent: Intent, phrase: str) -> None:
    assert recognise(phrase) is intent


@pytest.mark.parametrize(
    "text",
    [
        "你好，失业金怎么领？",
        "谢谢，那生育津贴呢",
        "天气补贴有哪些",
        "高温天气津贴怎么发",
        "帮助残疾人的政策",
        "人工智能企业补贴",
        "早产儿医保",
        "笨重家电以旧换新",
        "hello, how do I claim a refund?",
        "谁能领失业金",
        "好的学校有补助吗",
        "机器人产业政策",
        "再见习期内有补贴吗",
        "안녕하세요, 실업급여는 얼마인가요?",
        "元気な高齢者への手当は？",
    ],
)
def test_words_within_a_question_mean_nothing(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize("question", GOLDEN)
def test_no_golden_question_is_taken_for_anything_else(question: str) -> None:
    assert recognise(question) is None
    assert not tells_of_danger(question)
    assert not tells_of_fraud(question)
    assert filing_of(question) is None


def test_of_the_golden_questions_only_stock_tips_are_out_of_scope() -> None:
    assert [q for q in GOLDEN if out_of_scope(q)] == ["帮我推荐一只能涨的股票"]


DANGERS: Final = (
    "救命！",
    "救命啊我被锁在里面了",
    "我不想活了",
    "低保停了三个月，我真的活不下去了",
    "我想自杀",
    "社保局不给我办，我现在就想跳楼",
    "家里着火了",
    "我家厨房着火了快来人",
    "有人要跳楼",
    "我爸晕倒了叫不醒",
    "我爸刚才在办事大厅排队的时候突然晕倒了，叫不醒。工作人员还让我们继续排号，请问这边有没有人能帮帮忙，他今年七十多岁了，有高血压",
    "他快不行了",
    "煤气泄漏了",
    "我老公正在打我",
    "有人拿着刀在大厅里",
    "孩子掉河里了",
    "媽媽吃了很多安眠藥",
    "My house is on fire",
    "I want to kill myself",
    "he is not breathing",
    "There is a gas leak in my building",
    "살려주세요",
    "죽고 싶어요",
    "집에 불이 났어요",
    "아버지가 쓰러졌어요",
    "助けて！",
    "死にたいです",
    "火事です",
    "父が倒れました",
)
CASES: Final = (
    "自杀干预补贴政策",
    "火灾 救助 补贴",
    "家里着火了没地方住，政府多久能给救助？",
    "去年家里着火了，能申请临时救助吗",
    "如果着火了怎么办",
    "单位有人自杀算工伤吗",
    "上班路上晕倒了算不算工伤",
    "煤气泄漏事故的赔偿标准",
    "煤气中毒住院医保报销吗",
    "自杀预防热线的经费从哪里来",
    "被打伤了工伤保险赔吗",
    "要是我想自杀你会怎么办",
    "消防救援人员优待政策",
    "着火的房屋补偿",
    "溺水了以后急救费用能报销吗",
    "suicide prevention subsidy",
    "fire insurance allowance",
    "자살 예방 보조금",
    "火事の補助金はありますか",
)


@pytest.mark.parametrize("text", DANGERS)
def test_a_danger_is_heard_however_long_the_message_is(text: str) -> None:
    assert tells_of_danger(text)


@pytest.mark.parametrize("text", CASES)
def test_a_rule_about_a_danger_is_no_danger(text: str) -> None:
    assert not tells_of_danger(text)


def test_a_danger_beside_a_question_leaves_the_question_to_be_answered() -> None:
    both = "我爸晕倒了叫不醒！异地医保能报销吗？"
    assert tells_of_danger(both)
    assert asks_for_a_rule(both)
    assert recognise(both) is None
    assert recognise("我爸晕倒了叫不醒！") is Intent.EMERGENCY


FRAUDS: Final = (
    "有人说是社保局的，让我把钱转到安全账户",
    "接到电话说医保卡异常，要我提供验证码",
    "他叫我先交手续费才能领补贴",
    "有个自称公积金中心的人加我微信，要我的银行卡号",
    "收到短信说我的社保账户被冻结，让点击链接，是真的吗",
    "这是不是诈骗",
    "领补贴要先交认证费才能发是真的吗",
    "他讓我把錢轉到安全帳戶",
    "Someone asked me for a verification code for my subsidy",
    "He told me to transfer money to a safe account",
    "is this a scam",
    "사회보험공단이라면서 돈을 송금하라고 했어요",
    "보이스피싱인가요",
    "職員と名乗る人に送金してと言われた",
    "これは詐欺ですか",
)
NO_FRAUDS: Final = (
    "社保补贴怎么转账到个人账户",
    "养老保险账户转移到外地怎么办",
    "骗取补贴怎么处罚",
    "投标保证金要交吗",
    "失业金打到哪张银行卡",
    "手续费可以补贴吗",
    "反诈宣传经费标准",
    "社保卡密码忘了怎么办",
    "公积金账户被冻结怎么解封",
    "收不到验证码怎么登录",
    "can the subsidy be transferred to my bank account",
    "보조금은 어느 계좌로 이체되나요",
    "補助金はどの口座に振り込まれますか",
)


@pytest.mark.parametrize("text", FRAUDS)
def test_what_only_a_swindler_asks_for_is_warned_of(text: str) -> None:
    assert tells_of_fraud(text)


@pytest.mark.parametrize("text", NO_FRAUDS)
def test_money_in_a_policy_question_is_no_fraud(text: str) -> None:
    assert not tells_of_fraud(text)


COMPLAINT, SUGGESTION = TicketKind.COMPLAINT, TicketKind.SUGGESTION


@pytest.mark.parametrize(
    ("text", "filing"),
    [
        ("我要投诉", Filing(COMPLAINT, bare=True)),
        ("投诉！", Filing(COMPLAINT, bare=True)),
        ("我要投诉港东区窗口，跑了三趟都不给办", Filing(COMPLAINT, bare=False)),
        ("投诉：三号窗口态度恶劣", Filing(COMPLAINT, bare=False)),
        ("你好，我想举报一个公司骗补贴", Filing(COMPLAINT, bare=False)),
        ("我要投訴你們的工作人員", Filing(COMPLAINT, bare=False)),
        ("I want to complain", Filing(COMPLAINT, bare=True)),
        ("I would like to file a complaint about window 3", Filing(COMPLAINT, bare=False)),
        ("불만을 제기합니다", Filing(COMPLAINT, bare=True)),
        ("苦情があります", Filing(COMPLAINT, bare=True)),
        ("我有个建议", Filing(SUGGESTION, bare=True)),
        ("建议你们周末也开放大厅", Filing(SUGGESTION, bare=False)),
        ("我想提个建议：表格太多了，能合并就好", Filing(SUGGESTION, bare=False)),
        ("I have a suggestion", Filing(SUGGESTION, bare=True)),
        ("제안이 있습니다", Filing(SUGGESTION, bare=True)),
        ("提案があります", Filing(SUGGESTION, bare=True)),
        ("怎么投诉公司不交社保？", None),
        ("我要投诉公司不交社保，去哪里投诉", None),
        ("投诉举报骗取补贴有奖励吗", None),
        ("投诉电话是多少", None),
        ("投诉受理期限是几天", None),
        ("我可以投诉吗", None),
        ("建议怎么提", None),
        ("where can I complain", None),
        ("어디에 불만을 제기하나요", None),
        ("苦情はどこに言えばいいですか", None),
        ("公司说要投诉我", None),
        ("我要投诉三号窗口的人，为什么这么凶", Filing(COMPLAINT, bare=False)),
        ("我要投诉你们，办个证这么慢", Filing(COMPLAINT, bare=False)),
        ("我要投诉他们可以吗？", None),
    ],
)
def test_what_is_put_before_the_bureau(text: str, filing: Filing | None) -> None:
    assert filing_of(text) == filing


@pytest.mark.parametrize(
    "text", ["是", "好的", "是的。", "确认", "转交", "yes", "OK", "네", "はい"]
)
def test_a_yes_confirms(text: str) -> None:
    assert confirms(text)


@pytest.mark.parametrize("text", ["不", "不是", "失业金怎么领", "是不是能领", "no", "好的学校"])
def test_nothing_else_confirms(text: str) -> None:
    assert not confirms(text)


@pytest.mark.parametrize(
    "text",
    [
        "红烧肉怎么做",
        "怎么做红烧排骨",
        "帮我写一段python代码",
        "把这句话翻译成英文",
        "谁会当选总统",
        "头疼吃什么药",
        "我打官司能赢吗",
        "双色球今晚开什么",
        "推荐好看的电影",
        "帮我写一首诗",
        "幫我翻譯這段話",
        "give me a recipe for noodles",
        "write a poem about spring",
        "translate this sentence",
        "who will win the elections",
        "레시피 알려줘",
        "번역해 주세요",
        "レシピを教えて",
        "おすすめの映画は",
    ],
)
def test_what_no_such_bureau_answers(text: str) -> None:
    assert out_of_scope(text)


@pytest.mark.parametrize(
    "text",
    [
        "养狗要办什么证？",
        "违章停车罚多少钱",
        "感冒看病医保报销多少",
        "编程培训有补贴吗",
        "离婚后公积金怎么分",
        "翻译费用可以报销吗",
        "开餐馆做菜要什么证",
        "工伤打官司期间有待遇吗",
        "小吃店创业补贴",
        "股票收益要交税吗",
        "is there a subsidy for a bakery that cooks",
    ],
)
def test_what_may_be_ours_stays_ours(text: str) -> None:
    assert not out_of_scope(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("转人工 我的材料交了两个月还没有回音", "我的材料交了两个月还没有回音"),
        ("人工，养狗要办什么证", "养狗要办什么证"),
        ("我要找人工客服：公积金提取被拒了", "公积金提取被拒了"),
        ("轉人工 夜市擺攤要不要交費？", "夜市擺攤要不要交費？"),
        ("请转人工。\n孩子上学的事", "孩子上学的事"),
        ("talk to a human: my card was refused", "my card was refused"),
        ("I want to talk to a person about pets", None),
        ("상담원 연결, 카드가 거절되었습니다", "카드가 거절되었습니다"),
        ("担当者。カードが使えません", "カードが使えません"),
        ("人工 智能 企业 有没有补贴", None),
        ("human resources subsidy", None),
        ("有人，冒领失业金怎么举报", None),
        ("技能补贴，人工审核要多久", None),
        ("人工费怎么算", None),
        ("转人工", None),
        ("转人工！！", None),
    ],
)
def test_who_asks_for_a_person_and_says_why_in_one_breath(text: str, rest: str | None) -> None:
    assert for_a_person(text) == rest


def test_no_golden_question_is_for_a_person() -> None:
    assert [question for question in GOLDEN if for_a_person(question) is not None] == []
