"""8 March 2018 replayed on one machine: real processes, real files, stand-ins that misbehave.

It stands above the rooms: it starts them as a person would, and judges them from outside.
"""
