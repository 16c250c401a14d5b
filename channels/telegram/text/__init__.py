"""Texts as Telegram takes them: plain characters, and entities that say how parts of them look."""
