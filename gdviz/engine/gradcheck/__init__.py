"""Check my gradient: candidate, evidence and verdict. No wording for the window, no drawing."""
