-- Frees the lock of an owner who still holds it, and lifts a counter that lags behind the token, whoever holds the lock by now.
--
-- KEYS  1 marker, 2 lock, 3 counter
-- ARGV  1 owner, 2 token, 0 for none, 3 the channel to announce it on, empty for none
-- Reply RELEASED watchers | NOT_HELD | FORGOTTEN     (a release makes no token and is done in any view)
local to, token = view, tonumber(ARGV[2])
local held = redis.call('GET', KEYS[2]) == ARGV[1]
if held then
  redis.call('DEL', KEYS[2])
end
if tonumber(redis.call('GET', KEYS[3]) or '0') < token then
  -- #move
  redis.call('SET', KEYS[3], ARGV[2])
end
if not held then
  return {'NOT_HELD', ''}
end
local watchers = 0
if ARGV[3] ~= '' then
  watchers = redis.call('PUBLISH', ARGV[3], ARGV[2])
end
return {'RELEASED', string.format('%.0f', watchers)}
