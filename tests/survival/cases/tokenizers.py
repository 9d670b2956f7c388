# requires: tokenizers==0.23.3
# A tokenizer trained from memory, normalizers, saving and loading.
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from tokenizers.implementations import ByteLevelBPETokenizer


def handler(event, context):
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.Lowercase(), normalizers.StripAccents()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.decoder = decoders.BPEDecoder()
    tokenizer.train_from_iterator(
        ["Thé slim package", "the slimmer package"] * 5,
        trainers.BpeTrainer(special_tokens=["[UNK]", "[CLS]"], show_progress=False),
    )
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A", special_tokens=[("[CLS]", 1)])
    again = Tokenizer.from_str(tokenizer.to_str())
    encoding = again.encode("The slim zebra")
    bytewise = ByteLevelBPETokenizer()
    bytewise.train_from_iterator(["abc abd"] * 3, vocab_size=270, show_progress=False)
    try:
        Tokenizer.from_str("{}")
    except Exception as error:
        message = type(error).__name__
    return {
        "tokens": encoding.tokens,
        "offsets": encoding.offsets,
        "text": bytewise.decode(bytewise.encode("abc abd").ids),
        "error": message,
    }
