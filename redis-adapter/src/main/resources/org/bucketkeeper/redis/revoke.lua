-- revoke.lua: ends a lease and deletes its keys in one revision.
--
-- Keys: see common.lua. Arguments: 3 the lease's id.
-- Result: REVOKED, also if there was no such lease; so it may be sent twice. Goes on when memory is short.

local problem = begin()
if problem then
  return problem
end
endLease(ARGV[3])
return { 'REVOKED' }
