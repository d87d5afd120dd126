-- What an observer sees of a node in one moment: the run_id of its process, its marker (empty for none), then for each counter its resource, its
-- value, the owner of the lock (empty for nobody), and for how many milliseconds that is still to live.
local seen = {
  string.match(redis.call('INFO', 'server'), 'run_id:(%w+)'),
  redis.call('GET', 'fencepost:node') or ''
}
for _, key in ipairs(redis.call('KEYS', 'fencepost:token:*')) do
  local resource = string.sub(key, 17)
  local lock = 'fencepost:lock:' .. resource
  table.insert(seen, resource)
  table.insert(seen, redis.call('GET', key))
  -- Behind the owner stands what the node itself wants to know of the lock.
  table.insert(seen, string.match(redis.call('GET', lock) or '', '^[^@]*'))
  table.insert(seen, string.format('%.0f', redis.call('PTTL', lock)))
end
return seen
