"""Widgets for any program: fields, labels, cards."""
