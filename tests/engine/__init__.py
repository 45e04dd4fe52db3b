"""Tests of what runs beside Rasa, on the engine's Python: `make test` runs them too."""
