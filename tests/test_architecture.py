"""The one rule of the design: bot → index → knowledge, and one home for each library."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = ("bot", "index", "knowledge")
MAY_IMPORT: Final[Mapping[str, tuple[str, ...]]] = {
    "knowledge": ("knowledge",),
    "index": ("index", "knowledge"),
    "bot": ("bot", "index", "knowledge"),
    "run_bot": ("bot", "index", "knowledge"),
}
# Each library and the files or folders that may import it. numpy is a language of index/.
HOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "aiohttp": ("bot/channels/telegram_http.py", "bot/web/", "knowledge/fetch.py"),
    "aiosqlite": ("bot/store/inline.py",),
    "alembic": ("bot/store/",),
    "argon2": ("bot/accounts/passwords.py",),
    "asyncpg": ("bot/coordination/session.py",),
    "babel": ("bot/texts.py",),
    "charset_normalizer": ("knowledge/readers/decode.py",),
    "chinese_calendar": ("bot/desk/workdays.py",),
    "docx": ("bot/desk/disclosure/files.py", "knowledge/readers/docx"),
    "faiss": ("index/vectors.py",),
    "fsspec": ("index/objects.py",),
    "jinja2": ("bot/web/pages.py", "knowledge/report/template.py"),
    "joserfc": ("bot/accounts/openid.py",),
    "langdetect": ("knowledge/language.py",),
    "numpy": ("index/", "knowledge/readers/pdf.py"),
    "opencc": ("knowledge/fold.py",),
    "openpyxl": ("knowledge/readers/rows.py",),
    "opentelemetry": ("bot/seen/tracing.py",),
    "pdfminer": ("knowledge/readers/pdf.py",),
    "pdfplumber": ("knowledge/readers/pdf.py",),
    "phonenumbers": ("bot/privacy.py",),
    "prometheus_client": ("bot/seen/metrics.py",),
    "pydantic": ("bot/config.py", "bot/web/api/"),
    "pydantic_settings": ("bot/config.py",),
    "pymilvus": ("index/milvus.py",),
    "pyotp": ("bot/accounts/codes.py",),
    "rapidocr": ("knowledge/readers/ocr.py",),
    "ray": ("index/cluster.py",),
    "reportlab": ("bot/desk/disclosure/files.py",),
    "rich": ("bot/cli/",),
    "scipy": (
        "index/encoders/builtin.py",
        "index/families.py",
        "index/grouping.py",
        "index/keywords.py",
        "index/postings.py",
    ),
    "segno": (
        "bot/cli/qr.py",
        "bot/web/console/rendering.py",
        "bot/web/documents/code.py",
    ),
    "selectolax": ("knowledge/readers/html.py", "knowledge/readers/shown.py"),
    "sentence_transformers": ("index/encoders/",),
    "sklearn": ("index/encoders/builtin.py", "index/calibration.py"),
    "snowballstemmer": ("index/tokens.py",),
    "sqlalchemy": ("bot/store/",),
    "stamina": ("bot/channels/telegram_errors.py",),
    "stdnum": ("bot/privacy.py",),
    "structlog": ("bot/",),
    "telegram": ("bot/channels/telegram",),
    "threadpoolctl": ("index/encoders/builtin.py",),
    "torch": ("index/encoders/",),
    "typer": ("bot/cli/", "run_bot.py"),
    "vl_convert": ("bot/web/console/dashboards/renderer.py",),
    "yaml": ("knowledge/readers/markdown.py",),
    "yarl": ("knowledge/fetch.py",),
}
# Where the name that is installed is another than the name that is imported, or where a library
# comes with another one, of which it is the language.
DISTRIBUTIONS: Final[Mapping[str, str]] = {
    "argon2": "argon2-cffi",
    "charset_normalizer": "charset-normalizer",
    "chinese_calendar": "chinesecalendar",
    "docx": "python-docx",
    "faiss": "faiss-cpu",
    "opentelemetry": "opentelemetry-sdk",
    "pdfminer": "pdfplumber",
    "prometheus_client": "prometheus-client",
    "pydantic_settings": "pydantic-settings",
    "sentence_transformers": "sentence-transformers",
    "sklearn": "scikit-learn",
    "stdnum": "python-stdnum",
    "telegram": "python-telegram-bot",
    "threadpoolctl": "scikit-learn",
    "vl_convert": "vl-convert-python",
    "yaml": "PyYAML",
    "yarl": "aiohttp",
}
# Libraries that another one loads by the name in a setting, and who names them.
DRIVERS: Final[Mapping[str, str]] = {
    "milvus-lite": "pyproject.toml",  # what pymilvus opens a file with
    "onnxruntime": "pyproject.toml",  # rapidocr's engine
    "opentelemetry-exporter-otlp-proto-http": "pyproject.toml",  # a part of opentelemetry
    "s3fs": "pyproject.toml",  # what fsspec opens s3:// with
}
# pdfplumber, sentence-transformers, schemathesis bring them along
TESTS_ONLY: Final = {"PIL", "jsonschema_rs", "transformers"}
LEAKS: Final = {
    "a path of one machine": re.compile(r"(?<![\w.~:])/(?:work|root|home/\w+|Users/\w+)/"),
    "a host that serves packages": re.compile(
        r"index-url|PIP_INDEX|find-links|trusted-host|https?://[^\s\"']+/simple\b"
        r"|artifactory|devpi|files\.pythonhosted",
        re.IGNORECASE,
    ),
}


@cache
def modules() -> Mapping[str, Path]:
    """Our modules by dotted name."""
    files = [ROOT / "run_bot.py"]
    for package in PACKAGES:
        files += sorted((ROOT / package).rglob("*.py"))
    return {_dotted(path): path for path in files}


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imported(path: Path) -> frozenset[str]:
    """Dotted names that a file imports, anywhere in it: of `from a import b`, a.b or a."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            assert node.module is not None
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in modules() else node.module for name in whole}
    return frozenset(found)


