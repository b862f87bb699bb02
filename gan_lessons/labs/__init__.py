"""Labs: pictures that follow what a reader moves, in a notebook and by code. A folder a subject, on one kit.

`points` (GANs in the plane), `theory` (losses and dynamics), `latents` (image and voice generators seen from within),
`blind` (tests of what people can tell), `writing` (words), `translation` (pictures made of pictures), `shapes` (things
in space), `videos` (things that move), `scaling` (what training costs). The lab `NAME` stands in NAME.py: its
parameters and the lab; its simulation and its drawing stand there too while they are short, else in NAME_simulation.py
and NAME_drawing.py. A chapter imports from the folder: `from gan_lessons.labs.points import PlaygroundLab`.
"""
