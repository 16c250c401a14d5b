"""Text with entities: read from HTML and both Markdowns, checked, and searched for links and commands."""
