"""Structured logs on standard error: for people on a terminal, as JSON for the journal."""

import logging
import sys
from typing import Any

from daemon.settings.sections import LogSettings


def logger(settings: LogSettings) -> Any:
    """Give a structlog logger of the level and form that the settings name."""
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
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
