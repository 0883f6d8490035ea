from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

import pytest

from knowledge.library import LARGEST, Library, Mended, Skipped, Why, read_library
from knowledge.repair import Change, Damage
from knowledge.types import Disclosure

OPEN = "---\ndisclosure: open\n---\n"
NOT_OPEN = (
    "; if it is public, say `disclosure: open` in its front matter or build with --disclosure open"
)


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def ids(library: Library) -> list[str]:
    return [one.id for one in library.documents]


def test_a_missing_folder(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert read_library([gone]) == Library(
        documents=(),
        skipped=(
            Skipped(
                str(gone),
                "cannot be read (No such file or directory); check the path and its permissions",
            ),
        ),
    )


def test_no_source_at_all() -> None:
    assert read_library([]) == Library(documents=(), skipped=())


def test_an_empty_folder(tmp_path: Path) -> None:
    reason = "the folder holds no file; name one that does"
    assert read_library([tmp_path]).skipped == (Skipped(str(tmp_path), reason),)
    (tmp_path / "README.md").write_text("关于本文件夹。")
    (tmp_path / ".hidden.md").write_text(OPEN + "甲。")
    assert read_library([tmp_path]).skipped == (Skipped(str(tmp_path), reason),)


def test_a_source_that_is_no_file(tmp_path: Path) -> None:
    place = tmp_path / "s.md"
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(place))
        assert read_library([place]).skipped == (
            Skipped(
                str(place), "cannot be read (Not a directory); check the path and its permissions"
            ),
        )


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        a=OPEN + "第一条　甲。",
        broken="---\ntitle: x\nnumber: [1\n---\n正文",
        wrong="---\ndisclosure: open\nkind: law\npublished: soon\n---\n正文",
        empty="",
    )
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2")
    (tmp_path / "dangling.md").symlink_to(tmp_path / "gone.md")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "policy.doc").write_bytes(b"x")
    (tmp_path / "NOTICE").write_bytes(b"x")
    library = read_library([tmp_path])
    assert ids(library) == ["a"]
    mend = "mend the file and build again"
    found = {Path(one.path).name: one.reason for one in library.skipped}
    assert [*found] == [
        *("NOTICE", "binary.txt", "broken.md", "dangling.md", "empty.md", "policy.doc", "wrong.md")
    ]
    assert found["NOTICE"].startswith("no reader for files without an ending; use .")
    assert found["policy.doc"].startswith("no reader for .doc; use .")
    assert found["binary.txt"] == f"it holds NUL bytes, so it is not text; {mend}"
    assert found["broken.md"] == (
        f"line 4: front matter: expected ',' or ']', but got '<stream end>'; {mend}"
    )
    assert found["dangling.md"] == (
        "cannot be read (No such file or directory); check its permissions"
    )
    assert found["empty.md"] == f"there is no text; {mend}"
    assert found["wrong.md"] == (
        "published: 'soon' is no date such as 2025-07-08; "
        f"kind: 'law' is none of policy, interpretation, answer; {mend}"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, a=OPEN + "甲。", closed__b=OPEN + "乙。")
    (tmp_path / "closed").chmod(0)
    try:
        library = read_library([tmp_path])
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert ids(library) == ["a"]
    assert library.skipped == (
        Skipped(
            str(tmp_path / "closed"),
            "cannot be read (Permission denied); check the path and its permissions",
        ),
    )


def test_links_out_of_the_folder_and_in_rings_are_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", secret=OPEN + "密。")
    inside = write(tmp_path / "inside", a=OPEN + "甲。", sub__b=OPEN + "乙。")
    (inside / "secret.md").symlink_to(outside / "secret.md")
    (inside / "out").symlink_to(outside, target_is_directory=True)
    (inside / "sub" / "ring").symlink_to(inside, target_is_directory=True)
    (inside / "sub" / "again.md").symlink_to(inside / "a.md")  # stays inside: the same file
    library = read_library([inside])
    assert ids(library) == ["a", "sub/b"]
    reason = "a link out of the folder is not followed; copy what belongs here"
    assert set(library.skipped) == {
        Skipped(str(inside / name), reason) for name in ("secret.md", "out")
    }


