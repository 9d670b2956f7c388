"""A package of the function itself."""
