"""Packages that add to the house, built, installed and used."""
