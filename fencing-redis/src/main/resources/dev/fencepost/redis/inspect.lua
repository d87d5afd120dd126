-- What the node has of one resource. Changes nothing. The owner's name does not leave the node: a digest is enough to tell owners apart.
--
-- KEYS  1 lock, 2 counter
-- Reply digest of the owner, empty for no lock; what the owner's name ends with; time to live in ms, -1 for none; counter, empty for none
local holder = redis.call('GET', KEYS[1])
local counter = redis.call('GET', KEYS[2]) or ''
if not holder then
  return {'', '', '-2', counter}
end
local owner, memory = string.match(holder, '^([^@]*)(.*)$')
return {redis.sha1hex(owner), memory, string.format('%.0f', redis.call('PTTL', KEYS[1])), counter}
