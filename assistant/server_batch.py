"""How many answers a model server writes at once, as it tells of itself.

llama-server has a number of slots (`total_slots` of GET /props); vLLM and SGLang batch whatever comes and
sign their models in the list (`owned_by`). Any other (Ollama, LM Studio, transformers serve) may queue, so it
is asked for one answer at a time unless the person sets otherwise. Only the given address is called.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

MOST_AT_ONCE = 4  # sections: a plan has about eight, and others use the server too
BATCHING = ("vllm", "sglang")
SECONDS = 3.0


def slots(url: str, key: str) -> int:
    """Return how many answers to ask for at once of the server whose interface lives under `url`; 1 for one
    that does not say, does not answer or cannot be understood.
    """
    import httpx

    headers = {"Authorization": f"Bearer {key}"}
    with (
        suppress(httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError),
        httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False, headers=headers) as client,
    ):
        owner = str(_json(client, f"{url}/models")["data"][0].get("owned_by", "")).casefold()
        if owner in BATCHING:
            return MOST_AT_ONCE
        if owner == "llamacpp":
            place = urlsplit(url)
            root = place.path.removesuffix("/v1")
            told = _json(client, f"{place.scheme}://{place.netloc}{root}/props")["total_slots"]
            return max(1, min(MOST_AT_ONCE, int(told)))
    return 1


def _json(client: Any, address: str) -> Any:
    answer = client.get(address)
    answer.raise_for_status()
    return answer.json()
