from ocr_core.text_layer.spaces import has_gaps, part_words


def span(text, left, right, size=10.0):
    return {"text": text, "bbox": (left, 0.0, right, 10.0), "size": size}


def word(text, left, right, line=0):
    return (left, 0.0, right, 10.0, text, 0, line, 0)


def texts(words, gappy):
    return [row[4] for row in part_words(words, gappy)]


def test_a_gap_between_fonts_parts_a_word():
    spans = [span("let ∼", 0, 30), span("be", 33, 43), span(" it", 43, 55)]
    assert has_gaps(spans)
    words = [word("let", 0, 18), word("∼be", 22, 43), word("it", 46, 55)]
    parted = list(part_words(words, {(0, 0): spans}))
    assert [(row[4], row[0], row[2]) for row in parted] == [
        ("let", 0, 18),
        ("∼", 22, 30),
        ("be", 33, 43),
        ("it", 46, 55),
    ]


def test_a_change_of_font_alone_parts_nothing():
    spans = [span("bold", 0, 20), span("ly", 20.5, 30)]
    assert not has_gaps(spans)


def test_a_gap_with_a_space_in_it_is_none():
    assert not has_gaps([span("one ", 0, 20), span("two", 25, 40)])
    assert not has_gaps([span("one", 0, 20), span(" ", 22, 24), span("two", 24, 40)])


def test_a_word_may_have_several_gaps():
    spans = [span("x", 0, 5), span("∈", 8, 13), span("Y,", 16, 24)]
    assert texts([word("x∈Y,", 0, 24)], {(0, 0): spans}) == ["x", "∈", "Y,"]


def test_other_lines_and_words_that_do_not_match_stay():
    spans = [span("x", 0, 5), span("∈", 8, 13)]
    words = [word("x∈", 0, 13, line=1), word("other", 0, 13)]
    assert list(part_words(words, {(0, 0): spans})) == words
