"""What lies over what on the map: the layers' places, from the bottom up."""

(
    IMAGE, BASINS, CONTOURS, MODELS, OTHERS, HALOS, PATHS, MEANS, MINIMA, END_HALOS, ENDS, START,
    MARKS,
) = range(1, 14)  # fmt: skip
