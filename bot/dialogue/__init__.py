"""From probabilities to a decision (engine).

May import: nlu, talk, words.
"""
