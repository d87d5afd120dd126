SELECT u.held FROM unnest(fencepost.lock_extend(?, ?, ?, ?)) WITH ORDINALITY AS u (held, place) ORDER BY u.place
