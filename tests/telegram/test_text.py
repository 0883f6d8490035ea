from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_text import is_web_address, render, split
from bot.types import RichText, Span, Style


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def texts(parts: tuple[RichText, ...]) -> list[str]:
    return ["".join(span.text for span in part) for part in parts]


def marks(part: RichText) -> list[tuple[str, int, int, str | None]]:
    return [(entity.type, entity.offset, entity.length, entity.url) for entity in render(part)[1]]


def test_offsets_count_emoji_and_rare_characters_twice() -> None:
    body = (
        Span("👍🏽 "),
        Span("𠮷野家", Style.BOLD),  # 𠮷 is in CJK extension B
        Span("："),
        Span("第十四条 🇨🇳", Style.QUOTE),
        Span("\n"),
        Span("斜", Style.ITALIC),
        Span("原文", Style.LINK, "https://www.gov.cn/1"),
    )
    text, _ = render(body)
    assert text == "👍🏽 𠮷野家：第十四条 🇨🇳\n斜原文"
    assert marks(body) == [
        ("bold", 5, 4, None),
        ("blockquote", 10, 9, None),
        ("italic", 20, 1, None),
        ("text_link", 21, 2, "https://www.gov.cn/1"),
    ]
    encoded = text.encode("utf-16-le")
    assert [encoded[2 * o : 2 * (o + n)].decode("utf-16-le") for _, o, n, _ in marks(body)] == [
        "𠮷野家",
        "第十四条 🇨🇳",
        "斜",
        "原文",
    ]


def test_a_long_quotation_is_folded() -> None:
    assert marks((Span("文" * 600, Style.QUOTE),)) == [("blockquote", 0, 600, None)]
    assert marks((Span("文" * 601, Style.QUOTE),)) == [("expandable_blockquote", 0, 601, None)]


def test_what_marks_nothing_has_no_entity() -> None:
    body = (Span("", Style.BOLD), Span("a"), Span("b", Style.LINK, "file:///etc/passwd"))
    assert render(body) == ("ab", ())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.gov.cn/a?b=1", True),
        ("http://a.cn", True),
        ("ftp://a.cn", False),
        ("javascript:alert(1)", False),
        ("www.gov.cn", False),
        ("https://", False),
        ("http://[::1", False),
        ("", False),
    ],
)
def test_web_addresses(url: str, expected: bool) -> None:  # noqa: FBT001
    assert is_web_address(url) is expected


def test_a_mention_is_a_link_to_a_person() -> None:
    def linked(href: str) -> list[str | None]:
        _, entities = render((Span("王芳", Style.LINK, href),))
        return [entity.url for entity in entities]

    assert linked("tg://user?id=4711") == ["tg://user?id=4711"]
    assert linked("tg://user?id=") == []
    assert linked("tg://resolve?domain=elsewhere") == []


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("短", 10, ["短"]),
        ("", 10, []),
        # a paragraph before a sentence, even if the sentence ends later
        ("第一段。\n\n第二。第三", 10, ["第一段。\n\n", "第二。第三"]),
        # but no heading alone
        ("题\n\n一二三四。五六七八。九十", 12, ["题\n\n一二三四。", "五六七八。九十"]),
        ("一二。三四！五六", 7, ["一二。三四！", "五六"]),
        ("他说：“好。”她也说好。", 8, ["他说：“好。”", "她也说好。"]),
        ("One. Two! Three", 11, ["One. Two! ", "Three"]),
        ("见 3.14 与 gov.cn，一", 12, ["见 3.14 与 ", "gov.cn，一"]),
        ("一行\n二行\n三行", 7, ["一行\n二行\n", "三行"]),
        ("one two three", 9, ["one two ", "three"]),
        ("甲乙丙丁戊", 2, ["甲乙", "丙丁", "戊"]),
        # a surrogate pair
        ("a𠮷𠮷", 4, ["a𠮷", "𠮷"]),
        # a family, a skin tone, a flag, a keycap, an accent, a selector after a sentence's end
        ("ab👨‍👩‍👧", 8, ["ab", "👨‍👩‍👧"]),
        ("ab👍🏽c", 5, ["ab", "👍🏽c"]),
        ("🇨🇳🇭🇰", 6, ["🇨🇳", "🇭🇰"]),
        ("abc1\ufe0f\u20e3", 5, ["abc", "1\ufe0f\u20e3"]),
        ("abe\u0301", 3, ["ab", "e\u0301"]),
        ("ab！\ufe0fc", 3, ["ab", "！\ufe0fc"]),
        ("ab\r\nc", 3, ["ab", "\r\nc"]),
    ],
)
def test_cuts(text: str, limit: int, expected: list[str]) -> None:
    assert texts(split((Span(text),), limit)) == expected


