# requires: nltk==3.10.4
# Tokenizers, stemmers by language, a tagger trained on the spot, a grammar; corpora are missing and say so.
import nltk
from nltk.corpus import stopwords
from nltk.metrics import edit_distance
from nltk.sentiment.vader import VaderConstants
from nltk.stem import PorterStemmer, SnowballStemmer, WordNetLemmatizer
from nltk.tag import RegexpTagger, UnigramTagger
from nltk.tokenize import RegexpTokenizer, TreebankWordTokenizer, TweetTokenizer
from nltk.translate.bleu_score import sentence_bleu


def handler(event, context):
    words = TreebankWordTokenizer().tokenize("They'll save and invest more, won't they?")
    result = {
        "words": words,
        "tweet": TweetTokenizer().tokenize("@me: so cooool :-) #tag"),
        "regexp": RegexpTokenizer(r"\w+").tokenize("a-b c"),
        "porter": [PorterStemmer().stem(word) for word in ("running", "flies", "happily")],
        "snowball": {
            name: SnowballStemmer(name).stem(word)
            for name, word in (("german", "katzen"), ("french", "mangerons"), ("russian", "книгами"))
        },
        "bigrams": nltk.FreqDist(nltk.bigrams("a b a b c".split())).most_common(2),
        "distance": edit_distance("slim", "slam"),
        "bleu": round(sentence_bleu([["a", "b", "c", "d", "e"]], ["a", "b", "c", "d"]), 4),
        "vader": len(VaderConstants.BOOSTER_DICT) > 10,
    }
    tagger = UnigramTagger([[("dogs", "N"), ("bark", "V")]], backoff=RegexpTagger([(".*s$", "NS"), (".*", "X")]))
    result["tags"] = tagger.tag(["dogs", "bark", "cats", "q"])
    grammar = nltk.CFG.fromstring("S -> NP VP\nNP -> 'I' | 'fish'\nVP -> 'eat' NP")
    result["trees"] = [str(tree) for tree in nltk.ChartParser(grammar).parse(["I", "eat", "fish"])]
    errors = []
    for attempt in (
        lambda: stopwords.words("english"),
        lambda: WordNetLemmatizer().lemmatize("dogs"),
        lambda: nltk.word_tokenize("a b"),
    ):
        try:
            attempt()
        except LookupError as error:
            errors.append(str(error).split("\n")[2].strip())
    result["errors"] = errors
    return result
