"""Compares the speed and memory of this bot with Rasa's default."""
