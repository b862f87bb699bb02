"""Mistakes in the assignment of chapter 15, each by its name, and what to say about it."""

TEXT = {
    # letters with a gradient
    "soft letters": "forwards the letters are hard: a 1 in one place and 0 elsewhere",
    "gradient of the logits": "backwards the gradient is the softmax's, not that of the logits themselves",
    "another dimension": "the letters of the alphabet are the last dimension: `softmax(-1)`, `argmax(-1)`",
    "hard and soft added": "forwards the soft letters have to cancel: take off their `detach()`ed copy",
    "gradient twice": "the gradient is the softmax's once",
    # the score function
    "baseline forgotten": "take the mean reward off before you multiply",
    "wrong way": "a high reward should make its letters likelier when the loss *falls*: minus",
    "letters averaged": "the log-probability of a text is the *sum* over its letters",
    "texts summed": "the mean over the texts, not the sum",
    "probability, not its logarithm": "multiply by the logarithm of the probability",
    "softmax forgotten": "logits are no log-probabilities: `log_softmax(-1)`",
    "every letter alike": "only the letters that were written count: `gather` them",
    "rewards forgotten": "the rewards do not count in yours",
    # perplexity
    "surprise, not perplexity": "that is the mean surprise in nats; the perplexity is its exponential",
    "of the word, not of a letter": "the geometric mean over the letters: one number a letter",
    "mean of the inverses": "average the logarithms, then take the exponential",
    "inverse of the mean": "average the logarithms, not the probabilities",
    "upside-down perplexity": "a perplexity is at least 1: the inverse of yours",
    "two as the base": "surprise in nats goes with e: exp(mean of -log p)",
    # a pile of words
    "not three shares": "return three numbers: valid, found, different",
    "letter by letter": "a word is right only if all its letters are",
    "valid kinds only": "count every sample, also those that come again",
    "found per sample": "found is a share of the words of the list",
    "different per word": "different is a share of the samples",
    "only valid ones different": "all different samples count, valid or not",
    "repeats counted as different": "how many *different* samples are there?",
    "valid and found swapped": "first valid (a share of the samples), then found (a share of the list)",
    # a training that writes
    "no words yet": "let the check of single rounds pass first; then look at the samples",
}
