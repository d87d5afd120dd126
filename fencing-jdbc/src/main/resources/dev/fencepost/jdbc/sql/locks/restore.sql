SELECT fencepost.lock_restore(?, ?, ?, ?)
