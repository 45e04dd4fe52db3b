"""`make attack`: what visitors get while a real bot is attacked, on this machine only.

`attack.py` runs the parts. Each of the other modules is one idea: what is sent
(methods.py, bodies.py ...), or what breaks meanwhile (redis_broken.py ...).
"""
