from __future__ import annotations

import stat
import struct
import zipfile
from io import BytesIO

import pytest

from knowledge.archives import Member, members
from knowledge.readers.packed import Limits
from knowledge.readers.reading import Note


def packed(**files: bytes) -> bytes:
    return zipped({name.replace("__", "."): data for name, data in files.items()})


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return stream.getvalue()


def read(data: bytes, *, largest: int = 1000, limits: Limits = Limits()) -> list[Member | Note]:
    return list(members(BytesIO(data), largest=largest, limits=limits))


def test_files_by_name_without_litter() -> None:
    data = zipped(
        {
            "b.md": b"2",
            "a/c.txt": b"1",
            "__MACOSX/a/._c.txt": b"x",
            ".DS_Store": b"x",
            "a/Thumbs.db": b"x",
        }
    )
    assert read(data) == [Member("a/c.txt", b"1"), Member("b.md", b"2")]


def test_an_archive_in_an_archive_one_level_deep() -> None:
    deepest = packed(c__md=b"3")
    inner = zipped({"b.md": b"2", "deepest.zip": deepest})
    assert read(zipped({"a.md": b"1", "z/inner.zip": inner})) == [
        Member("a.md", b"1"),
        Member("z/inner.zip/b.md", b"2"),
        Note("z/inner.zip/deepest.zip", "an archive in an archive in an archive is not opened"),
    ]


def test_an_archive_in_an_archive_that_is_damaged() -> None:
    assert read(packed(a__zip=b"PK", b__md=b"2")) == [
        Note("a.zip", "it is damaged or cut off (File is not a zip file)"),
        Member("b.md", b"2"),
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_whose_encoding_the_archive_does_not_tell(encoding: str) -> None:
    name = "政策/补贴.md"
    written = name.encode(encoding)
    stand_in = "x" * len(written)
    data = zipped({stand_in: b"1"}).replace(stand_in.encode(), written)
    assert read(data) == [Member(name, b"1")]


@pytest.mark.parametrize("name", ["../a.md", "a/../../b.md", "/etc/a.md", "C:/a.md"])
def test_names_that_lead_out(name: str) -> None:
    assert read(zipped({name: b"1", "z.md": b"2"})) == [
        Note(name, "its name leads out of the archive"),
        Member("z.md", b"2"),
    ]


def test_names_of_windows() -> None:
    data = zipped({"a/b.md": b"1"}).replace(b"a/b.md", b"a\\b.md")
    assert read(data) == [Member("a/b.md", b"1")]
    data = zipped({"../b.md": b"1"}).replace(b"../b.md", b"..\\b.md")
    assert read(data) == [Note("../b.md", "its name leads out of the archive")]


def test_a_link() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        link = zipfile.ZipInfo("a.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(link, "/etc/passwd")
    assert read(stream.getvalue()) == [Note("a.md", "it is a link")]


def flagged(data: bytes) -> bytes:
    """Say that the first file is encrypted, in both places."""
    out = bytearray(data)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.index(mark) + at
        struct.pack_into("<H", out, place, 1)
    return bytes(out)


def test_a_password() -> None:
    assert read(flagged(packed(a__md=b"1"))) == [Note("a.md", "it is protected by a password")]


def test_a_file_that_is_too_large_or_damaged() -> None:
    stored = zipped({"a.md": b"12345678", "b.md": b"right"}, zipfile.ZIP_STORED)
    damaged = stored.replace(b"right", b"wrong", 1)
    assert read(damaged, largest=7) == [
        Note("a.md", "larger than 7 bytes"),
        Note("b.md", "it is damaged (Bad CRC-32 for file 'b.md')"),
    ]


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    bomb = packed(a__txt=b"0" * 3_000_000)
    for limits, reason in (
        (Limits(), "'a.txt' unpacks to more than 200 times its size, as a zip bomb does"),
        (Limits(unpacked=2_999_999), "it unpacks to 3000000 bytes, more than 2999999"),
        (Limits(entries=0), "it holds 1 files, more than 0"),
    ):
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is checked below
            read(bomb, limits=limits)
        assert str(caught.value) == reason


def test_archives_inside_share_the_limits() -> None:
    inner = packed(a__txt=b"0" * 900)
    data = zipped({f"{name}.zip": inner for name in "abc"}, zipfile.ZIP_STORED)
    found = read(data, limits=Limits(unpacked=3 * len(inner) + 2000))
    assert [one.name for one in found if isinstance(one, Member)] == ["a.zip/a.txt", "b.zip/a.txt"]
    assert [one for one in found if isinstance(one, Note)] == [
        Note("c.zip", "it unpacks to 900 bytes, more than 200")
    ]


def test_a_size_that_lies_does_not_unpack_further() -> None:
    data = bytearray(packed(a__txt=b"0" * 5000))
    for mark, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        struct.pack_into("<I", data, data.index(mark) + at, 10)
    assert read(bytes(data)) == [Note("a.txt", "it is damaged (Bad CRC-32 for file 'a.txt')")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"hello",
        # Named, for it holds the time of day: two processes must agree on the names of tests.
        pytest.param(packed(a__md=b"1")[:40], id="half of one"),
    ],
)
def test_what_is_no_archive(data: bytes) -> None:
    with pytest.raises(ValueError, match="it is damaged or cut off"):
        read(data)
