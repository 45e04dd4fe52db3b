"""What editors write, read and checked: topics, answers, services, forces, sign-off.

May import: nothing of ours.
"""
