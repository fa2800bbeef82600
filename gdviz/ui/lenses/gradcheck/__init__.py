"""The page that checks a gradient: its fields, its verdict, its evidence."""
