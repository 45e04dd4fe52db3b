"""What the server writes to its log: event names and error types, never a message."""

from __future__ import annotations

import logging
import os
import sys
import warnings


def configure() -> None:
    """Sends the project's own events to stderr and silences the libraries."""
    # Read by TensorFlow and Rasa when they are imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # A filter would not do: Rasa and TensorFlow set their own when they are imported.
    warnings.showwarning = lambda *_, **__: None
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.CRITICAL, force=True)
    for name in ("bot", "actions"):
        logging.getLogger(name).setLevel(logging.INFO)


def quieten_rasa() -> None:
    """Keeps Rasa's structured log, which holds the text of messages, from printing.

    Embedded in another app Rasa leaves structlog unconfigured, and structlog then
    prints every event. To be called before Rasa is imported.
    """
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        cache_logger_on_first_use=False,
    )
    for name in ("rasa", "rasa_sdk", "matplotlib"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
