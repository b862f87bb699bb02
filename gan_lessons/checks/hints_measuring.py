"""Mistakes in the assignment of chapter 08, each by its name, and what to say about it."""

MEASURING = {
    # a Fréchet distance
    "means only": "the covariances count as well",
    "covariances only": "the distance between the means counts as well",
    "gap not squared": "the distance between the means is squared",
    "no matrix root": "the product of the covariances goes under a root before it is taken off",
    "root of every number": "the root of a *matrix*, not of its numbers; its trace adds up the eigenvalues' roots",
    "variances only": "features vary together: the whole covariance matrices, not their diagonals",
    "taken off once": "the root is taken off twice",
    "samples as features": "`torch.cov` wants a feature in every row: transpose",
    "divided by n": "these covariances divide by n - 1",
    "root of the distance": "d² is asked for",
    # birthdays
    "approximation": "that is for large numbers; multiply out the chances that each sample is a new one",
    "number of pairs": "that is how many pairs are to be expected, which may be more than 1",
    "one pair only": "that is the chance of one given pair; there are many pairs",
    "the first one's birthday": "any two may be the same, not only the first and another one",
    "all different": "that is the chance that all are different",
    # a distance at infinity
    "line in n": "the distance falls with 1/n: fit the line to that",
    "line in the root": "the distance falls with 1/n, not with one over the root of n",
    "largest count": "also at the largest count there is a bias left; the line goes on to 1/n = 0",
    "averaged": "the mean is biased as well; the line goes on to 1/n = 0",
    "slope of the line": "the *height* of the line at 1/n = 0, not its slope",
    "first and last": "all points take part, by least squares",
    "clamped at zero": "an estimate without bias may lie below 0; leave it there",
    # a trial for copies
    "held-out samples learned": "what is held out has been learned from: the two sets share samples",
    "everything held out": "hold out samples that are *not* learned from",
    "everything learned": "`learn` is given `count` samples only",
    "drawn twice": "some samples are in the training set several times: a permutation, not `randint`",
    "not from the data": "`learn` was given samples that are not in `data`",
    "sets swapped": "a copyist is nearer to what it has learned from: that counts as positive",
    "share, not a difference": "without copies half are nearer to either set: twice the share, minus one",
    "held-out set of another size": "in a larger set everything has nearer neighbours: hold out `count` samples",
    "not learned": "call `learn` with the training set; what it returns are the samples",
    "verdict": "wrong on average over eight trials; try samplers of which you know what they do",
    # galleries
    "copies taken for honest": "both look as good as real ones in all scores but the share of copies",
    "quality for variety": "precision falls where samples are bad, recall and coverage where some are missing",
    "scores misread": "compare each number with that of the real samples",
}
