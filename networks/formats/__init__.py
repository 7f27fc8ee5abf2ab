"""Files of other tools: TNTP and GMNS networks, and the plain record of a traffic assignment problem."""
