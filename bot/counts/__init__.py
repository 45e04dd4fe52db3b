"""Anonymous daily counts, and the campaign board's report of them.

May import: pages, words.
"""
