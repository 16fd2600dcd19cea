-- time_to_live.lua: tells how much longer a lease lasts.
--
-- Keys: see common.lua. Arguments: 3 the lease's id.
-- Result: LEFT and the microseconds, 0 if there is no such lease or it ran out.
-- Changes nothing but what common.lua may have to.

local problem = begin()
if problem then
  return problem
end
local deadline = redis.call('ZSCORE', LEASES, ARGV[3])
return { 'LEFT', text(deadline and math.max(0, tonumber(deadline) - now) or 0) }
