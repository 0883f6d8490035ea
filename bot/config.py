"""Settings from the environment and .env, read once; all mistakes are reported together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.accounts.session import Limits
from bot.desk.clocks import TERMS, Clocks, Terms
from bot.desk.consultations import DAYS
from bot.desk.disclosure.letter import Sender as LetterSender
from bot.desk.tickets import TicketKind
from bot.desk.workdays import Calendar, Week, read_days
from bot.errors import ConfigError
from bot.fairness import Pace
from bot.quiet import Quiet
from bot.render import Bureau
from bot.retention import Periods
from bot.web.origins import origins_of
from index.encoders.choice import Choice
from index.encoders.options import Precision
from knowledge.types import Lang

if TYPE_CHECKING:
    from index.outside import Outside

SAMPLE_BUREAU: Final = "澜港市财政与社会保障政策问答（示例）"
PLACEHOLDERS: Final = frozenset({"changeme", "123:ABC", "your-token", "<token>"})


def _no_placeholder(secret: SecretStr | None) -> SecretStr | None:
    if secret is None or not secret.get_secret_value().strip():
        return None
    if secret.get_secret_value().strip() in PLACEHOLDERS:
        raise ValueError("is still the example; put the real one, or leave it empty")
    return secret


def _no_empty_path(value: object) -> object:
    """An empty text would be the folder that we are in."""
    return None if isinstance(value, str) and not value.strip() else value


def _known_database(url: str) -> str:
    if not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return url


def _known_store(url: str) -> str:
    if not url or url.endswith(".db"):
        return url
    if not url.startswith(("milvus://", "milvus+tls://")):
        raise ValueError("must begin with milvus:// or milvus+tls://, or name a file ending .db")
    if "@" in url:
        raise ValueError("holds a name or a password; put name:password into INDEX_TOKEN")
    return url


def _webhook(url: str) -> str:
    """Telegram posts to nothing but https; a name or a password in it would be in its log."""
    if not url.strip():
        return ""
    try:
        parts = urlsplit(url.strip())
        whole = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
        whole = whole and "@" not in parts.netloc and not parts.fragment
    except ValueError:
        whole = False
    if not whole:
        raise ValueError("must be https:// and a host, such as https://bot.example.gov.cn")
    return url.strip()


def _header_word(secret: SecretStr | None) -> SecretStr | None:
    if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("takes 1 to 256 of A-Z, a-z, 0-9, _ and -")
    return secret


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            'is no time zone that this machine knows; write one such as "Asia/Shanghai", and '
            "install the package tzdata if the system has none"
        ) from None
    return name


def _hours(text: str) -> str:
    Quiet.parse(text, ZoneInfo("UTC"))
    return text


def _days_of(text: str) -> str:
    read_days(text)
    return text


def _terms(text: str) -> str:
    if text.strip():
        Terms.parse(text)
    return text


def _sites(text: str) -> str:
    origins_of(text)
    return text


Days = Annotated[int, Field(ge=0, le=36_500)]


class Settings(BaseSettings):
    """One field a setting; the name in the environment is the field's in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore")

    telegram_bot_token: Annotated[SecretStr | None, AfterValidator(_no_placeholder)] = None
    telegram_api_url: str = "https://api.telegram.org/bot"
    telegram_staff_chat: str | None = None
    telegram_staff_topics: bool = False
    telegram_bot_name: str = ""
    telegram_per_second: Annotated[int, Field(ge=1, le=1000)] = 24
    telegram_webhook_url: Annotated[str, AfterValidator(_webhook)] = ""
    telegram_webhook_secret: Annotated[
        SecretStr | None, AfterValidator(_no_placeholder), AfterValidator(_header_word)
    ] = None

    web: bool = True
    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    web_url: str = ""
    web_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    web_address_per_minute: Annotated[int, Field(ge=20, le=1_000_000)] = 300
    widget_sites: Annotated[str, AfterValidator(_sites)] = ""
    console: bool = True
    console_idle_minutes: Annotated[int, Field(ge=5, le=720)] = 30
    console_hours: Annotated[int, Field(ge=1, le=24)] = 12

    releases: Path = Path("data/releases")
    releases_url: Annotated[str, Field(repr=False)] = ""
    sources: str = ""
    glossary: Annotated[Path | None, BeforeValidator(_no_empty_path)] = None
    published: Path = Path("data/published")
    encoder: str = "builtin"
    encoder_query_prompt: str = ""
    encoder_passage_prompt: str = ""
    encoder_device: str = "cpu"
    encoder_batch: Annotated[int, Field(ge=1, le=4096)] = 32
    encoder_length: Annotated[int, Field(ge=16)] | None = None
    encoder_precision: Precision = "float32"
    encoder_workers: Annotated[int, Field(ge=1, le=1024)] = 1
    encoder_cluster: str = ""
    reranker: str = ""
    rerank_top: Annotated[int, Field(ge=2, le=60)] = 20
    index_url: Annotated[str, AfterValidator(_known_store)] = ""
    index_token: Annotated[SecretStr | None, AfterValidator(_no_placeholder)] = None
    index_timeout_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    reload_s: Annotated[float, Field(gt=0)] = 5.0

    database_url: Annotated[str, AfterValidator(_known_database), Field(repr=False)] = (
        "sqlite+aiosqlite:///data/mingbai.sqlite"
    )

    bureau_name: str = SAMPLE_BUREAU
    hotline: str = "12345"
    emergency_numbers: str = "110 / 119 / 120"
    fraud_number: str = "96110"
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Shanghai"
    push_quiet: Annotated[str, AfterValidator(_hours)] = "21:30-08:30"
    push_delay_minutes: Annotated[float, Field(ge=0, le=10080)] = 15
    reply_days: Annotated[int, Field(ge=1, le=60)] = 2
    context_minutes: Annotated[int, Field(ge=0, le=1440)] = 30
    rate_per_minute: Annotated[int, Field(ge=1, le=600)] = 20
    rate_burst: Annotated[int, Field(ge=1, le=600)] = 10
    retention_messages_days: Days = 185
    retention_conversations_days: Days = 185
    retention_tickets_days: Days = 1095
    default_language: Lang = Lang.ZH_HANS
    staff_language: Lang = Lang.ZH_HANS
    calendar: Week = Week.CHINA
    extra_holidays: Annotated[str, AfterValidator(_days_of)] = ""
    extra_workdays: Annotated[str, AfterValidator(_days_of)] = ""
    terms_consultation: Annotated[str, AfterValidator(_terms)] = ""
    terms_complaint: Annotated[str, AfterValidator(_terms)] = ""
    terms_suggestion: Annotated[str, AfterValidator(_terms)] = ""
    terms_disclosure: Annotated[str, AfterValidator(_terms)] = ""
    archive_days: Days = 14
    consult_days: Annotated[int, Field(ge=1, le=60)] = DAYS
    staff_names: bool = False
    letter_font: Annotated[Path | None, BeforeValidator(_no_empty_path)] = None
    review_authority: str = ""
    court: str = ""
    roster: Annotated[Path | None, BeforeValidator(_no_empty_path)] = None
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: Annotated[SecretStr | None, AfterValidator(_no_placeholder)] = None
    oidc_claim: str = "sub"
    log_level: Annotated[str, Field(pattern="^(DEBUG|INFO|WARNING|ERROR)$")] = "INFO"
    log_format: Annotated[str, Field(pattern="^(text|json)$")] = "text"
    metrics_host: str = "127.0.0.1"
    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    otel_exporter_otlp_endpoint: str = ""

    @field_validator("retention_tickets_days")
    @classmethod
    def _outlives_messages(cls, days: int, info: ValidationInfo) -> int:
        """A citizen may answer an old reply: then its ticket must still be there."""
        messages = info.data.get("retention_messages_days", 0)
        if days and not 0 < messages <= days:
            raise ValueError("must be 0 or at least RETENTION_MESSAGES_DAYS")
        return days

    @property
    def source_paths(self) -> tuple[Path, ...]:
        """Folders and files that the index is built from; none: the sample."""
        return tuple(Path(one.strip()) for one in self.sources.split(os.pathsep) if one.strip())

    @property
    def sample(self) -> bool:
        """Whether this is a trial with the sample policies, as far as the name tells."""
        return self.bureau_name == SAMPLE_BUREAU

    @property
    def bureau(self) -> Bureau:
        return Bureau(
            name=self.bureau_name,
            hotline=self.hotline,
            reply_days=self.clocks.terms[TicketKind.CONSULTATION].resolution,
            emergency=self.emergency_numbers,
            message_days=self.retention_messages_days,
            ticket_days=self.retention_tickets_days,
            fraud_line=self.fraud_number,
        )

    @property
    def clocks(self) -> Clocks:
        given = {
            TicketKind.CONSULTATION: self.terms_consultation or f"1/1/{self.reply_days}",
            TicketKind.COMPLAINT: self.terms_complaint,
            TicketKind.SUGGESTION: self.terms_suggestion,
            TicketKind.DISCLOSURE: self.terms_disclosure,
        }
        terms = {kind: Terms.parse(text) for kind, text in given.items() if text.strip()}
        calendar = Calendar(
            week=self.calendar,
            holidays=read_days(self.extra_holidays),
            workdays=read_days(self.extra_workdays),
        )
        return Clocks(terms={**TERMS, **terms}, calendar=calendar)

    @property
    def letter_sender(self) -> LetterSender:
        return LetterSender(
            bureau=self.bureau_name, review=self.review_authority.strip(), court=self.court.strip()
        )

    @property
    def periods(self) -> Periods:
        return Periods(
            messages=self.retention_messages_days,
            conversations=self.retention_conversations_days,
            tickets=self.retention_tickets_days,
        )

    @property
    def pseudonym_key(self) -> bytes:
        """A secret that is in no database. Without Telegram senders are random already."""
        token = self.telegram_bot_token
        return token.get_secret_value().encode() if token else b""

    @property
    def shared(self) -> Path:
        """The folder that all workers have: with RELEASES_URL each has releases of its own."""
        return self.published if self.releases_url else self.releases

    @property
    def pace(self) -> Pace:
        return Pace(per_minute=self.rate_per_minute, burst=self.rate_burst)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def now(self) -> datetime:
        """The time at the bureau: its day decides what is in force, wherever the machine is."""
        return datetime.now(self.zone)

    def day(self, given: datetime | None = None) -> date:
        """The day that was given, or today at the bureau."""
        return (given or self.now()).date()

    @property
    def quiet(self) -> Quiet:
        return Quiet.parse(self.push_quiet, self.zone)

    @property
    def push_delay(self) -> timedelta:
        return timedelta(minutes=self.push_delay_minutes)

    @property
    def session_limits(self) -> Limits:
        return Limits(idle=self.console_idle, whole=self.console_whole)

    @property
    def console_idle(self) -> timedelta:
        return timedelta(minutes=self.console_idle_minutes)

    @property
    def console_whole(self) -> timedelta:
        return timedelta(hours=self.console_hours)

    @property
    def choice(self) -> Choice:
        return Choice(
            name=self.encoder,
            query_prompt=self.encoder_query_prompt,
            passage_prompt=self.encoder_passage_prompt,
            length=self.encoder_length,
            precision=self.encoder_precision,
            batch_size=self.encoder_batch,
            device=self.encoder_device,
        )

    def outside(self) -> Outside:
        """What releases use beside their files. One a process: it keeps its connection."""
        from index.outside import Outside  # noqa: PLC0415 - it takes a second, and few need it
        from index.rerank import Reranking  # noqa: PLC0415
        from index.stores import store_at  # noqa: PLC0415

        token = self.index_token.get_secret_value() if self.index_token else ""
        return Outside(
            store=store_at(self.index_url, token=token, timeout_s=self.index_timeout_s),
            reranking=Reranking(
                name=self.reranker,
                top=self.rerank_top,
                batch_size=self.encoder_batch,
                device=self.encoder_device,
            ),
        )

    @classmethod
    def read(cls, values: Mapping[str, Any] | None = None) -> Self:
        """
        Read the environment, then `.env`; `values` win over both.

        Raise ConfigError with every problem. Values of secrets are never part of it.
        """
        try:
            return cls(**dict(values or {}))
        except ValidationError as error:
            raise ConfigError([_problem(dict(one)) for one in error.errors()]) from None
        except UnicodeDecodeError:
            raise ConfigError([".env is not UTF-8; save it in that encoding"]) from None


def _problem(error: Mapping[str, Any]) -> str:
    name = "_".join(str(part) for part in error["loc"]).upper()
    message = str(error["msg"]).removeprefix("Value error, ")
    secret = any(
        word in name for word in ("TOKEN", "SECRET", "URL")
    )  # a database URL may hold a password
    given = "" if secret else f" (given: {error['input']!r})"
    return f"{name}: {message[0].lower()}{message[1:]}{given}; see .env.example"
