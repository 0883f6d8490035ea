"""The main job through both channels: a cited answer, or staff and back."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.world import World, world

ANSWERED = "技能补贴一年最多能领几回？"
UNANSWERABLE = "养狗要办什么证？"


async def test_telegram_answers_word_for_word_with_its_source(bot: World) -> None:
    wang = bot.citizen()
    wang.send("自己主动辞职能领失业金吗？")
    heard = await wang.hears()
    library = Path(__file__).parents[2] / "knowledge" / "sample"
    quoted = [
        heard.text.encode("utf-16-le")[2 * start : 2 * (start + length)].decode("utf-16-le")
        for kind, start, length, _ in heard.entities
        if kind in {"blockquote", "expandable_blockquote"}
    ]
    assert quoted
    originals = "".join(
        path.read_text(encoding="utf-8") for path in sorted(library.glob("*/*.md"))
    )
    for quote in quoted:
        for line in quote.split("\n"):
            assert line.strip() in originals
    assert "失业保险金申领发放办法" in heard.text
    assert "现行有效" in heard.text
    assert "https://rsj.langang.example/" in heard.text
    assert heard.buttons[0] == ("查看原文", "转人工")


async def test_an_unanswerable_question_goes_to_staff_and_comes_back(bot: World) -> None:
    wang = bot.citizen()
    agent = bot.agent(7, "李敏")
    wang.send(UNANSWERABLE)
    told = await wang.hears()
    assert "编号 1" in told.text
    card = await agent.hears()
    assert UNANSWERABLE in card.text
    assert card.buttons[0] == ("认领", "关闭")

    agent.press(card, "认领")
    claimed = await agent.hears()
    assert claimed.edited
    assert "李敏" in claimed.text
    assert claimed.id == card.id

    assert "人工处理" in (await wang.hears()).text
    agent.send("请向所在区公安分局办理犬只登记。", reply_to=card.id)
    reply = await wang.hears()
    assert "请向所在区公安分局办理犬只登记。" in reply.text
    assert "编号 1" in reply.text


async def test_one_member_of_staff_at_a_time_holds_a_ticket(bot: World) -> None:
    wang, first, second = bot.citizen(), bot.agent(7, "李敏"), bot.agent(8, "陈刚")
    wang.send(UNANSWERABLE)
    await wang.hears()
    card = await first.hears()
    first.press(card, "认领")
    await first.hears()
    second.send("我来答。", reply_to=card.id)
    second._read = first._read  # noqa: SLF001 - both read the same group
    refused = await second.hears()
    assert "李敏" in refused.text
    assert ["人工处理" in heard.text for heard in wang.unread()] == [True]


async def test_the_web_page_answers_and_brings_the_reply_of_staff(bot: World) -> None:
    agent = bot.agent(7, "李敏")
    async with bot.browser() as citizen:
        await citizen.send(ANSWERED)
        answer = await citizen.hears()
        quotes = [span["text"] for span in answer["body"] if span["style"] in {"quote", "mark"}]
        assert any("每年最多" in quote or "同一年度" in quote or "次" in quote for quote in quotes)
        await citizen.press(answer, "转人工")
        assert "编号 1" in await citizen.hears_text()
        card = await agent.hears()
        assert ANSWERED in card.text
        agent.send("每人每年最多三次。", reply_to=card.id)
        assert "每人每年最多三次。" in await citizen.hears_text()


async def test_the_terminal_serves_staff_without_telegram(releases: Path, tmp_path: Path) -> None:
    from bot.desk.services import Services  # noqa: PLC0415
    from bot.desk.terminal import Clerk  # noqa: PLC0415
    from bot.desk.tickets import Agent  # noqa: PLC0415

    said: list[str] = []
    async with world(releases, tmp_path, staff=False) as bot, bot.browser() as citizen:
        await citizen.send(UNANSWERABLE)
        await citizen.hears_text()
        services = Services(store=bot.store, desk=bot.app.desk)
        clerk = Clerk(services, Agent("terminal:li", "李敏"), said.append)
        assert await clerk.do(["list"])
        assert await clerk.do(["claim", "1"])
        assert "人工处理" in await citizen.hears_text()
        assert await clerk.do(["reply", "请向公安分局办理。"])
        assert "请向公安分局办理。" in await citizen.hears_text()
        other = Clerk(services, Agent("terminal:chen", "陈刚"), said.append)
        assert not await other.do(["reply", "1", "我也来答"])
    assert UNANSWERABLE in said[0]
    assert "李敏" in said[-1]


async def test_the_word_for_a_person_always_reaches_one(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send("人工")
    await wang.hears()
    wang.send("我的材料交了两个月还没有回音")
    assert "编号 1" in (await wang.hears()).text
    assert "我的材料交了两个月还没有回音" in (await agent.hears()).text


async def test_the_word_for_a_person_hands_over_the_last_question(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(ANSWERED)
    await wang.hears()
    wang.send("转人工")
    assert "编号 1" in (await wang.hears()).text
    assert ANSWERED in (await agent.hears()).text


async def test_a_reply_to_staff_goes_on_in_the_same_ticket(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(UNANSWERABLE)
    await wang.hears()
    card = await agent.hears()
    agent.send("请问是哪个区？", reply_to=card.id)
    reply = await wang.hears()
    wang.send("港东区", reply_to=reply.id)
    assert "编号 1" in (await wang.hears()).text
    texts = [(await agent.hears()).text for _ in range(4)]
    assert any("港东区" in text for text in texts)


async def test_personal_data_never_reaches_the_group_or_the_store(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send("人工")
    await wang.hears()
    wang.send("身份证110101199003078515，电话13800138000，请查我的退费")
    await wang.hears()
    card = (await agent.hears()).text
    assert "110101199003078515" not in card
    assert "13800138000" not in card
    assert "请查我的退费" in card


async def test_asking_for_a_person_twice_is_one_ticket(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(ANSWERED)
    answer = await wang.hears()
    for _ in range(2):
        wang.press(answer, "转人工")
        assert "编号 1" in (await wang.hears()).text
    wang.send("人工")
    assert "编号 1" in (await wang.hears()).text
    assert ANSWERED in (await agent.hears()).text
    assert agent.unread() == []


async def test_asking_again_after_a_reply_brings_the_ticket_back(bot: World) -> None:
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(UNANSWERABLE)
    await wang.hears()
    card = await agent.hears()
    agent.send("请咨询公安部门。", reply_to=card.id)
    await wang.hears()
    wang.send("人工")
    assert "编号 1" in (await wang.hears()).text
    [ticket] = await bot.app.desk.waiting()
    assert ticket.id == 1


async def test_a_button_of_another_conversation_hands_over_nothing(bot: World) -> None:
    wang, chen = bot.citizen(), bot.citizen(1002, name="陈刚")
    wang.send(ANSWERED)
    await wang.hears()
    chen.send("你好")
    hello = await chen.hears()
    chen.press_action(hello.id, "human:1")  # the ledger id of Wang's question
    assert "编号" not in (await chen.hears()).text
    assert await bot.app.desk.waiting() == []
