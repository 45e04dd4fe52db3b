"""Which language a text is written in. Needs no model of Rasa's and no other process.

May import: words.
"""
