"""Telegram: a bot that only its owner talks with."""
