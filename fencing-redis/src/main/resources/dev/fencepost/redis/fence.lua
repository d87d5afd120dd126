-- Admits a token of a resource, unless it is stale, and writes under it: the check and the writes are one step.
--
-- KEYS  1 the fence of the resource: a hash of last_token, owner and applied; then the key of each write
-- ARGV  1 token, 2 owner, 3 'many' or 'once', then for each write its kind, how many values it has, and these:
--         SET value | HSET field value ... | DEL
-- Reply CLAIMED | CURRENT token     the token is admitted: newer than every one before, or the newest already; under 'once' CURRENT
--                                   means that its one write was made before, and nothing is done
--       STALE last_token            a newer token was admitted, or the same number of another owner; nothing is done
--
-- Redis does not undo what a script did before it failed. So everything is read and checked first; the token is admitted before
-- anything is written under it, which also meets a full memory before that; and the one write is marked as made last.
local fence = redis.call('HMGET', KEYS[1], 'last_token', 'owner', 'applied')
local last = tonumber(fence[1] or '0')
if not last or last < 0 then
  return redis.error_reply('ERR the fence ' .. KEYS[1] .. " has no number for last_token but '" .. fence[1] .. "'")
end
local token = tonumber(ARGV[1])
if last > token or (last == token and fence[2] ~= ARGV[2]) then
  return {'STALE', fence[1]}
end
local once = ARGV[3] == 'once'
local known = last == token
if known and once and fence[3] == '1' then
  return {'CURRENT', ARGV[1]}
end
local at = 4
for i = 2, #KEYS do
  if ARGV[at] == 'HSET' then
    local kind = redis.call('TYPE', KEYS[i]).ok
    if kind ~= 'none' and kind ~= 'hash' then
      return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is no hash but a ' .. kind .. '; nothing was written')
    end
  end
  at = at + 2 + tonumber(ARGV[at + 1])
end
if not known then
  redis.call('HSET', KEYS[1], 'last_token', ARGV[1], 'owner', ARGV[2], 'applied', '0')
end
at = 4
for i = 2, #KEYS do
  local kind, count = ARGV[at], tonumber(ARGV[at + 1])
  if kind == 'SET' then
    redis.call('SET', KEYS[i], ARGV[at + 2])
  elseif kind == 'HSET' then
    for field = at + 2, at + count, 2 do
      redis.call('HSET', KEYS[i], ARGV[field], ARGV[field + 1])
    end
  else
    redis.call('DEL', KEYS[i])
  end
  at = at + 2 + count
end
if once then
  redis.call('HSET', KEYS[1], 'applied', '1')
end
return {(known and not once) and 'CURRENT' or 'CLAIMED', ARGV[1]}
