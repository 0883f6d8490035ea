"""Word files made by hand, with parts that python-docx does not write."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def saved(document: Document) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def word(*blocks: str) -> bytes:
    """A document whose body is the given XML; `w:p` and `w:tbl` without namespaces' names."""
    document = docx.Document()
    put(document, *blocks)
    return saved(document)


def put(document: Document, *blocks: str) -> None:
    body = document.element.body
    for block in blocks:
        name = block[1:].partition(" ")[0].partition(">")[0].partition("/")[0]
        rest = block[1 + len(name) :]
        body.insert(len(body) - 1, parse_xml(f"<{name} {NAMESPACES}{rest}"))


def p(text: str = "", properties: str = "") -> str:
    run = f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>" if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def item(text: str, list_: int, depth: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_}"/></w:numPr>')


def number(document: Document, *schemes: str) -> None:
    """Add lists; each is the w:lvl elements of one, and their w:numId count from 100."""
    root = document.part.numbering_part.element
    for place, levels in enumerate(schemes, start=100):
        abstract = (
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{place}">{levels}</w:abstractNum>'
        )
        root.insert(0, parse_xml(abstract))
        root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{place}"><w:abstractNumId w:val="{place}"/></w:num>'
            )
        )


def level(depth: int, form: str, text: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def rewritten(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The file with one of its parts changed."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == name:
                assert old in part
                part = part.replace(old, new, 1)
            target.writestr(entry.filename, part)
    return stream.getvalue()


def with_part(data: bytes, name: str, kind: str, part: str) -> bytes:
    """The file with one more part, such as footnotes."""
    stream = BytesIO()
    rels = "word/_rels/document.xml.rels"
    relation = (
        f'<Relationship Id="rIdMore" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/{kind}" Target="{name}"/></Relationships>'
    ).encode()
    override = (
        f'<Override PartName="/word/{name}" ContentType="application/vnd.openxmlformats-'
        f'officedocument.wordprocessingml.{kind}+xml"/></Types>'
    ).encode()
    data = rewritten(data, rels, b"</Relationships>", relation)
    data = rewritten(data, "[Content_Types].xml", b"</Types>", override)
    stream.write(data)
    with zipfile.ZipFile(stream, "a") as target:
        target.writestr(f"word/{name}", part)
    return stream.getvalue()
