"""The model process's own main: `python -m daemon.app.model_process DESCRIPTOR`."""

import sys


def main() -> None:
    """Serve at the socket that was handed over; the keys are looked up here and nowhere else."""
    from agents.models.child.serving import main as serve
    from daemon.settings.secret import secret

    serve(int(sys.argv[1]), secret)


if __name__ == "__main__":
    main()