def ours(path: Path) -> frozenset[str]:
    return frozenset(name for name in imported(path) if name in modules())


def libraries(path: Path) -> frozenset[str]:
    """Top names of what a file imports and neither we nor Python ship."""
    tops = {name.split(".")[0] for name in imported(path)}
    typing_only = {"_typeshed"}
    return frozenset(
        tops
        - set(sys.stdlib_module_names)
        - typing_only
        - {*PACKAGES, "run_bot", "tests", "benchmarks"}
    )


def test_imports_go_one_way() -> None:
    wrong = [
        f"{name} imports {one}"
        for name, path in modules().items()
        for one in sorted(ours(path))
        if one.split(".")[0] not in MAY_IMPORT[name.split(".")[0]]
    ]
    assert wrong == []


def test_knowledge_types_import_nothing_of_ours() -> None:
    assert ours(ROOT / "knowledge" / "types.py") == frozenset()


def test_no_modules_import_each_other() -> None:
    graph = {name: ours(path) - {name} for name, path in modules().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_each_library_is_imported_in_its_home_only() -> None:
    astray = [
        f"{_shown(path)} imports {library}"
        for path in modules().values()
        for library in sorted(libraries(path))
        if not _shown(path).startswith(HOMES.get(library, ()))
    ]
    assert astray == [], "add it to HOMES with one home, or import it where it lives"


def test_every_home_has_its_library() -> None:
    """A row that nothing fits any more is removed."""
    empty = [
        f"{library} in {home}"
        for library, homes in HOMES.items()
        for home in homes
        if not any(
            library in libraries(path)
            for path in modules().values()
            if _shown(path).startswith(home)
        )
    ]
    assert empty == []


def test_what_is_imported_is_what_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [
        *project["dependencies"],
        *(x for name in extras if name != "test" for x in extras[name]),
    ]
    declared = {_name(line) for line in lines}
    needed = {DISTRIBUTIONS.get(name, name).lower() for name in HOMES}
    assert declared == needed | DRIVERS.keys()


@pytest.mark.parametrize(("driver", "home"), DRIVERS.items())
def test_drivers_are_named_where_they_are_chosen(driver: str, home: str) -> None:
    assert driver in (ROOT / home).read_text(encoding="utf-8")


def test_tests_import_what_is_installed_with_them() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = {_name(line) for line in project["optional-dependencies"]["test"]}
    used = {one for path in sorted((ROOT / "tests").rglob("*.py")) for one in libraries(path)}
    assert used - HOMES.keys() - TESTS_ONLY <= {name.replace("-", "_") for name in extra}


@pytest.mark.parametrize("kind", LEAKS)
def test_no_tracked_file_holds(kind: str) -> None:
    held = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in _tracked()
        for number, line in enumerate(text.splitlines(), start=1)
        if LEAKS[kind].search(line)
    ]
    assert held == []


def _tracked() -> Iterator[tuple[str, str]]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(  # noqa: S603 - our own folder
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if name and path.is_file() and path != Path(__file__):
            yield name, path.read_bytes().decode("utf-8", errors="replace")


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert found is not None
    return found.group().lower()
