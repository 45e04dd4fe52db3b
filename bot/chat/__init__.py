"""One request, from the net and the reasons to refuse it to its replies (front).

May import: counts, languages, safety, talk, words.
"""
