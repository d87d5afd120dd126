SELECT resource, last_token, owner FROM fencepost.fence
