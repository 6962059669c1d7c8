"""pioneer assesses bids against the criteria of a funding call and holds them to the call's page limit."""

__version__ = "0.1.0"
