-- Replaces the marker if it is exactly the one that was seen, and the process is still the one that the new marker names.
--
-- KEYS  1 marker
-- ARGV  1 the marker as it was seen, empty for none, 2 the new one, 3 the run_id of the process, 4 its replication id
-- Reply DONE | FORGOTTEN
--
-- To have no marker is the one thing that a node may come back to. So a wait begins when it is written down, and not when the node was looked at: that may be long ago. The same holds for the time from which
-- on a node takes part, which says how old its set of nodes is at least.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return {'FORGOTTEN', ''}
end
local info = redis.call('INFO')
if not (string.find(info, 'run_id:' .. ARGV[3], 1, true) and string.find(info, 'master_replid:' .. ARGV[4], 1, true)) then
  return {'FORGOTTEN', ''}
end
local text = ARGV[2]
local before, after = string.match(text, '^([RW] %x+ %d+ %d+ %d+ %d+ %d+ )%d+( .*)$')
if before then
  local time = redis.call('TIME')
  text = before .. string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)) .. after
end
redis.call('SET', KEYS[1], text)
return {'DONE', ''}
