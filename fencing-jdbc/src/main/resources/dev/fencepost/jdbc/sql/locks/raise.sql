SELECT reply, value FROM fencepost.lock_raise(?, ?, ?, ?)
