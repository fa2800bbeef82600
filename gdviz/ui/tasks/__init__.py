"""Work in the background: how it is begun, paced, cancelled and handed back. No widgets."""
