"""Trains the model, and says how far it has got."""

from __future__ import annotations

import gc
import io
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout

from bot import MODEL, ROOT

EVERY_SECONDS = 10


def train() -> None:
    """Trains models/signposting.tar.gz from config.yml, domain.yml and data/.

    Raises:
        SystemExit: Rasa rejected the data or the configuration.
    """
    started = time.monotonic()
    done = threading.Event()
    threading.Thread(target=_report, args=(started, done), daemon=True).start()
    said = io.StringIO()  # hundreds of progress bars, only useful if training fails
    # Rasa copies all messages again and again. Looking through them for what is no
    # longer needed takes ten seconds, and finds next to nothing.
    gc.disable()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            trained = _train()
    finally:
        gc.enable()
        done.set()
    if not trained:
        sys.exit(f"{said.getvalue()}\nTraining failed: see the messages above.")
    # `make` compares times; Rasa may keep that of an older archive.
    MODEL.touch()
    seconds = time.monotonic() - started
    sys.stderr.write(f"Trained {MODEL.relative_to(ROOT)} in {seconds:.0f} s.\n")


def _train() -> bool:
    from bot.rasa_parts.quiet import quieten_rasa

    quieten_rasa()
    from rasa.api import train as train_with_rasa

    result = train_with_rasa(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules.yml")],
        output=str(MODEL.parent),
        fixed_model_name=MODEL.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    return result.code == 0 and bool(result.model)


def _report(started: float, done: threading.Event) -> None:
    # The real one: standard error is redirected while Rasa works.
    said = sys.__stderr__ or io.StringIO()
    while not done.wait(EVERY_SECONDS):
        seconds = time.monotonic() - started
        said.write(f"  training the model: {seconds:.0f} s, of about 100\n")
