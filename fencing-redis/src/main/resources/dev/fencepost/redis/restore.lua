-- Locks a free resource again for an owner who holds it on a quorum of other nodes.
--
-- KEYS  1 lock, 2 counter, 3 view of this node
-- ARGV  1 owner, 2 token, 3 time to live in ms
-- Reply DONE | NOT_HELD     (and the node's view last; it makes no token and is right in any view)
--
-- A counter beyond the token means that the node has granted the resource to somebody else since.
if #ARGV == 0 then
  return {'LOADED'}
end
local view = redis.call('GET', KEYS[3]) or '0'
local holder = redis.call('GET', KEYS[1])
local counter = tonumber(redis.call('GET', KEYS[2]) or '0')
if (holder and holder ~= ARGV[1]) or counter > tonumber(ARGV[2]) then
  return {'NOT_HELD', '', view}
end
if counter < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[2])
end
-- Where the owner holds it, a restoration that comes late may come after an extension, whose longer life the holder counts on.
if not holder or redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
end
return {'DONE', '', view}
