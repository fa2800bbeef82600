"""What every room may use and that knows nothing of gdviz: no experiment, no objective, no Qt."""
