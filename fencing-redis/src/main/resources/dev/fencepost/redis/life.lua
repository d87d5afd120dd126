-- Stands before every script of a life of a node, after the line that says which life that is, and of which process.
--
-- KEYS  1 the marker of this node
--
-- A node whose marker is gone, waits, or is of another life takes no part. The text of these scripts is another for each life, and they are put on the process that the node
-- joined under and on no other: so one that has restarted does not even know them. The marker is the one thing that is read for all this. It begins with what changes:
--
--   R life view mark floor settled ...
--
-- mark: no token that the node has issued or learned is larger. It is moved far ahead, so that it is seldom written.
-- floor: what a counter starts from, whatever it says.
-- settled: what the node may have forgotten or given up was granted in views before this one.
if #ARGV == 0 then
  -- To be loaded is what makes a process count. Where a connection was made anew, this may be another one than was looked at: then the marker, which names that one, must not fit any more.
  local info = redis.call('INFO')
  if string.find(info, 'run_id:' .. PROCESS, 1, true) and string.find(info, 'master_replid:' .. REPLICATION, 1, true) then
    return {'LOADED'}
  end
  local found = redis.call('GET', KEYS[1]) or ''
  local head = 'R ' .. LIFE .. ' '
  if string.sub(found, 1, #head) == head then
    redis.call('SET', KEYS[1], 'R ' .. LIFE .. 'f ' .. string.sub(found, #head + 1))
  end
  return {'FORGOTTEN', ''}
end
local LAST = 9007199254740991
local marker = redis.call('GET', KEYS[1]) or ''
local view, mark, floor, rest = string.match(marker, '^R ' .. LIFE .. ' (%d+) (%d+) (%d+)()')
if not view then
  return {'FORGOTTEN', ''}
end
