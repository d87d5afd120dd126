SELECT reply, value FROM fencepost.lock_grant(?, ?, ?, ?, ?, ?)
