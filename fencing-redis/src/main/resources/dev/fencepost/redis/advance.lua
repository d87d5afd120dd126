-- Moves the node to a new view, so that no attempt of an older one is granted anything any more, and tells how far it has come. In any case takes note of the longest lease that clients ask for.
--
-- KEYS  1 marker
-- ARGV  1 view, 2 longest lease in ms
-- Reply ADVANCED marker | VIEW view | FORGOTTEN
local before, longest, after = string.match(marker, '^( %d+ )(%d+)()', rest)
local newer = tonumber(view) >= tonumber(ARGV[1])
if newer and tonumber(longest) >= tonumber(ARGV[2]) then
  return {'VIEW', view}
end
local keeps = tonumber(longest) < tonumber(ARGV[2]) and ARGV[2] or longest
local moved = newer and view or ARGV[1]
local text = 'R ' .. LIFE .. ' ' .. moved .. ' ' .. mark .. ' ' .. floor .. before .. keeps .. string.sub(marker, after)
redis.call('SET', KEYS[1], text)
if newer then
  return {'VIEW', view}
end
return {'ADVANCED', text}
