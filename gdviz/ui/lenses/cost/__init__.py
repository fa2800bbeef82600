"""The Cost lens: three ledgers and the computation graph."""
