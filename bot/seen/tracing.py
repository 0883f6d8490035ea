"""
Spans, for OpenTelemetry (extra `otel`). The only module that imports it.

Its own variables say the rest: OTEL_TRACES_SAMPLER how many, OTEL_SERVICE_NAME who, and
OTEL_EXPORTER_OTLP_HEADERS what the collector wants to be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import StatusCode

from bot.seen.port import Attributes, Spans

SERVICE: Final = "mingbai"


@contextmanager
def tracing(endpoint: str, *, exporter: SpanExporter | None = None) -> Iterator[Spans]:
    """
    Give what makes spans; at the end, hand over what was not exported yet.

    `endpoint` is a collector for OTLP over HTTP, without the path; `exporter` takes its place.
    The provider is no global one.
    """
    exporter = exporter or OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider = TracerProvider(resource=_who())
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer(SERVICE)

    @contextmanager
    def spans(name: str, attributes: Attributes) -> Iterator[None]:
        # Not what the library notes of an exception: its words may be a citizen's.
        with tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    try:
        yield spans
    finally:
        provider.shutdown()


def _who() -> Resource:
    """Not what is found out by itself: the command line and the machine are nobody's business."""
    return Resource({"service.name": SERVICE}).merge(OTELResourceDetector().detect())
