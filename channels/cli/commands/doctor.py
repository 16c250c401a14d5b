"""`agent doctor`: what is wrong here, and how to mend it."""

import click

from channels.cli.parameters import as_json, examples
from channels.cli.session import Session
from channels.cli.text import block, flat

_FOUND_SOMETHING = 1


@click.command("doctor", epilog=examples("agent doctor", "agent doctor --json"))
@as_json
@click.pass_obj
def doctor(session: Session, as_json: bool) -> int:
    """Check the sandbox, the database, the configuration, the skills and the models; takes at most half a minute."""
    found = session.host.machine.doctor()
    well = all(finding.ok for finding in found)
    if as_json:
        session.screen.emit(
            {
                "ok": well,
                "findings": [
                    {"name": finding.name, "ok": finding.ok, "text": finding.text, "fix": finding.fix or None}
                    for finding in found
                ],
            }
        )
        return 0 if well else _FOUND_SOMETHING
    for finding in found:
        mark = session.screen.paint("ok ", "green") if finding.ok else session.screen.paint("fix", "red")
        session.screen.say(f"{mark}  {flat(finding.name)}: {flat(finding.text)}")
        if finding.fix and not finding.ok:
            session.screen.say(block(finding.fix, "       "))
    return 0 if well else _FOUND_SOMETHING