def test_one_character_longer_than_a_message_is_cut_nevertheless() -> None:
    assert texts(split((Span("e" + "\u0301" * 5),), 4)) == ["e" + "\u0301" * 3, "\u0301" * 2]


def test_styles_go_on_in_the_next_part() -> None:
    body = (
        Span("一二。", Style.BOLD),
        Span("三四。五六。", Style.QUOTE),
        Span("原文", Style.LINK, "https://a.cn"),
    )
    assert split(body, 6) == (
        (Span("一二。", Style.BOLD), Span("三四。", Style.QUOTE)),
        (Span("五六。", Style.QUOTE), Span("原文", Style.LINK, "https://a.cn")),
    )


def test_four_thousand_and_ninety_six_units_are_one_message() -> None:
    assert [len(part) for part in texts(split((Span("文" * 4096),)))] == [4096]
    assert [len(part) for part in texts(split((Span("文" * 4097),)))] == [4096, 1]
    assert [len(part) for part in texts(split((Span("𠮷" * 2049),)))] == [2048, 1]


styles = st.sampled_from([Style.PLAIN, Style.BOLD, Style.ITALIC, Style.QUOTE, Style.MARK])
pieces = st.text(
    st.sampled_from("文字。！？.\n\r a👍🏽🇨🇳\u200d\ufe0f\u0301𠮷é") | st.characters(codec="utf-8")
)
bodies = st.lists(st.builds(Span, pieces, styles), max_size=8).map(tuple)


@given(bodies, st.integers(2, 40))
def test_no_character_is_lost_and_no_part_is_too_long(body: RichText, limit: int) -> None:
    parts = split(body, limit)
    styled = [(char, span.style) for span in body for char in span.text]
    assert [(char, span.style) for part in parts for span in part for char in span.text] == styled
    assert [part for part in texts(parts) if not 0 < units(part) <= limit] == []


@given(bodies)
def test_no_long_message_is_too_long(body: RichText) -> None:
    long = body * 200
    parts = split(long)
    assert "".join(texts(parts)) == "".join(span.text for span in long)
    assert [part for part in texts(parts) if units(part) > 4096] == []


@given(bodies)
def test_every_entity_covers_its_span(body: RichText) -> None:
    text, entities = render(body)
    encoded = text.encode("utf-16-le")
    covered = [
        (
            entity.type,
            encoded[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le"),
        )
        for entity in entities
    ]
    expected: list[tuple[str, str]] = []
    for quoted, group in groupby(body, key=lambda span: span.style in {Style.QUOTE, Style.MARK}):
        spans = [span for span in group if span.text]
        if quoted and spans:
            whole = "".join(span.text for span in spans)
            expected.append(("expandable_blockquote" if len(whole) > 600 else "blockquote", whole))
        expected += [(INSIDE[span.style], span.text) for span in spans if span.style in INSIDE]
    assert covered == expected


INSIDE = {Style.BOLD: "bold", Style.ITALIC: "italic", Style.MARK: "bold"}


def test_what_answers_is_bold_within_one_quotation() -> None:
    body = (
        Span("第七条　按月发放。", Style.QUOTE),
        Span("每人每月900元。", Style.MARK),
        Span("由中心支付。", Style.QUOTE),
        Span("\n澜港市港务局"),
    )
    assert marks(body) == [("blockquote", 0, 24, None), ("bold", 9, 9, None)]


sentences = st.lists(st.text("港务泊位租金。", min_size=1, max_size=12), max_size=6).map(
    lambda texts: Span("".join(f"{text}。" for text in texts))
)
titles = st.builds(
    Span,
    st.text("《办法》第。 ", min_size=1, max_size=15),
    st.sampled_from([Style.BOLD, Style.LINK, Style.MARK, Style.ITALIC]),
)


@given(st.lists(st.tuples(sentences, titles), max_size=6), st.integers(30, 60))
def test_a_cut_goes_around_a_title_a_link_and_a_mark(
    pairs: list[tuple[Span, Span]], limit: int
) -> None:
    body = tuple(
        span for text, title in pairs for span in (Span(f"{text.text}港。"), title, Span("港。"))
    )
    whole = [span for part in split(body, limit) for span in part if span.style != Style.PLAIN]
    assert whole == [title for _, title in pairs]
