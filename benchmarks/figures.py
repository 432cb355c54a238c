"""Figures: what was measured, by dotted names such as `fetch.rate.bare`."""

# A text says why there is no number: under `prism.missing`, why nothing was compared with Prism.
Figures = dict[str, float | str]
