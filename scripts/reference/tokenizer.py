"""Token ids that the `tokenizers` library gives for models/ilora-base/tokenizer.json."""
import hashlib
import os
import random

from tokenizers import Tokenizer

from vectors import save_json

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FILE = "models/ilora-base/tokenizer.json"

TEXTS = [
    "", " ", "  ", "\n", "\t", " \n ", "a", " a", "A",
    "The Silent Comet", " the silent comet", "THE SILENT COMET", "TheSilentComet",
    "The user has watched these films: Lucky Witness, Golden Harbour, Paper Moonlight.",
    "Choose the answer from these 20 titles: [Quiet Engine] [Hollow Crown] [Winter Sonata]",
    "What comes next?\nAnswer:", "Don't we'll they've I'm she'd it's 'tis O'Clock",
    "1234567890", "3.14159", "10,000 miles", "2001: a film of 1968", "No. 5 (part II)",
    "half-life", "semi--colon", "well... perhaps?!", "!!!", "#$%&*+/<=>@\\^_`{|}~",
    "tabs\tand\nlines\r\nand  two   three    spaces ", "    four before and after    ",
    "Über den Flüssen", "Noël à l'île", "mañana, señor", "Þórsmörk", "Łódź", "İstanbul",
    "Ελληνικά", "Русские сезоны", "עברית", "العربية", "हिन्दी", "ไทย", "日本語の題名", "한국어 제목", "汉字",
    "e\u0301 is not \u00e9", "n\u0303", "ﬁ ﬂ ligatures", "½ ² ₃ ℃ № ™ €",
    "non\u00a0breaking", "zero\u200bwidth", "left\u200eto\u200fright", "\ufeffmark", "soft\u00adhyphen",
    "🎬", "🎬🎬 🍿", "👩‍👩‍👧", "🏳️‍🌈", "a🎬b", "\u0000", "\u0007bell", "\u007f", "\U0010ffff",
    "a" * 300, "ab " * 100, " " * 50, "\n" * 20, "é" * 40,
]

PIECES = ["the", " star", " river", " of", " love", " 1995", "'s", "  ", "\n", "é", "ß", " 東京", "🎬", "a\tb",
          " A", "(", ")", ", ", "!?", "´", "\u00a0", "ﬁ", "[", "]", ":", " -", "Qx"]
RANGES = [(0x20, 0x7E), (0xA1, 0x24F), (0x391, 0x3A1), (0x410, 0x44F), (0x4E00, 0x9FA5), (0x1F600, 0x1F64F)]


def random_text(source):
    text = ""
    for _ in range(source.randrange(1, 14)):
        first, last = source.choice(RANGES)
        text += chr(source.randint(first, last)) if source.random() < 0.4 else source.choice(PIECES)
    return text


def make(folder):
    tokenizer = Tokenizer.from_file(os.path.join(ROOT, FILE))
    with open(os.path.join(ROOT, FILE), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    source = random.Random(7)
    texts = []
    for text in TEXTS + [random_text(source) for _ in range(100)]:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        assert tokenizer.decode(ids) == text, text
        texts.append({"text": text, "ids": ids})
    save_json(f"{folder}/ilora-base.json", {"file": FILE, "sha256": digest, "texts": texts})
