"""Tool calls that models write as text (M3): `read` a whole answer, or listen to one as it comes.

A form is one small file in `forms/`. Strong forms have marks of their own, which nobody writes by chance: what is
wrong with them is told to the model. Weak forms (JSON, a call on a line) could as well be an example or a quotation:
they count only where nothing else can be meant, and never where the tool is not known.
"""

from agents.models.spoken.listener import Listener
from agents.models.spoken.reader import read
from agents.models.spoken.reading import Reading, SpokenCall

__all__ = ["Listener", "Reading", "SpokenCall", "read"]
