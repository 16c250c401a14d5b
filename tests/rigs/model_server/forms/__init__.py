"""The wire protocols, by the name of who speaks them."""

from tests.rigs.model_server.forms.form import Form
from tests.rigs.model_server.forms.ollama import Ollama
from tests.rigs.model_server.forms.openai import OpenAI

FORMS: dict[str, Form] = {form.name: form for form in (OpenAI(), Ollama())}
