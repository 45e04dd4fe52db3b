"""The process that answers the front's questions with the trained model (engine).

May import: dialogue, nlu, talk, words.
"""
