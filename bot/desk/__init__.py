"""The editors' commands, never imported by what serves.

May import: pages, safety, talk, words.
"""
