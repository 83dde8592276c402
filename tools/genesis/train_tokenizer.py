"""Trains the genesis tokenizer: byte-level BPE with 4,096 entries on the pre-training mix alone.

It reads what writeCorpora.ts wrote and writes a Hugging Face tokenizer.json. The domains are not looked at:
the tokenizer has to serve text that nobody knows yet.

    python train_tokenizer.py CORPORA tokenizer.json
"""

import sys

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

import corpora

ENTRIES = 4096
END_OF_TEXT = "<eot>"

# Contractions, words with their leading blank, single digits, punctuation with its leading blank, white space.
PIECES = r"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"


def train(texts):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=ENTRIES,
        special_tokens=[END_OF_TEXT],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def main():
    folder, out = sys.argv[1:3]
    texts = [text for name in corpora.PRETRAINING for text in corpora.read(folder, name, "train")]
    tokenizer = train(texts)
    assert tokenizer.token_to_id(END_OF_TEXT) == 0
    tokenizer.save(out)
    for name in corpora.PRETRAINING + corpora.DOMAINS:
        held_out = corpora.read(folder, name, "heldOut")
        tokens = 0
        for text, encoding in zip(held_out, tokenizer.encode_batch(held_out)):
            assert tokenizer.decode(encoding.ids) == text, name
            tokens += len(encoding.ids)
        size = sum(len(text.encode()) for text in held_out)
        print(f"{name}: {size / tokens:.3f} bytes per token on held-out text")


if __name__ == "__main__":
    main()
