SELECT last_token FROM fencepost.fence WHERE resource = :resource
