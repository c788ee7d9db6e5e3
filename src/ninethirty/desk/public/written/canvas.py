"""How large the charts of written pages are, and in which colours."""

WIDTH = 640
COLOURS = ("#12436d", "#801650", "#1f7a72", "#c2510f")
"""Of the series, in order. On white each has a contrast of 4.5 to 1 or more."""

LETTER, LINE = 8, 20
"""The widest letter to reckon with, and the height of a line, at the size of the text."""
