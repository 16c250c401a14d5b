"""A program: what a call costs with LiteLLM's Router and nothing of ours; prints milliseconds as a list of JSON.

`python -m tests.benchmarks.router_alone URL TIMES`, with the switches that the model process sets.
"""

import asyncio
import gc
import json
import os
import sys
import time
from typing import Any, cast

_SWITCHES = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}


async def _taken(url: str, times: int) -> list[float]:
    import litellm
    from litellm.router import Router

    litellm.disable_aiohttp_transport = True
    litellm.disable_token_counter = True
    litellm.suppress_debug_info = True
    parameters = {"model": "openai/test-model", "api_base": url, "api_key": "none"}
    router = Router(model_list=[{"model_name": "local", "litellm_params": parameters}], num_retries=0)
    gc.freeze()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        stream = await router.acompletion(
            model="local",
            messages=cast(Any, [{"role": "user", "content": "hello"}]),
            stream=True,
            stream_options={"include_usage": True},
            max_tokens=1000,
            num_retries=0,
        )
        async for _piece in cast(Any, stream):
            pass
        taken.append((time.perf_counter() - began) * 1000)
    return taken


if __name__ == "__main__":
    os.environ.update(_SWITCHES)
    print(json.dumps(asyncio.run(_taken(sys.argv[1], int(sys.argv[2])))))
