SELECT fencepost.lock_release(?, ?, ?, ?)
