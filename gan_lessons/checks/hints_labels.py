"""Mistakes in the assignment of chapter 10, each by its name, and what to say about it."""

LABELS = {
    # a head that projects
    "label added": "picture and label never meet: take the inner product of the class's vector with the features",
    "every class": "of all the classes, only the sample's own: `table[labels]`",
    "inner product averaged": "an inner product is a sum over the features, not their mean",
    "label left out": "the label does nothing in yours",
    "sample's own score left out": "the sample has a score of its own beside the inner product: w · f + b",
    "bias forgotten": "add b",
    "one score for the batch": "sum over the features only, dimension 1: every sample has a score of its own",
    "not summed": "an inner product ends with a sum over the features: one number a sample",
    "score squashed": "a score is any number; the sigmoid belongs to the loss",
    # the share of each class
    "share of those read": "divide by how often the class was *asked for*, not by how often it was read",
    "share of all samples": "divide by the samples of that class, not by all of them",
    "one number for all classes": "a share for each class by itself",
    "shares of the classes": "that is how often a class comes; how often was it read where it was asked for?",
    "nought for never asked": "of a class that was never asked for nothing is known: `nan`, not 0",
    "absent class left out": "there are `classes` classes, also if some of them do not come",
    "how often wrong": "that is how often it is wrong",
    # a generator without ears
    "classes equally often": "that is for classes asked for equally often; here the shares are the printed ones",
    "commonest class": "that generator would draw nothing but the commonest class; this one draws every class",
    "as if it heard": "it does not hear the label: it is right by chance only",
    "root of it": "no root",
    "one class only": "that is the chance for one of the classes; add up all of them",
    # variety
    "all classes at once": "class by class: the differences between the classes are no variety within one",
    "upside down": "the fakes' variance is above the line",
    "root of the variance": "variances, not standard deviations",
    "all pixels as one": "each pixel varies around a mean of its own; then the variances are added up",
    "pixel by pixel": "first add up the variances of all pixels, then divide",
    "around the common mean": "around the mean of the class, not of all samples",
    "divided by n - 1": "divide by n, not by n - 1: `unbiased=False`",
    "real labels for fakes": "the fakes have labels of their own",
    # a conditional training
    "pairs not matched": "D is shown a fake with another label than it was drawn for: so G need not heed its label",
    "real label mixed": "D is shown a real sample with another label than its own",
    "samples not shown": "D should see every real sample and every fake, each with its label",
    "label not heeded": "let the check of single rounds pass first; then look at the samples",
    "strange samples": "D is shown pictures that are neither the real ones nor fakes of the noise you were given",
}
