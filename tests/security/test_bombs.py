"""Small files that unpack to gigabytes, or lead out of their archive, by every door."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from knowledge.intake import Item, Trouble, take
from knowledge.source import Source

MOST_MEMORY: Final = 150_000_000  # bytes; each of the bombs unpacks to twice that or more
LONGEST_S: Final = 10.0  # of the processor
LAUGHS: Final = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">&i;</w:document>'
)
OUTSIDE: Final = (
    LAUGHS.split("<!ENTITY")[0] + '<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'
)


def packed(**parts: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def zeros(size: int) -> bytes:
    """A deflated stream of so many zeros, made without keeping them."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)]
    return b"".join(parts) + packer.flush()


def pdf(stream: bytes, filters: str) -> bytes:
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream"
        % (len(stream), filters.encode(), stream),
    )
    out = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def flat() -> bytes:
    return packed(a_txt=bytes(300_000_000))


def nested() -> bytes:
    return packed(a_zip=packed(b_zip=packed(c_txt=bytes(100_000_000))), d_zip=flat())


def word_of_zeros() -> bytes:
    return packed(word__document_xml=bytes(300_000_000))


def workbook_of_zeros() -> bytes:
    return packed(xl__workbook_xml="<w/>", xl__worksheets__sheet1_xml=bytes(300_000_000))


def word_that_laughs() -> bytes:
    return packed(word__document_xml=LAUGHS)


def workbook_that_reads_files() -> bytes:
    return packed(xl__workbook_xml=OUTSIDE)


def pdf_once() -> bytes:
    return pdf(zeros(300_000_000), "/FlateDecode")


def pdf_twice() -> bytes:
    return pdf(zlib.compress(zeros(300_000_000), 9), "[/FlateDecode /FlateDecode]")


@pytest.mark.parametrize(
    ("make", "ending"),
    [
        (flat, "zip"),
        (nested, "zip"),
        (word_of_zeros, "docx"),
        (word_that_laughs, "docx"),
        (workbook_of_zeros, "xlsx"),
        (workbook_that_reads_files, "xlsx"),
        (pdf_once, "pdf"),
        (pdf_twice, "pdf"),
    ],
)
def test_a_bomb_is_named_and_not_unpacked(
    make: Callable[[], bytes], ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"policy.{ending}"
    path.write_bytes(make())
    begun = time.process_time()
    tracemalloc.start()
    found = list(take(path, "policy", Source()))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found
    assert all(isinstance(one, Trouble) for one in found)
    assert "root:" not in str(found)
    assert most < MOST_MEMORY
    assert time.process_time() - begun < LONGEST_S


def test_a_pdf_that_is_none_is_read(tmp_path: Path) -> None:
    """What the bombs above are refused for is not the form of the file."""
    path = tmp_path / "policy.pdf"
    path.write_bytes(pdf(zlib.compress(b" " * 900_000), "/FlateDecode"))
    [trouble] = take(path, "policy", Source())
    assert isinstance(trouble, Trouble)
    assert "none of its pages has a text layer" in trouble.reason


def test_names_in_an_archive_reach_nothing_outside(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in (
            "../up.txt",
            "/etc/cron.d/x.txt",
            "a/../../up.txt",
            "C:\\x.txt",
            "..\\up.txt",
        ):
            archive.writestr(name, "第一条 甲。")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("good\x1b[2J\n.txt", "第一条 乙。")
    path = tmp_path / "in" / "policies.zip"
    path.parent.mkdir()
    path.write_bytes(out.getvalue())
    before = sorted(tmp_path.rglob("*"))
    found = list(take(path, "policies", Source()))
    assert sorted(tmp_path.rglob("*")) == before
    assert [one.page.text.strip() for one in found if isinstance(one, Item)] == ["第一条 乙。"]
    reasons = [one.reason for one in found if isinstance(one, Trouble)]
    assert len(reasons) == 6
    assert "it is a link" in reasons
