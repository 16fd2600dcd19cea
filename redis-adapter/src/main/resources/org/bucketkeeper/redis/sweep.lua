-- sweep.lua: ends the leases that ran out, so that they do even if nobody asks for anything. Any number of clients may
-- do it, at any time.
--
-- Keys: see common.lua. Arguments: none of its own.
-- Result: NEXT, the microseconds until the next lease runs out if it is not renewed, or -1 if there is none, and the
-- server's replication id, which no other primary has.
-- Goes on when memory is short. As it is also what a connection begins with, it looks whether the server may take keys
-- away by itself, and whether it has.

local problem = begin()
if problem then
  return problem
end
local memory = redis.call('INFO', 'memory')
if not string.find(memory, 'maxmemory:0\r', 1, true) and string.find(memory, 'maxmemory_policy:allkeys', 1, true) then
  return refusal('maxmemory-policy must not be an allkeys policy, better noeviction: it takes keys of the store away')
end
if redis.call('HLEN', ENTRIES) ~= redis.call('ZCARD', NAMES) or redis.call('HLEN', TTLS) ~= redis.call('ZCARD', LEASES) then
  return refusal('some of the keys beside ' .. META .. ' were lost or changed; to begin anew, stop all and delete them')
end
expire()
noteTime()
local first = redis.call('ZRANGE', LEASES, 0, 0, 'WITHSCORES')
return { 'NEXT', text(first[2] and math.max(0, tonumber(first[2]) - now) or -1), history }