def test_fields_of_other_programs_are_passed_over_and_named(tmp_path: Path) -> None:
    write(tmp_path, a="---\ndisclosure: open\nauthor: 甲\ntags: [x]\n---\n第一条　甲。")
    library = read_library([tmp_path])
    assert ids(library) == ["a"]
    assert library.skipped == (
        Skipped(str(tmp_path / "a.md"), "fields not read: author, tags", Why.PART),
    )


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path, sub__a=OPEN + "甲。")
    (tmp_path / ".store.md").write_text(OPEN + "乙。", encoding="utf-8")
    (tmp_path / "sub" / "b.md").symlink_to(tmp_path / ".store.md")
    assert ids(read_library([tmp_path])) == ["sub/a", "sub/b"]


@pytest.mark.parametrize("field", ["text", "title", "id", "topics"])
def test_half_a_character_is_named_and_the_rest_is_read(tmp_path: Path, field: str) -> None:
    good = {"id": "a", "title": "甲办法", "text": "第一条 一。"}
    rows = [good, {"id": "b", "title": "乙办法", "text": "第一条 二。", field: "乙\ud800"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="ascii")
    library = read_library([tmp_path], disclosure=Disclosure.OPEN)
    assert ids(library) == ["a"]
    assert [one.reason for one in library.skipped] == [
        "it holds half a character (U+D800 to U+DFFF); mend the file and build again"
    ]


def test_a_name_that_is_not_utf_8_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, a=OPEN + "甲。")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd5\xfe.md")).write_text(OPEN + "乙。")
    library = read_library([tmp_path])
    assert ids(library) == ["a"]
    assert library.skipped == (
        Skipped(rf"{tmp_path}/\udcd5\udcfe.md", "its name is not UTF-8; give it another"),
    )


def test_one_id_one_document(tmp_path: Path) -> None:
    write(tmp_path, a=f"{OPEN}甲。", b="---\ndisclosure: open\nid: a\n---\n乙。")
    library = read_library([tmp_path])
    assert [(one.id, one.text) for one in library.documents] == [("a", "甲。\n")]
    assert library.skipped == (
        Skipped(
            str(tmp_path / "b.md"), f"its id 'a' is that of {tmp_path / 'a.md'}; give it another"
        ),
    )


def test_the_same_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, a=OPEN + "甲。")
    library = read_library([tmp_path, tmp_path / "a.md", tmp_path / "." / "a.md"])
    assert (ids(library), library.skipped) == (["a"], ())


def test_only_open_documents_are_documents(tmp_path: Path) -> None:
    write(
        tmp_path,
        a="---\ndisclosure: open\n---\n甲。",
        b="---\ndisclosure: on_request\n---\n乙。",
        c="---\ndisclosure: withheld\n---\n丙。",
        d="丁。",
        e="戊。\n公开方式：主动公开",
        f="---\ntitle: x\n---\n己。\n公开方式：不予公开",
    )
    library = read_library([tmp_path])
    assert ids(library) == ["a", "e"]
    assert [(Path(one.path).name, one.reason) for one in library.skipped] == [
        ("b.md", "its disclosure attribute is on_request" + NOT_OPEN),
        ("c.md", "its disclosure attribute is withheld" + NOT_OPEN),
        ("d.md", "it has no disclosure attribute, so it is withheld" + NOT_OPEN),
        ("f.md", "its disclosure attribute is withheld" + NOT_OPEN),
    ]


