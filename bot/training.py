"""Trains the model, with a word about what is going on."""

from __future__ import annotations

import sys
import threading
import time

from bot import MODEL, ROOT

EVERY_SECONDS = 10


def train() -> None:
    """Trains models/signposting.tar.gz from config.yml, domain.yml and data/.

    Raises:
        SystemExit: Rasa found the data or the configuration wanting.
    """
    done = threading.Event()
    threading.Thread(target=_report, args=(done,), daemon=True).start()
    from bot.logs import quieten_rasa

    quieten_rasa()
    import rasa

    result = rasa.train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(ROOT / "data" / "nlu"), str(ROOT / "data" / "rules.yml")],
        output=str(MODEL.parent),
        fixed_model_name=MODEL.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    done.set()
    if result.code != 0 or not result.model:
        sys.exit("Training failed: see the messages above.")
    # `make` compares times; Rasa may keep that of an older archive.
    MODEL.touch()


def _report(done: threading.Event) -> None:
    started = time.monotonic()
    while not done.wait(EVERY_SECONDS):
        seconds = time.monotonic() - started
        sys.stderr.write(f"  training the model: {seconds:.0f} s so far, about 150\n")
