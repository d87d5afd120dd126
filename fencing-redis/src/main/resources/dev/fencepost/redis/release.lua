-- Frees the lock of an owner who still holds it, and lifts a counter that lags behind the token, whoever holds the lock by now.
--
-- KEYS  1 lock, 2 counter, 3 view of this node
-- ARGV  1 owner, 2 token, 0 for none, 3 the channel to announce it on, empty for none
-- Reply RELEASED watchers | NOT_HELD     (and the node's view last; a release makes no token and is right in any view)
if #ARGV == 0 then
  return {'LOADED'}
end
local view = redis.call('GET', KEYS[3]) or '0'
local held = redis.call('GET', KEYS[1]) == ARGV[1]
if held then
  redis.call('DEL', KEYS[1])
end
if tonumber(redis.call('GET', KEYS[2]) or '0') < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[2])
end
if not held then
  return {'NOT_HELD', '', view}
end
local watchers = 0
if ARGV[3] ~= '' then
  watchers = redis.call('PUBLISH', ARGV[3], ARGV[2])
end
return {'RELEASED', string.format('%.0f', watchers), view}
