"""Every number and word that is drawn. How it is drawn, with Qt or matplotlib, is not here."""
