"""`make attack`: what visitors get while a real bot is attacked, on this machine alone.

`attack.py` runs the parts. Each of the other modules is one idea: what is sent
(methods.py, bodies.py ...), or what is broken meanwhile (redis_broken.py ...).
"""
