"""Markdown to a PDF: read into a tree of facts (`reading`), which a fixed template sets as text (`paper.typ`)."""
