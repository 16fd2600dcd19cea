-- sweep.lua: ends the leases that ran out, so that they do even if nobody asks for anything. Any number of clients may
-- do it, at any time.
--
-- Keys: see common.lua. Arguments: none of its own.
-- Result: NEXT, the microseconds until the next lease runs out if it is not renewed, or -1 if there is none, and the
-- server's replication id, which no other primary has.
-- Goes on when memory is short.

local problem = begin()
if problem then
  return problem
end
expire()
noteTime()
local first = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')
return { 'NEXT', text(first[2] and math.max(0, tonumber(first[2]) - now) or -1), history }
