-- Raises the counter to a token, but only while the owner still holds the lock: this is what makes a quorum of counters agree.
--
-- KEYS  1 lock, 2 counter, 3 view of this node
-- ARGV  1 owner, 2 token, 3 view of the attempt
-- Reply DONE | NOT_HELD | VIEW view     (and the node's view last)
--
-- A counter beyond the token means that somebody else was granted the resource here since, and that the owner holds it by a grant that came
-- late or twice: such a hold must not count.
if #ARGV == 0 then
  return {'LOADED'}
end
local view = redis.call('GET', KEYS[3]) or '0'
if tonumber(view) > tonumber(ARGV[3]) then
  return {'VIEW', view, view}
end
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return {'NOT_HELD', '', view}
end
local counter = tonumber(redis.call('GET', KEYS[2]) or '0')
if counter > tonumber(ARGV[2]) then
  return {'NOT_HELD', '', view}
end
if counter < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[2])
end
return {'DONE', '', view}
