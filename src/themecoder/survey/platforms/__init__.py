"""What survey tools put into a table beyond cells, a tool a module."""
