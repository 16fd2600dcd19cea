-- grant.lua: makes a lease.
--
-- Keys: see common.lua. Arguments: 3 the lease's id, which its maker chose at random; 4 its time to live in
-- microseconds.
-- Result: GRANTED. Sent twice it makes one lease, which lasts its full time from the second time on.

local problem = begin()
if problem then
  return problem
end
redis.call('ZADD', LEASES, text(now + tonumber(ARGV[4])), ARGV[3])
redis.call('HSET', TTLS, ARGV[3], ARGV[4])
return { 'GRANTED' }
