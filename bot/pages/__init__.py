"""What is shown: pages, the launcher for other websites, security.txt (front).

May import: words.
"""
