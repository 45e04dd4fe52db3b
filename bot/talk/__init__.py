"""What the front and the engine say to each other, and what is remembered of a talk.

May import: nothing of ours.
"""
