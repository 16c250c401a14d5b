"""Every command by name: where it lives and what it is for. The front page is printed from this alone."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A command: the file under `commands/`, the name in it, and one line of help."""

    module: str
    attribute: str
    summary: str


SECTIONS: dict[str, dict[str, Entry]] = {
    "Tasks": {
        "do": Entry("do", "do", 'Do a task now; agent "do this" is short for it.'),
        "chat": Entry("chat", "chat", "Talk: each line follows the one before; agent -i is short for it."),
        "add": Entry("add", "add", "Queue a task."),
        "list": Entry("list_tasks", "list_tasks", "List the tasks."),
        "run": Entry("run", "run", "Do the next pending task here, or the one that is named."),
        "status": Entry("status", "status", "Count the tasks, or show all about one."),
        "stream": Entry("stream", "stream", "Show the steps of a task, live."),
        "logs": Entry("logs", "logs", "Show the history of a task."),
        "history": Entry("history", "history", "Look for words in past tasks."),
        "why": Entry("why", "why", "Say who did a task, with what, and why."),
    },
    "Control": {
        "pause": Entry("control", "pause", "Pause a task."),
        "resume": Entry("control", "resume", "Let a paused task go on."),
        "cancel": Entry("control", "cancel", "End a task without a result."),
        "retry": Entry("control", "retry", "Run a task again that has ended."),
        "undo": Entry("undo", "undo", "Bring the files of a task back to before a step."),
        "redo": Entry("undo", "redo", "Take back the last undo."),
        "stop": Entry("control", "stop", "Pause a task, or everything at once."),
        "steer": Entry("words", "steer", "Tell a running task something."),
        "note": Entry("words", "note", "Write one of a task's notes."),
        "priority": Entry("words", "priority", "Change a task's place in the queue."),
        "forget": Entry("forget", "forget", "Delete a task with everything about it."),
    },
    "Questions": {
        "approvals": Entry("approvals", "approvals", "Show what waits for your answer."),
        "approve": Entry("approvals", "approve", "Say yes, or answer a question."),
        "reject": Entry("approvals", "reject", "Say no."),
        "policy": Entry("policy", "policy", "Show the rules, try one on a call, or take one back."),
    },
    "House": {
        "workers": Entry("workers", "workers", "Show who is working on what."),
        "stats": Entry("stats", "stats", "Show work, time and cost of the last days."),
        "skills": Entry("skills", "skills", "Show what can be done without a model."),
        "models": Entry("models", "models", "Show the models, and which of yours answer."),
        "auth": Entry("auth", "auth", "Keep the keys of model providers, or forget them."),
        "pair": Entry("pair", "pair", "Make an account at a channel yours."),
        "agents": Entry("agents", "agents", "Show the agents that work with a model."),
        "tools": Entry("tools", "tools", "Show what a model may use, and what packages add."),
        "sandbox": Entry("sandbox", "sandbox", "Run a command exactly as a task would."),
        "daemon": Entry("daemon", "daemon", "Work on the queue until stopped."),
        "doctor": Entry("doctor", "doctor", "Check everything and say how to mend it."),
        "config": Entry("config", "config", "Show the settings, write the defaults, or read them again."),
        "audit": Entry("audit", "audit", "Show the log of all that was done, or verify it."),
        "replay": Entry("replay", "replay", "Re-execute a task with its recorded replies."),
        "export": Entry("transfer", "export", "Write everything as JSON."),
        "import": Entry("transfer", "import_", "Add the tasks of an export or a tasks.json."),
        "backup": Entry("backup", "backup", "Copy the database while it is in use, or put a copy back."),
        "update": Entry("update", "update", "Bring this installation to the newest version."),
        "completion": Entry("completion", "completion", "Print what teaches your shell to complete."),
    },
}

COMMANDS: dict[str, Entry] = {name: entry for section in SECTIONS.values() for name, entry in section.items()}

WELCOME = """\
A personal agent. Give it a task:

  agent "disk report"             do this now
  agent "report on sales.csv" --file sales.csv
  agent list                      what was asked, and how it stands
  agent status 3                  all about task 3
  agent approvals                 what waits for your answer
  agent doctor                    check that everything works

agent --help shows all commands."""

EXIT_CODES = """\
\b
Exit codes:
    0  done
    1  the task ended in an error, or something unexpected happened
    2  the command was typed wrong, or wanted --yes
   65  what was given cannot be used
   66  there is no such task, question or file
   69  not possible in this state, or no model is configured
   71  no sandbox can be set up
   74  the database or the output cannot be used
   75  the task has not ended: it waits for you, or is paused
   77  the policy forbids it
   78  a setting is wrong
  130  cancelled, or stopped with Ctrl-C
  141  nobody read the output any more"""
