"""How answers leave: styles, layers, tables."""
