"""OpenAI's Python client, unchanged, against a server: what it sees, as one JSON object on standard output."""

import json
import os

import openai

client = openai.OpenAI(
    base_url=os.environ["BASE_URL"], api_key=os.environ["API_KEY"], max_retries=0
)
messages = [{"role": "user", "content": "In the beginning"}]
greedy = {"model": "genesis", "messages": messages, "max_tokens": 6, "temperature": 0}


def streamed():
    """A whole stream: its text, why it ended, and its usage."""
    text, finish, usage = "", None, None
    stream = client.chat.completions.create(
        **greedy, stream=True, stream_options={"include_usage": True}
    )
    for chunk in stream:
        if chunk.choices:
            text += chunk.choices[0].delta.content or ""
            finish = chunk.choices[0].finish_reason or finish
        usage = chunk.usage or usage
    return {"text": text, "finish": finish, "tokens": usage.completion_tokens}


def aborted():
    """How many chunks came before the client closed a long stream."""
    chunks = 0
    with client.chat.completions.create(**{**greedy, "max_tokens": 900}, stream=True) as stream:
        for _ in stream:
            chunks += 1
            if chunks == 4:
                break
    return chunks


def refusal(call):
    """The class and the code of the error that a call ends with."""
    try:
        call()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code, error.request_id[:4]]
    return None


whole = client.chat.completions.create(**greedy)
stranger = client.with_options(api_key="r3mes_wrong")
inputs = ["the sea and the ship", "of the tax"]
print(
    json.dumps(
        {
            "version": openai.__version__,
            "models": [model.id for model in client.models.list()],
            "whole": whole.choices[0].message.content,
            "tokens": whole.usage.completion_tokens,
            "streamed": streamed(),
            "completion": client.completions.create(
                model="genesis", prompt="In the beginning", max_tokens=6, temperature=0
            ).choices[0].text,
            "embeddings": [
                len(each.embedding)
                for each in client.embeddings.create(model="genesis", input=inputs).data
            ],
            "aborted": aborted(),
            "wrongKey": refusal(lambda: stranger.chat.completions.create(**greedy)),
            "unknownModel": refusal(
                lambda: client.chat.completions.create(**{**greedy, "model": "gpt-9"})
            ),
            "tooLong": refusal(
                lambda: client.completions.create(model="genesis", prompt="ship " * 3000)
            ),
        }
    )
)
