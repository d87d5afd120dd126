-- Prolongs the lock of an owner who still holds it, never shortens it, and lifts a counter that lags behind the token.
--
-- KEYS  1 lock, 2 counter, 3 view of this node
-- ARGV  1 owner, 2 time to live in ms, 3 token
-- Reply DONE | NOT_HELD     (and the node's view last; an extension makes no token and is right in any view)
if #ARGV == 0 then
  return {'LOADED'}
end
local view = redis.call('GET', KEYS[3]) or '0'
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return {'NOT_HELD', '', view}
end
if tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(ARGV[3]) then
  redis.call('SET', KEYS[2], ARGV[3])
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return {'DONE', '', view}
