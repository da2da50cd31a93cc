import unicodedata


def solve(text):
    return unicodedata.normalize("NFC", text)[::-1], text.encode(), len(text)
# TESTS
def check(candidate):
    text = "e\u0301\U0001f600\u202e\0\x7f\n"
    turned, raw, size = candidate(text)
    assert turned == "\n\x7f\0\u202e\U0001f600\u00e9"
    assert raw == text.encode() and size == len(text)
    assert candidate("")[0] == ""
