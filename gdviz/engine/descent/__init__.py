"""Gradient estimates, update rules, schedules, the descent loop, and how a path ends.

What is studied about paths afterwards does not belong here.
"""
