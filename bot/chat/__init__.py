"""One request: past the net, past what may refuse it, to its replies (front).

May import: counts, languages, safety, talk, words.
"""
