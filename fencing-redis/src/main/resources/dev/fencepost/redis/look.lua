-- What the node says of itself, its clock, and what the server says.
--
-- KEYS  1 marker
-- Reply marker, empty for none; seconds; microseconds; INFO
local time = redis.call('TIME')
return {redis.call('GET', KEYS[1]) or '', time[1], time[2], redis.call('INFO')}
