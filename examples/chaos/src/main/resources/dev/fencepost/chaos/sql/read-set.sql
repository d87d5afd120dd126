SELECT elements FROM register WHERE resource = :resource
