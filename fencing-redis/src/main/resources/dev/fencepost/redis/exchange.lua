-- Replaces the marker if it is exactly the one that was seen, and the process is still the one that the new marker names.
--
-- KEYS  1 marker
-- ARGV  1 the marker as it was seen, empty for none, 2 the new one, 3 the process
-- Reply DONE | FORGOTTEN
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return {'FORGOTTEN', ''}
end
if not string.find(redis.call('INFO', 'server'), 'run_id:' .. ARGV[3], 1, true) then
  return {'FORGOTTEN', ''}
end
redis.call('SET', KEYS[1], ARGV[2])
return {'DONE', ''}
