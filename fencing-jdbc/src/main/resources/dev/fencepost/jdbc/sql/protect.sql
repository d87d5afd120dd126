SELECT fencepost.protect(CAST(format('%I.%I', CAST(? AS text), CAST(? AS text)) AS regclass), ?, ?, ?)
