"""The wire protocols, by the name of who speaks them."""

from tests.rigs.model_server.forms.anthropic import Anthropic
from tests.rigs.model_server.forms.form import Form
from tests.rigs.model_server.forms.gemini import Gemini
from tests.rigs.model_server.forms.ollama import EarlierOllama, Ollama
from tests.rigs.model_server.forms.openai import OpenAI
from tests.rigs.model_server.forms.openrouter import OpenRouter

FORMS: dict[str, Form] = {
    form.name: form for form in (OpenAI(), Anthropic(), Gemini(), OpenRouter(), Ollama(), EarlierOllama())
}
