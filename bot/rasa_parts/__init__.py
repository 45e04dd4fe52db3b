"""The only room that knows Rasa: its components, and training (training).

May import: dialogue, languages, nlu, safety, talk, words.
"""
