"""How fast échange is, beside what: `python3 dev.py bench [name [case…]]` prints one JSON line for each case.

A ratio is ours over theirs, medians of rounds run in turn on the same machine. No test asserts a figure.
"""
