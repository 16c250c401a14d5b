"""How a task is done: agents, tools, the sandbox."""
