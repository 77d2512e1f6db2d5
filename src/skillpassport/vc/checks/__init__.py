"""The checks of a verification, one module for each question that is asked of a credential."""