@pytest.mark.parametrize(
    ("disclosure", "expected"),
    [
        (None, ["declared"]),
        (Disclosure.OPEN, ["declared", "silent"]),
        (Disclosure.ON_REQUEST, ["declared"]),
        (Disclosure.WITHHELD, ["declared"]),
    ],
)
def test_what_the_maintainer_says_counts_for_files_that_say_nothing(
    tmp_path: Path, disclosure: Disclosure | None, expected: list[str]
) -> None:
    write(
        tmp_path,
        declared=OPEN + "甲。",
        silent="乙。",
        stated="丙。\n公开方式：依申请公开",
        withheld="---\ndisclosure: withheld\n---\n丁。",
    )
    assert ids(read_library([tmp_path], disclosure=disclosure)) == expected


def test_ids_and_order_are_the_same_on_every_machine(tmp_path: Path) -> None:
    names = ["b", "a", "子__丙", "子__甲", "a.b", "Z"]
    first = write(tmp_path / "first", **dict.fromkeys(names, OPEN + "甲。"))
    second = write(tmp_path / "other", **dict.fromkeys(reversed(names), OPEN + "甲。"))
    assert ids(read_library([first])) == ["Z", "a", "a.b", "b", "子/丙", "子/甲"]
    assert read_library([first]).documents == read_library([second]).documents
    decomposed = tmp_path / "cafe\u0301.md"  # as macOS writes names
    decomposed.write_text(OPEN + "甲。", encoding="utf-8")
    assert ids(read_library([decomposed])) == ["caf\u00e9"]


def test_links_to_documents_that_are_not_published_are_dropped_and_noted(tmp_path: Path) -> None:
    write(
        tmp_path,
        a="---\ndisclosure: open\nstatus: superseded\nsuperseded_by: secret\namends: [b, c]\n---\n甲。",
        b="---\ndisclosure: open\ninterprets: [a, gone]\nrepeals: [a]\n---\n乙。",
        secret="---\ndisclosure: withheld\n---\n密。",
    )
    library = read_library([tmp_path])
    a, b = library.documents
    assert (a.superseded_by, a.amends) == (None, ("b",))
    assert (b.interprets, b.repeals) == (("a",), ("a",))
    assert library.skipped == (
        Skipped(
            str(tmp_path / "secret.md"),
            "its disclosure attribute is withheld" + NOT_OPEN,
            Why.CLOSED,
        ),
        Skipped("a", "link to c, secret, which is not published", Why.LINK),
        Skipped("b", "link to gone, which is not published", Why.LINK),
    )


def test_a_huge_file_is_refused_at_once(tmp_path: Path) -> None:
    write(tmp_path, a=OPEN + "甲。")
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(60_000_000)
    start = time.perf_counter()
    library = read_library([tmp_path])
    assert time.perf_counter() - start < 1
    assert ids(library) == ["a"]
    assert library.skipped == (
        Skipped(str(tmp_path / "huge.txt"), f"larger than {LARGEST} bytes; split it by policy"),
    )


def test_progress_counts_every_file(tmp_path: Path) -> None:
    write(tmp_path, a=OPEN + "甲。", b="乙。", c=OPEN + "丙。")
    told: list[tuple[int, int]] = []
    read_library([tmp_path], progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_endings_in_capitals_and_a_file_as_source(tmp_path: Path) -> None:
    path = tmp_path / "A.TXT"
    path.write_text("渡船通知\n甲，乙。\n公开方式：主动公开", encoding="gb18030")
    library = read_library([path])
    assert [(one.id, one.title, one.source) for one in library.documents] == [
        ("A", "渡船通知", "A.TXT")
    ]


def test_damage_is_repaired_and_told(tmp_path: Path) -> None:
    write(tmp_path, a=OPEN + "青島市財(cái)政局", b=OPEN + "甲。")
    library = read_library([tmp_path])
    assert [one.text for one in library.documents] == ["青島市財政局\n", "甲。\n"]
    assert library.mended == (
        Mended(str(tmp_path / "a.md"), (Change(Damage.PINYIN, 1, "財(cái)", "財"),)),
    )
