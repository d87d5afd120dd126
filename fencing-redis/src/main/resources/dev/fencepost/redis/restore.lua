-- Locks a free resource again for an owner who holds it on a quorum of other nodes.
--
-- KEYS  1 marker, 2 lock, 3 counter
-- ARGV  1 owner, 2 token, 3 time to live in ms, 4 view of the extension in which the quorum held it
-- Reply DONE | NOT_HELD | FORGOTTEN     (it makes no token and is done in any view)
--
-- A counter beyond the token means that the node has granted the resource to somebody else since. It may have done so and not know it any more. Then that was in a view before
-- 'settled', and either is not beyond the floor, or is not completed: the quorum that held the lock in 'settled' or a later view had not confirmed it, and has refused that older view since.
local holder = redis.call('GET', KEYS[2])
local counter = tonumber(redis.call('GET', KEYS[3]) or '0')
local to, token = ARGV[4], tonumber(ARGV[2])
local settled = tonumber(string.match(marker, '^ (%d+)', rest))
local known = tonumber(ARGV[4]) >= settled and counter or math.max(counter, tonumber(floor))
if (holder and holder ~= ARGV[1]) or known > token then
  return {'NOT_HELD', ''}
end
-- #move
if counter < token then
  redis.call('SET', KEYS[3], ARGV[2])
end
-- Where the owner holds it, a restoration that comes late may come after an extension, whose longer life the holder counts on.
if not holder or redis.call('PTTL', KEYS[2]) < tonumber(ARGV[3]) then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[3])
end
return {'DONE', ''}
