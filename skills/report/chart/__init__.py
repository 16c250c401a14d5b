"""Charts of data that somebody else has: `python3 -m skills.report.chart.draw` draws one as SVG and PNG.

A chart is positions between 0 and 1 that are computed here; a fixed template of typst only draws them.
"""
