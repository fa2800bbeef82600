"""What is drawn into one pair of axes. Sheets and files are not here."""
