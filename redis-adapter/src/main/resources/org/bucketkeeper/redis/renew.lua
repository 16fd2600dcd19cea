-- renew.lua: lets a lease last its full time from now on.
--
-- Keys: see common.lua. Arguments: 3 the lease's id.
-- Result: RENEWED and the time to live in microseconds; or EXPIRED if there is no such lease. Sent twice it renews twice.
-- Goes on when memory is short.

local problem = begin()
if problem then
  return problem
end
expire()
noteTime()
local ttl = redis.call('HGET', TTLS, ARGV[3])
if not ttl then
  return { 'EXPIRED' }
end
insist()
redis.call('ZADD', LEASES, text(now + tonumber(ttl)), ARGV[3])
return { 'RENEWED', ttl }
