"""What every room may use and that knows nothing of gdviz: no objective, no experiment, no Qt."""
