"""The only room that knows Rasa: its components, training, and the engine process.

May import: dialogue, languages, nlu, safety, talk, words.
"""
