"""The project's unit under a real `systemd --user` of an ordinary user, on a machine that need not be booted."""

from tests.rigs.user_systemd.service import AgentService
from tests.rigs.user_systemd.session import UserSystemd, lacking, user_systemd

__all__ = ["AgentService", "UserSystemd", "lacking", "user_systemd"]
