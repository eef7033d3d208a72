#!/usr/bin/env python3
"""Makes small checkpoints of random weights with transformers, one of each architecture, and writes what transformers computes for some sentences.

    pip install transformers torch
    python3 tests/peers/checkpoints.py DIR [NAME ...]
    CHECKPOINTS=DIR cargo test --features bert --test bert transformers -- --nocapture

So rust-bert, the tokenizers and the windows are held against the library that such checkpoints were trained with. tests/bert/fixtures holds what it made of
roberta, electra, deberta and deberta-v2-own-keys.
"""
import json, os, sys

import torch
import transformers as t
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SENTENCES = [s.split() for s in (
    "Some 600 North Korean soldiers are believed to have been killed in Kursk , South Korea 's spy agency told lawmakers .",
    "Rep. Lee Seong-kweun said the NIS had seen two 155-mm howitzers near Pokrovsk .",
    "Türkiye ’s Çanakkale naval base was n't touched .",
    "No .",
)]
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def trained(tokenizer, trainer, markers):
    tokenizer.train_from_iterator([" ".join(s) for s in SENTENCES] * 3, trainer)
    ids = [(m, tokenizer.token_to_id(m)) for m in markers[:2]]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{markers[0]} $A {markers[1]}", special_tokens=ids)
    return tokenizer


def word_pieces():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.BertNormalizer(lowercase=False), pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return trained(tokenizer, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special), ["[CLS]", "[SEP]"])


def byte_pairs(special):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    return trained(tokenizer, trainer, [s for s in special if s in ("<s>", "[CLS]")] + [s for s in special if s in ("</s>", "[SEP]")])


def unigrams(special):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    unknown = "<unk>" if "<unk>" in special else "[UNK]"
    trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token=unknown)
    return trained(tokenizer, trainer, [s for s in special if s in ("<s>", "[CLS]")] + [s for s in special if s in ("</s>", "[SEP]")])


SIZES = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=130, initializer_range=0.3)
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
BERT = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"]
RELATIVE = dict(relative_attention=True, position_biased_input=False, type_vocab_size=0, max_relative_positions=-1)
KINDS = {
    "bert": (t.BertConfig, SIZES, word_pieces),
    "roberta": (t.RobertaConfig, SIZES | dict(type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5), lambda: byte_pairs(ROBERTA)),
    "xlm-roberta": (t.XLMRobertaConfig, SIZES | dict(type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5), lambda: unigrams(ROBERTA)),
    "distilbert": (t.DistilBertConfig, dict(dim=24, n_layers=2, n_heads=2, hidden_dim=32, max_position_embeddings=130, initializer_range=0.3), word_pieces),
    "electra": (t.ElectraConfig, SIZES | dict(embedding_size=16), word_pieces),
    "deberta": (t.DebertaConfig, SIZES | RELATIVE | dict(pos_att_type="c2p|p2c"), lambda: byte_pairs(BERT)),
    "deberta-v2": (t.DebertaV2Config, SIZES | RELATIVE | dict(pos_att_type="p2c|c2p", position_buckets=64, norm_rel_ebd="layer_norm", share_att_key=True), lambda: unigrams(BERT)),
}

V2 = KINDS["deberta-v2"]
for name, more in {"own-keys": dict(share_att_key=False), "no-buckets": dict(position_buckets=-1), "few-buckets": dict(position_buckets=8),
                   "no-norm": dict(norm_rel_ebd="none"), "convolved": dict(conv_kernel_size=3, conv_act="gelu")}.items():
    KINDS[f"deberta-v2-{name}"] = (V2[0], V2[1] | more, V2[2])


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    names = {i: label for i, label in enumerate(LABELS)}
    for name in sys.argv[2:] or KINDS:
        config, sizes, make = KINDS[name]
        torch.manual_seed(7)
        tokenizer = make()
        config = config(vocab_size=tokenizer.get_vocab_size(), id2label=names, label2id={v: k for k, v in names.items()}, **sizes)
        model = t.AutoModelForTokenClassification.from_config(config).eval()
        directory = os.path.join(sys.argv[1], name)
        model.save_pretrained(directory)
        tokenizer.save(os.path.join(directory, "tokenizer.json"))
        expected = []
        for tokens in SENTENCES:
            cut = tokenizer.encode(tokens, is_pretokenized=True)
            with torch.no_grad():
                logits = model(input_ids=torch.tensor([cut.ids]), attention_mask=torch.ones(1, len(cut.ids), dtype=torch.long)).logits[0]
            firsts = {}
            for place, word in enumerate(cut.word_ids):
                if word is not None:
                    firsts.setdefault(word, place)
            expected.append([tokens, [logits[firsts[word]].tolist() for word in range(len(tokens))]])
        with open(os.path.join(directory, "expected.json"), "w") as out:
            json.dump(expected, out)
        print(name, "written")


if __name__ == "__main__":
    main()
