"""The Python side of a worker: zygote, sandbox, protocol, turns. Standard library only."""
