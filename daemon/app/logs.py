"""Structured logs on standard error: for people on a terminal, as JSON for the journal."""

import logging
import sys
from typing import Any

from daemon.domain.absent import absent
from daemon.engine.redaction.redactor import Redactor
from daemon.settings.sections import LogSettings


def logger(settings: LogSettings, redactor: Redactor) -> Any:
    """Give a structlog logger of the level and form that the settings name; no line of it holds a secret (S8)."""
    # With rich it would show the variables of every frame, and take 7 MB for that.
    with absent("rich", "better_exceptions"):
        import structlog

    level = logging.getLevelNamesMapping()[settings.level.upper()]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if settings.form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            lambda _logger, _method, event: redactor.value(event),
            renderer,
            # What is no text before (an object, a path) is text now.
            lambda _logger, _method, line: redactor.text(str(line)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
