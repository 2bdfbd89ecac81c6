"""The functions that the engine answers, made from their signatures."""

from phantom import _calls

_calls.define(globals())
