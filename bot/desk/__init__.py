"""The editors' commands, never imported by what serves.

May import: languages, pages, safety, talk, words.
"""
