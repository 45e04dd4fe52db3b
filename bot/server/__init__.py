"""The process that serves visitors: port, routes, headers, reload, metrics (front).

May import: chat, counts, pages, words.
"""
