-- Prolongs locks whose owners still hold them, never shortens one, and lifts counters that lag behind their tokens.
--
-- KEYS  1 marker, then for each lock: lock, counter
-- ARGV  1 time to live in ms, 2 view that the extension was begun in, then for each lock: owner, token
-- Reply FORGOTTEN, or for each lock DONE | NOT_HELD     (an extension makes no token and is done in any view)
--
-- A counter beyond the token means that somebody else was granted the resource here since, and that the owner holds it by a grant that came
-- late: counting it would revive a lease that a quorum has lost. An owner's name ends with the memory of the node, so that a lock from before the node forgot does not count.
local ttl = tonumber(ARGV[1])
local replies = {}
local to, token = ARGV[2], 0
for i = 1, (#KEYS - 1) / 2 do
  token = math.max(token, tonumber(ARGV[2 * i + 2]))
end
-- #move
for i = 1, (#KEYS - 1) / 2 do
  local lock, counter = KEYS[2 * i], KEYS[2 * i + 1]
  local owner, own = ARGV[2 * i + 1], ARGV[2 * i + 2]
  local reply = 'NOT_HELD'
  if redis.call('GET', lock) == owner then
    local reached = tonumber(redis.call('GET', counter) or '0')
    if reached <= tonumber(own) then
      if reached < tonumber(own) then
        redis.call('SET', counter, own)
      end
      if redis.call('PTTL', lock) < ttl then
        redis.call('PEXPIRE', lock, ARGV[1])
      end
      reply = 'DONE'
    end
  end
  replies[i] = reply
end
return replies
