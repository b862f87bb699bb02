"""Mistakes in the assignment of chapter 09, each by its name, and what to say about it."""

IMAGES = {
    # a layer that enlarges
    "not a layer": "return a layer, an `nn.Module`; the check gives it the pictures",
    "nothing to learn": "a layer of a generator has weights to learn",
    "channels swapped": "it takes `inputs` channels and makes `outputs`, in this order",
    "padding forgotten": "`padding` takes the surplus off all four sides",
    "one pixel missing": "each side is short of a pixel: work out (n - 1) · stride - 2 · padding + kernel",
    "always by two": "`times` is not always 2",
    "made smaller": "a convolution with a stride makes pictures smaller; the *transposed* one enlarges",
    "not enlarged": "the picture has kept its size; what is the stride?",
    "size": "work out (n - 1) · stride - 2 · padding + kernel: it should be times · n for every n",
    "checkerboard": "some pixels get more stamps than their neighbours: the stride should divide the kernel",
    "stamps apart": "a kernel as large as the stride leaves blocks side by side: take a larger one",
    # who mixes a batch
    "the picture itself": "compare the score of *one* picture that stays as it was, while the others change",
    "never": "change the other pictures themselves; in another order they have the same mean and the same spread",
    "batch norm overlooked": "in training mode batch norm takes the batch's statistics: leave the mode, and change "
    "the other pictures, not their order",
    "only some others": "change *all* the others and compare scores: a layer may mix small groups only",
    "names looked at": "ask what the network does, not what its layers are called: does a score change?",
    "mode changed": "leave the network in the mode in which it comes",
    "the other way round": "True where the score *depends* on the others",
    "group left out": "a group has to be complete: put other pictures in the places of the others",
    # near twins
    "not two shares": "return two numbers: the share of the samples, then that of the held-out pictures",
    "half forgotten": "a twin is nearer than *half* of the usual distance",
    "mean, not median": "the usual distance is the median",
    "samples' own floor": "the usual distance is that of the held-out pictures, for both shares",
    "nearest held-out picture": "both look for their nearest *training* picture",
    "nearest sample": "for each sample its nearest training picture: the minimum over the other dimension",
    "squared lengths": "a distance is a root; half of the root is not half of the square",
    "sum of the differences": "Euclidean distances, please: `torch.cdist` with its own p = 2",
    "far, not near": "that is how many are *not* near twins",
    "shares the other way round": "the samples' share comes first",
    # a share of copies
    "every copy counted": "only a copy of *this part* is nearer to it for certain; other copies toss a coin",
    "all copied": "not all samples are copies",
    "how often nearer": "that is how often it is nearer; the copied share is twice that, minus one",
    "no coins tossed": "a sample that is no copy of this part is nearer to it in half of the cases",
    "half the share": "twice the share, minus one: the half is taken off again",
    "copies of other parts as farther": "what is copied from another part tosses a coin, too",
    "the honest samples": "the copies lean, not the honest samples",
    # a training with an average
    "range": "what does a tanh draw? Black and white of the real pictures belong where its ends are",
    "black and white swapped": "0 is black: that should become -1",
    "generator pulled": "the average follows the generator; yours pulls the generator back",
    "averaged too early": "first the generator's step, then the average's",
    "still near noise": "let the check of single rounds pass first; then look at the pictures",
}
