-- Prolongs locks whose owners still hold them, never shortens one, and lifts counters that lag behind their tokens.
--
-- KEYS  1 view of this node, then for each lock: lock, counter
-- ARGV  1 time to live in ms, then for each lock: owner, token
-- Reply for each lock DONE | NOT_HELD     (an extension makes no token and is right in any view)
--
-- A counter beyond the token means that somebody else was granted the resource here since, and that the owner holds it by a grant that came
-- late: counting it would revive a lease that a quorum has lost.
if #ARGV == 0 then
  return {'LOADED'}
end
local ttl = tonumber(ARGV[1])
local replies = {}
for i = 1, (#KEYS - 1) / 2 do
  local lock, counter = KEYS[2 * i], KEYS[2 * i + 1]
  local owner, token = ARGV[2 * i], ARGV[2 * i + 1]
  local reply = 'NOT_HELD'
  if redis.call('GET', lock) == owner then
    local reached = tonumber(redis.call('GET', counter) or '0')
    if reached <= tonumber(token) then
      if reached < tonumber(token) then
        redis.call('SET', counter, token)
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
