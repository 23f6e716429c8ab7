"""Post-correction: words that the lexicon doubts are put right where the image agrees."""
