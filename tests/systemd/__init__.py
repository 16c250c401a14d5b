"""systemd/: the unit as it is, under a real systemd."""
