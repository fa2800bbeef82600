"""What remains between a claimed and the true derivative, as a formula."""
