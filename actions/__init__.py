"""Rasa's custom actions: what must be computed rather than worded."""
