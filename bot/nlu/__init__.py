"""From a text to probabilities: the sentence encoder and what was learnt (engine).

May import: languages, safety, talk, words.
"""
