"""The state graph: states of cargo and the edges between them."""
