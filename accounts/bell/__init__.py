"""The bell: what is new for a person who is signed in.

A package that knows an event rings (`actions.ring`) inside its own transaction, and says in
`registry` how the notice reads and what it is about. The words are made when it is read.
"""
