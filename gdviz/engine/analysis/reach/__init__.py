"""What it takes in N to reach a loss, at the best α of each way to the gradient."""
