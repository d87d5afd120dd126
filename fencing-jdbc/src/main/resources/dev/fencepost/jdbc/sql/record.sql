-- Goes before the commit, in the same round trip.
SELECT fencepost.record_result(?, ?)
