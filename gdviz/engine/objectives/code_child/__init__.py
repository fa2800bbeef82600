"""What runs in the process of a person's own code, and in no other.

How their functions are found and called belongs here; what the program knows of them does not.
"""
