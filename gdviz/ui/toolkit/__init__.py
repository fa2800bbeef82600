"""Widgets, plots and themes that know no gdviz: no experiment, no scene."""
