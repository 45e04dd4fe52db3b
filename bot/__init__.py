"""A public signposting chatbot: help, the law and reporting, and always 999 first."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
MODEL = ROOT / "models" / "signposting.tar.gz"
