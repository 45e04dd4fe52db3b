"""Keeps Rasa's structured log, which holds the text of messages, from printing."""

from __future__ import annotations

import logging

import structlog


def quieten_rasa() -> None:
    """Call it before Rasa is imported.

    Embedded in another program Rasa leaves structlog unconfigured, and structlog then
    prints every event.
    """
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        cache_logger_on_first_use=False,
    )
    for name in ("rasa", "rasa_sdk", "matplotlib"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
