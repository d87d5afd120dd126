-- Locks a free resource for an owner, and takes the next value of its counter.
--
-- KEYS  1 lock, 2 counter, 3 view of this node
-- ARGV  1 owner, 2 time to live in ms, 3 view of the attempt, 4 floor that the counter must have passed
-- Reply GRANTED token | HELD ms | VIEW view | EXHAUSTED counter     (and the node's view last)
--
-- Redis does not undo what a script did before it failed. So everything is read and checked first, the counter is written before the
-- lock, and a failure in between costs a number and leaves no lock. Numbers are compared as doubles, exact below 2^53, and travel as text:
-- Lua would show large ones as 1e+15.
if #ARGV == 0 then
  return {'LOADED'}
end
local view = redis.call('GET', KEYS[3]) or '0'
if tonumber(view) > tonumber(ARGV[3]) then
  return {'VIEW', view, view}
end
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return {'HELD', string.format('%.0f', redis.call('PTTL', KEYS[1])), view}
end
local text = redis.call('GET', KEYS[2]) or '0'
local counter = tonumber(text)
if not counter or counter < 0 then
  return redis.error_reply('ERR the counter ' .. KEYS[2] .. " is not a number but '" .. text .. "'")
end
local floor = tonumber(ARGV[4])
if math.max(counter, floor) >= 9007199254740991 then
  return {'EXHAUSTED', counter < floor and ARGV[4] or text, view}
end
if counter < floor then
  redis.call('SET', KEYS[2], ARGV[4])
end
local token = redis.call('INCR', KEYS[2])
if tonumber(view) < tonumber(ARGV[3]) then
  redis.call('SET', KEYS[3], ARGV[3])
end
-- A grant that comes a second time may come after an extension, whose longer life the holder counts on.
if not holder or redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return {'GRANTED', string.format('%.0f', token), ARGV[3]}
