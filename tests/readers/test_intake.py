"""Whole folders: every format, every kind of damage, and a library in the end."""

from __future__ import annotations

import asyncio
import time
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from knowledge.intake import url_id
from knowledge.library import Library, read_library
from knowledge.types import Disclosure, Document, Kind, Lang
from tests.readers.site import running
from tests.readers.test_pdf import Paper, policy
from tests.readers.word import p, rewritten, word

MEND = "; mend the file and build again"
CSV = "标题,内容,文号\n补贴办法,第一条　为了规范。,某府〔2025〕1号\n入学通知,请按时报名。,\n"


def read(*sources: Path) -> Library:
    return read_library(sources, disclosure=Disclosure.OPEN)


def ids(library: Library) -> list[str]:
    return [one.id for one in library.documents]


def by_id(library: Library) -> dict[str, Document]:
    return {one.id: one for one in library.documents}


def reasons(library: Library, folder: Path) -> dict[str, str]:
    return {one.path.removeprefix(f"{folder}/"): one.reason for one in library.skipped}


def book() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "表"
    for row in (["标题", "内容"], ["问答一", "答复一。"]):
        sheet.append(row)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return stream.getvalue()


def every_format(folder: Path) -> None:
    (folder / "a.docx").write_bytes(word(p("某市补贴办法"), p("第一条 甲。")))
    (folder / "b.pdf").write_bytes(policy(Paper()))
    (folder / "c.csv").write_text(CSV, encoding="utf-8")
    (folder / "d.xlsx").write_bytes(book())
    inner = {
        "政策/e.docx": word(p("第一条 乙。")),
        "f.csv": CSV.encode("gb18030"),
        "g.md": b"# h\n",
    }
    (folder / "z.zip").write_bytes(zipped(inner))


def test_every_format(tmp_path: Path) -> None:
    every_format(tmp_path)
    library = read(tmp_path)
    assert ids(library) == [
        *("a", "b", "c/6b5c75199c45", "c/某府〔2025〕1号-cef2c3", "d/68c0707c2a63"),
        *("z/f/6b5c75199c45", "z/f/某府〔2025〕1号-cef2c3", "z/g", "z/政策/e"),
    ]
    assert library.skipped == ()
    found = by_id(library)
    assert found["c/某府〔2025〕1号-cef2c3"].number == "某府〔2025〕1号"
    assert found["z/政策/e"].source == "z.zip/政策/e.docx"
    assert found["b"].title == "住房租赁补贴办法"


