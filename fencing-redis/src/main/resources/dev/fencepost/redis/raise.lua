-- Raises the counter to a token, but only while the owner still holds the lock: this is what makes a quorum of counters agree.
--
-- KEYS  1 marker, 2 lock, 3 counter
-- ARGV  1 owner, 2 token, 3 view of the attempt
-- Reply DONE | NOT_HELD | VIEW view | FORGOTTEN
--
-- A counter beyond the token means that somebody else was granted the resource here since, and that the owner holds it by a grant that came
-- late or twice: such a hold must not count.
if tonumber(view) > tonumber(ARGV[3]) then
  return {'VIEW', view}
end
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return {'NOT_HELD', ''}
end
local to, token = ARGV[3], tonumber(ARGV[2])
local counter = tonumber(redis.call('GET', KEYS[3]) or '0')
if counter > token then
  return {'NOT_HELD', ''}
end
-- #move
if counter < token then
  redis.call('SET', KEYS[3], ARGV[2])
end
return {'DONE', ''}
