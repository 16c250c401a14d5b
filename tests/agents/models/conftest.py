"""One model process for all tests of a module: it takes two seconds to start."""

import os
from collections.abc import AsyncIterator

import pytest_asyncio

from tests.agents.models.stage import Stage, stage

# Tests of what runs in the model process load LiteLLM here: it is not to look for its table of prices elsewhere.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

KEY = "sk-canary-5Tq8vX2mLrW0"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def play() -> AsyncIterator[Stage]:
    before = os.environ.get("CANARY_API_KEY")
    os.environ["CANARY_API_KEY"] = KEY
    try:
        async with stage() as opened:
            yield opened
    finally:
        if before is None:
            del os.environ["CANARY_API_KEY"]
