-- Frees the lock of an owner without announcing it, and locks the resource for the next one: what release and grant do one after the other, in one step.
--
-- KEYS  1 marker, 2 lock, 3 counter
-- ARGV  1 to 5 as of a grant, 6 owner that leaves, 7 its token
-- Reply as of a grant; the release is done whatever that is, unless it is FORGOTTEN
do
  local to, token = view, tonumber(ARGV[7])
  if redis.call('GET', KEYS[2]) == ARGV[6] then
    redis.call('DEL', KEYS[2])
  end
  if tonumber(redis.call('GET', KEYS[3]) or '0') < token then
    -- #move
    redis.call('SET', KEYS[3], ARGV[7])
  end
end
-- #grant
