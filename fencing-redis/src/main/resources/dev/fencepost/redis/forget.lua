-- Lets counters that stay unused for a time go away by themselves. Looks at a bounded number of keys, from where the last call ended.
--
-- KEYS  1 marker
-- ARGV  1 what the keys of locks begin with, 2 what those of counters begin with, 3 cursor, 0 to begin, 4 how many keys to look at,
--       5 how long a counter must stay unused, in ms, 6 the run_id of the process
-- Reply SWEPT cursor counters marked, the cursor 0 at the end | FORGOTTEN
--
-- First the floor is raised to all of these counters, so that from then on it does not matter whether they are there; only then are they given a time to live. Whatever writes a counter takes the time to live away from
-- it, so what goes away is a counter that nobody was granted anything by since.
local marker = redis.call('GET', KEYS[1]) or ''
local head, view, mark, floor, settled, rest = string.match(marker, '^(R %x+) (%d+) (%d+) (%d+) (%d+)()')
if not head or not string.find(redis.call('INFO', 'server'), 'run_id:' .. ARGV[6], 1, true) then
  return {'FORGOTTEN'}
end
-- All other resources follow the floor. A counter that is half-way to the end, or that no token explains, is not worth that.
local MOST = math.min(tonumber(mark), 4503599627370496)
local page = redis.call('SCAN', ARGV[3], 'MATCH', ARGV[2] .. '*', 'COUNT', ARGV[4])
local unused, largest = {}, tonumber(floor)
for _, counter in ipairs(page[2]) do
  local lock = ARGV[1] .. string.sub(counter, #ARGV[2] + 1)
  if redis.call('PTTL', counter) == -1 and redis.call('PTTL', lock) == -2 then
    local text = redis.pcall('GET', counter)
    local value = type(text) == 'string' and string.match(text, '^%d+$') and tonumber(text)
    if value and value <= MOST then
      unused[#unused + 1] = counter
      largest = math.max(largest, value)
    end
  end
end
if #unused > 0 then
  -- Of what is given up, the floor alone tells from now on, until nothing of this view can be on its way any more.
  settled = math.max(tonumber(settled), tonumber(view) + 1)
  redis.call('SET', KEYS[1], string.format('%s %s %s %.0f %.0f', head, view, mark, largest, settled) .. string.sub(marker, rest))
end
for _, counter in ipairs(unused) do
  redis.call('PEXPIRE', counter, ARGV[5])
end
return {'SWEPT', page[1], tostring(#page[2]), tostring(#unused)}
