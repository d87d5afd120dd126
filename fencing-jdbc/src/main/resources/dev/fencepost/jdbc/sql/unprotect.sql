SELECT fencepost.unprotect(CAST(format('%I.%I', CAST(? AS text), CAST(? AS text)) AS regclass))
