"""How much is read, and where: Apache Beam and the command line."""
