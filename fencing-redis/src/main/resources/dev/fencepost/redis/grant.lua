-- Locks a free resource for an owner, and takes the next values of its counter: as many as are asked for, of which the answer names the last.
--
-- KEYS  1 marker, 2 lock, 3 counter
-- ARGV  1 owner, 2 time to live in ms, 3 view of the attempt, 4 floor that the counter must have passed, 5 how many values
-- Reply GRANTED token | HELD ms | VIEW view | EXHAUSTED counter | FORGOTTEN
--
-- Redis does not undo what a script did before it failed. So everything is read and checked first, the counter is written before the
-- lock, and a failure in between costs a number and leaves no lock. Numbers are compared as doubles, exact below 2^53, and travel as text:
-- Lua would show large ones as 1e+15.
if tonumber(view) > tonumber(ARGV[3]) then
  return {'VIEW', view}
end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then
  return {'HELD', string.format('%.0f', redis.call('PTTL', KEYS[2]))}
end
local text = redis.call('GET', KEYS[3]) or '0'
local counter = tonumber(text)
if not counter or counter < 0 then
  return redis.error_reply('ERR the counter ' .. KEYS[3] .. " is not a number but '" .. text .. "'")
end
local reached = math.max(counter, tonumber(floor), tonumber(ARGV[4]))
local last = reached + tonumber(ARGV[5])
if last > LAST then
  return {'EXHAUSTED', counter == reached and text or string.format('%.0f', reached)}
end
local to, token = ARGV[3], last
-- #move
local granted = string.format('%.0f', token)
redis.call('SET', KEYS[3], granted)
-- A grant that comes a second time may come after an extension, whose longer life the holder counts on.
if not holder or redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
return {'GRANTED', granted}
