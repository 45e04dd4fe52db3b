"""The process that meets visitors: port, routes, headers, reload, metrics (front).

May import: chat, counts, pages, words.
"""
