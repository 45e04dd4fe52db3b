"""The 999 net, which needs no model and no other process.

May import: words.
"""
