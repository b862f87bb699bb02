"""Mistakes in the assignment of chapter 01, each by its name, and what to say about it."""

GAME = {
    # a histogram
    "widths forgotten": "a density is a share for each unit of x: divide by the width of the bin",
    "one width for all": "each bin has a width of its own",
    "samples outside left out": "the share is one of *all* samples, also of those that fall into no bin",
    "the bin beside": "that is the neighbouring bin; print the index of the bin for one x",
    "density outside": "outside of all bins the density is 0",
    # a divergence
    "one dimension": "every dimension adds its own surprise",
    "model and truth swapped": "that is KL(q ‖ p): the mean is over samples of the truth p",
    "spread, not variance": "a Gaussian has the *square* of its spread below x² in the exponent",
    "truth's own surprise forgotten": "take off what the truth itself costs: the mean of log p",
    "divergence negative": "a KL is never negative: log p comes first, log q is taken off",
    # the generator's gradient
    "not two gradients": "return two tensors: the derivatives by a, then by b",
    "value function": "that lowers log(1 - D); here G lowers softplus(-s), which is -log D",
    "no sigmoid": "softplus(-s) has the slope σ(s) - 1 in s",
    "half a slope": "the slope of u‖x‖² is 2 u x",
    "curve forgotten": "the score has a slope of 2 u x + v: the parabola counts, too",
    "transposed": "a has the shape [dims, noise numbers], and so has its gradient",
    "means multiplied": "push and noise are multiplied sample by sample, and averaged afterwards",
    "not through the noise": "x = a z + b: by the chain rule, a's gradient is the push times z",
    # a first training
    "uniform noise": "all noise lies between 0 and 1: G learns badly from it, and `sample` asks for other noise",
    "uniform noise around 0": "`sample` draws from the normal distribution, also beyond -1 and 1",
    "noise scaled": "the noise of the training has another spread than that of `sample`, which is 1",
    "noise shifted": "the noise of the training lies around another number than that of `sample`, which is 0",
    "noise drawn once": "it has seen the same few points of noise all the time; draw new noise for every step",
    "batch drawn once": "D has seen the same few real samples all the time; draw new ones for every step",
    "no real samples": "D has to see samples of the data as well",
    # runs of the smallest GAN
    "healthy by its losses": "the losses of these two are alike; look below at what G makes",
    "nobody moves and all is well": "a loss of D that stays below 2 log 2 says that D still sees a difference",
}
