"""The page of the answers on which somebody must decide."""
