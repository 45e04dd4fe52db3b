"""Compares the speed and memory of this bot with those of Rasa's default."""
