SELECT value, extract(epoch FROM clock_timestamp() - computed_at) * 1000 AS age_millis FROM shared_cache WHERE key = :key
