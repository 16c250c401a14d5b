"""Storms: kills at named points and at random moments, and what must hold afterwards."""
