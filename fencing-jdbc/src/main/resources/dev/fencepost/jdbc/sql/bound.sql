-- Goes before the claim, in the same round trip.
SELECT fencepost.bound_transaction(?)
