SELECT fencepost.lock_join(?, ?)
