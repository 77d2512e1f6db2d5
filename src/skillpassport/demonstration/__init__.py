"""Made-up organisations and awards that show the product at work, always labelled as such."""