def test_the_place_of_the_folder_and_the_order_of_its_files_tell_nothing(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        every_format(tmp_path / name)
    rows = CSV.splitlines()
    swapped = "\n".join([rows[0], rows[2], rows[1]])
    (tmp_path / "two" / "c.csv").write_text(swapped, encoding="utf-8")
    assert read(tmp_path / "one").documents == read(tmp_path / "two").documents


def bad_input(folder: Path) -> None:
    dtd = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document'
    good = word(p("甲。"))
    (folder / "entities.docx").write_bytes(
        rewritten(good, "word/document.xml", b"<w:document", dtd)
    )
    (folder / "cut.docx").write_bytes(good[: len(good) // 2])
    (folder / "cut.xlsx").write_bytes(book()[:2000])
    (folder / "cut.pdf").write_bytes(policy(Paper())[:300])
    (folder / "cut.zip").write_bytes(zipped({"a.md": b"x"})[:30])
    (folder / "locked.pdf").write_bytes(policy(Paper(password="secret")))
    (folder / "bomb.zip").write_bytes(zipped({"a.txt": b"0" * 20_000_000}))
    (folder / "way.zip").write_bytes(zipped({"../../out.md": b"x", "in.md": "内。".encode()}))
    (folder / "nul.csv").write_bytes(b"\0" * 100)
    (folder / "nul.txt").write_bytes(b"plain text\0 and more of it\n" * 100)
    (folder / "old.doc").write_bytes(b"x")
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(200_000_000)
    (folder / "tags.html").write_text("<div>" * 1_000_000 + "正文在此。第二句。", encoding="utf-8")


def test_bad_input_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    bad_input(tmp_path)
    every_format(tmp_path)
    (tmp_path / "out.md").symlink_to("/etc/passwd")
    started = time.monotonic()
    library = read(tmp_path)
    assert time.monotonic() - started < 20
    assert len(library.documents) == 11  # those of every format, tags and way/in
    found = reasons(library, tmp_path)
    pdf = found.pop("cut.pdf")
    assert pdf.startswith("it ")
    assert found == {
        "entities.docx": f"its part 'word/document.xml' declares entities (a DTD){MEND}",
        "cut.docx": f"it is damaged or cut off (File is not a zip file){MEND}",
        "cut.xlsx": f"it is damaged or cut off (File is not a zip file){MEND}",
        "cut.zip": f"it is damaged or cut off (File is not a zip file){MEND}",
        "locked.pdf": f"it is protected by a password{MEND}",
        "bomb.zip": (f"'a.txt' unpacks to more than 200 times its size, as a zip bomb does{MEND}"),
        "way.zip/../../out.md": "its name leads out of the archive",
        "nul.csv": f"no column holds a text: the table is empty{MEND}",
        "nul.txt": f"it holds NUL bytes, so it is not text{MEND}",
        "out.md": "a link out of the folder is not followed; copy what belongs here",
        "old.doc": "no reader for .doc; use .docx: save it in that format",
        "huge.txt": "larger than 50000000 bytes; split it by policy",
    }


def test_the_settings_of_a_folder(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "source.toml").write_text(
        'disclosure = "open"\nissuer = "某市某局"\ntopics = ["民生"]\nlanguage = "zh-Hans"\n',
        encoding="utf-8",
    )
    (inner / "source.toml").write_text(
        'kind = "answer"\n[tables."*.csv"]\ntitle = "事项"\ntext = "怎么办"\n', encoding="utf-8"
    )
    (tmp_path / "a.md").write_text("---\ntopics: [住房]\n---\n第一条　甲。\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("甲。\n\n某市教育局\n2025年1月1日\n", encoding="utf-8")
    (inner / "c.csv").write_text("事项,怎么办\n入学,请报名。\n", encoding="utf-8")
    library = read_library([tmp_path])
    a, b, c = library.documents
    assert (a.issuer, a.topics, a.language) == ("某市某局", ("住房", "民生"), Lang.ZH_HANS)
    assert (b.issuer, b.kind) == ("某市教育局", Kind.POLICY)
    assert (c.kind, c.issuer, c.title, c.text) == (Kind.ANSWER, "某市某局", "入学", "请报名。\n")
    assert (library.skipped, ids(read_library([inner]))) == ((), [])
    assert ids(read_library([tmp_path / "a.md"])) == ["a"]


def test_a_folder_that_says_it_is_not_open_stays_closed(tmp_path: Path) -> None:
    (tmp_path / "source.toml").write_text('disclosure = "withheld"\n')
    (tmp_path / "c.csv").write_text(CSV, encoding="utf-8")
    library = read(tmp_path)
    assert library.documents == ()
    assert reasons(library, tmp_path) == {
        "c.csv (2 documents)": (
            "its disclosure attribute is withheld; if it is public, say "
            "`disclosure: open` in its front matter or build with --disclosure open"
        )
    }


def test_a_mistake_in_the_settings_closes_the_folder_and_no_other(tmp_path: Path) -> None:
    for name in ("good", "bad"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "sub" / "a.md").write_text("甲。", encoding="utf-8")
    (tmp_path / "bad" / "source.toml").write_text('disclosure = "no"\n')
    library = read(tmp_path)
    assert ids(library) == ["good/sub/a"]
    assert reasons(library, tmp_path) == {
        "bad/source.toml": (
            "disclosure: 'no' is none of open, on_request, withheld; "
            "nothing in its folder is read until it is mended"
        )
    }


async def test_lists_of_addresses(tmp_path: Path) -> None:
    async with running() as site:
        site.html("/zc/1.html", "第一条，甲。第二句，在这里。")
        site.html("/zc/2.html", "乙，第一句。第二句，在这里。")
        (tmp_path / "source.toml").write_text(
            f'disclosure = "open"\nurls = ["{site.url}/zc/1.html"]\n'
            "[fetch]\nprivate = true\ndelay_s = 0\n"
        )
        (tmp_path / "more.urls").write_text(
            f"# 政策\n{site.url}/zc/2.html\n\n{site.url}/zc/3.html\n/etc/passwd\n",
            encoding="utf-8",
        )
        library = await asyncio.to_thread(read_library, [tmp_path])
        host = site.url.removeprefix("http://")
        again = await asyncio.to_thread(read_library, [tmp_path])
    assert ids(library) == [f"{host}/zc/1", f"more/{host}/zc/2"]
    assert library.documents[0].source == f"{site.url}/zc/1.html"
    assert reasons(library, tmp_path) == {
        "more.urls:5": "'/etc/passwd' is no address that begins with http:// or https://",
        f"{site.url}/zc/3.html": "the site answers 404",
    }
    assert again == library


def test_a_page_of_the_inner_network_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.urls").write_text("http://127.0.0.1:9/secret\n")
    (told,) = read(tmp_path).skipped
    assert told.path == "http://127.0.0.1:9/secret"
    assert told.reason.startswith("127.0.0.1 is an address of the inner network")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://Gov.Example/a/b.html", "gov.example/a/b"),
        ("https://gov.example", "gov.example/index"),
        ("https://gov.example/%E6%94%BF%E7%AD%96.html", "gov.example/政策"),
        ("https://gov.example/a.jsp?id=1", "gov.example/a-d9fc91d4"),
    ],
)
def test_the_id_of_an_address(url: str, name: str) -> None:
    assert url_id(url) == name


def test_a_long_table_is_read_in_time(tmp_path: Path) -> None:
    rows = "".join(f"办法{n},第一条　这是第{n}行的正文。\n" for n in range(5000))
    (tmp_path / "a.csv").write_text("标题,内容\n" + rows, encoding="utf-8")
    started = time.monotonic()
    assert len(read(tmp_path).documents) == 5000
    assert time.monotonic() - started < 15
