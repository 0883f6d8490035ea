from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.readers.decode import decode

TEXT = "第一条　为了规范补贴的发放，制定本办法。\n第二条　本办法自发布之日起施行。\n"
HANT = "第一條　為了規範補貼的發放，制定本辦法。\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"],
)
def test_encodings_without_a_declaration(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_marks_of_utf_16(mark: bytes) -> None:
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert decode(mark + TEXT.encode(encoding)) == TEXT


def test_utf_16_without_its_mark_in_western_and_rare_characters() -> None:
    assert decode("Date,Bid\r\n07/19,1.08\r\n".encode("utf-16-le")) == "Date,Bid\n07/19,1.08\n"
    assert decode("name: 𝐀, 𠮷\n".encode("utf-16-be")) == "name: 𝐀, 𠮷\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"a\r\nb\rc\n", "a\nb\nc\n"), (b"", ""), (b"\r", "\n"), (b"\xef\xbb\xbf", "")],
)
def test_line_ends(data: bytes, expected: str) -> None:
    assert decode(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"abc\0def",
        b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0",
        b"\xef\xbb\xbfabc\0",
        b"PK\x03\x04\x14\0\0\0\x08\0",
    ],
)
def test_nul_bytes(data: bytes) -> None:
    with pytest.raises(ValueError, match="it holds NUL bytes, so it is not text"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\xff",
        b"\xff\xfe\x00\xd8",
        b"\x81\x00" * 5 + b"\xff",
        b"\xef\xbb\xbf\xff\xfe\xfa",
    ],
)
def test_an_unknown_encoding(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"its encoding is not known|NUL bytes"):
        decode(data)


def test_a_few_bad_bytes_do_not_change_the_encoding() -> None:
    whole = TEXT * 5
    data = whole.encode()
    assert decode(data[:-2]) == whole[:-2] + "\ufffd"
    assert decode(data[:9] + b"\xff" + data[9:]) == "第一条\ufffd" + whole[3:]
    gb = whole.encode("gb18030")
    assert decode(gb[:-3] + b"\xa1", declares=True) == whole[:-2] + "\ufffd"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312">', "gb18030"),
        ("<META http-equiv=Content-Type content='text/html; charset=GBK'>", "gb18030"),
        ('<?xml version="1.0" encoding="gb2312"?>', "gb18030"),
        ('<meta charset="shift_jis">', "shift_jis"),
        ("<meta charset = euc-kr>", "euc-kr"),
    ],
)
def test_what_the_page_declares(head: str, encoding: str) -> None:
    body = "<p>주민등록</p>" if encoding == "euc-kr" else "<p>申請手順</p>"
    assert decode((head + body).encode(encoding), declares=True) == head + body


def test_big5_declared() -> None:
    assert decode(('<meta charset="big5">' + HANT).encode("big5"), declares=True).endswith(HANT)


def test_text_does_not_declare() -> None:
    text = "这里说的 charset=big5 只是一个例子，并不是声明。" * 3
    assert decode(text.encode("gb18030")) == text


@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode("utf-8-sig")) == text


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, declares: bool) -> None:  # noqa: FBT001
    try:
        text = decode(data, declares=declares)
    except ValueError as error:
        text = str(error)
    assert "\0" not in text
    assert "\r" not in text
