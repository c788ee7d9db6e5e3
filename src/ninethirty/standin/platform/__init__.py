"""A publishing platform that fails as real ones do, and writes down what it really served."""
