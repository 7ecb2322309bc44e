"""The ground that tests stand on: real databases, a real queue server, the real processes and a real browser.

tests/conftest.py makes fixtures of it and says how they are used.
"""
